// Parts that the questions on behaviour share: events by name, ranges, rules in words, folding.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "footfall/analytics/event_set.h"
#include "footfall/analytics/session_cut.h"
#include "footfall/base/parallel.h"
#include "footfall/base/result.h"
#include "footfall/engine/question.h"

namespace footfall::engine {

/// A set of events that a person wrote.
struct NamedEvents {
  std::vector<std::string> names;
  analytics::EventSet set;

  /// "view_item" or "view_item or page_view".
  std::string words() const;
};

/// Looks the names up; an unknown one is kNotFound for `field`, with near names.
base::Result<NamedEvents> find_events(const store::Snapshot& snapshot,
                                      std::vector<std::string> names, const std::string& field);

/// The request's list `field` looked up; empty when the field is absent.
base::Result<NamedEvents> read_events(const QuestionContext& context, Request& request,
                                      const std::string& field);

/// Names of all event codes, for kernels that order by name; "" for codes that do not occur.
std::vector<std::string> names_by_code(const store::Snapshot& snapshot);

/// The request's range; without `to` it ends after H, the snapshot's complete_to.
base::Result<Request::Range> read_range(const QuestionContext& context, Request& request);

/// "2011-01-01 00:00 up to, not including, 2011-02-01 00:00 (Europe/London)", or "all history up
/// to ...".
std::string range_words(const QuestionContext& context, const Request::Range& range);

/// Keys `gap` and `bound`.
base::Result<analytics::SessionRule> read_session_rule(Request& request);
/// Why there is no session, where so many server events stand outside of one.
std::string no_session_words(std::uint64_t no_session);
std::string session_rule_words(const analytics::SessionRule& rule);
const std::vector<QuestionKey>& session_rule_keys();

/// count / of, or null when `of` is 0.
Json share_cell(std::uint64_t count, std::uint64_t of);

/// Folds a kernel over all people on the context's threads. `Kernel` has fold(partial, block,
/// begin, end) and merge(partial, partial). kInterrupted when the watcher asks to stop.
template <typename Partial, typename Kernel>
base::Result<Partial> fold_people(const QuestionContext& context, const store::Columns& columns,
                                  const Kernel& kernel) {
  constexpr std::size_t kUsersAtOnce = 8192;
  FOOTFALL_TRY(const std::vector<store::Block> blocks,
               context.snapshot.blocks(store::Population::kPeople, columns));
  std::vector<Partial> partials(std::max<std::size_t>(1, context.threads));
  for (const store::Block& block : blocks) {
    base::parallel_for(partials.size(), block.user_count(), kUsersAtOnce,
                       [&](std::size_t worker, std::size_t begin, std::size_t end) {
                         if (context.progress.stop_requested()) return;
                         kernel.fold(partials[worker], block, begin, end);
                       });
  }
  if (context.progress.stop_requested()) {
    return base::Error{
        base::ErrorCode::kInterrupted, "stopped before the answer was ready", {}, ""};
  }
  for (std::size_t i = 1; i < partials.size(); ++i) kernel.merge(partials[0], partials[i]);
  return std::move(partials[0]);
}

}  // namespace footfall::engine
