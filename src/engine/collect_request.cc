#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "footfall/base/words.h"
#include "footfall/engine/collect.h"
#include "footfall/engine/mapping_json.h"
#include "footfall/engine/request.h"
#include "footfall/events/time_text.h"

namespace footfall::engine {
namespace {

const std::vector<std::string>& purposes() {
  static const std::vector<std::string> names = {
      "ad_storage",        "ad_user_data",          "ad_personalization",
      "analytics_storage", "functionality_storage", "personalization_storage",
      "security_storage"};
  return names;
}

base::Status check_consent(const std::string& consent) {
  constexpr std::string_view kGranted = "granted:";
  if (consent.empty() || consent == "denied") return base::Ok{};
  if (!consent.starts_with(kGranted) || consent.size() == kGranted.size()) {
    return base::invalid(fmt::format("consent: expected denied or granted:PURPOSE,...: {}",
                                     base::printable(consent)),
                         "consent");
  }
  std::string_view rest = std::string_view(consent).substr(kGranted.size());
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string purpose(rest.substr(0, comma));
    if (std::find(purposes().begin(), purposes().end(), purpose) == purposes().end()) {
      base::Error error =
          base::invalid(fmt::format("consent: expected purposes among {}: {}",
                                    fmt::join(purposes(), ", "), base::printable(purpose)),
                        "consent");
      error.hint = base::nearest_words_hint(purpose, purposes());
      return error;
    }
    if (comma == rest.size()) return base::Ok{};
    rest.remove_prefix(comma + 1);
  }
}

base::Result<base::TimeMs> read_moment(const std::string& text, const base::Zone& zone) {
  const events::TimeReader reader(events::TimeUnit::kText, events::DateOrder::kYmd, zone);
  const events::TimeRead read = reader.text(text);
  if (read.outcome != events::TimeOutcome::kRead) {
    return base::invalid(
        fmt::format("complete_to: expected {}: {}", reader.expected(), base::printable(text)),
        "complete_to");
  }
  return read.time;
}

base::Status check_combination(const CollectRequest& request) {
  const int ways =
      (request.files.empty() ? 0 : 1) + (request.undo ? 1 : 0) + (request.quarantine ? 1 : 0);
  if (ways == 1) {
    const bool alone = request.quarantine && !request.mapping && !request.as;
    if (!request.drop || alone) return base::Ok{};
    return base::invalid("drop: expected the quarantine, with no mapping to try it by", "drop");
  }
  return base::invalid(
      fmt::format("expected either files, an import to undo, or the quarantine: {}",
                  ways == 0 ? "none was given" : "more than one was given"),
      "files");
}

}  // namespace

base::Result<CollectRequest> read_collect_request(const Json& document, const base::Zone& zone) {
  FOOTFALL_TRY(Request request, Request::create(document));
  CollectRequest result;
  FOOTFALL_TRY(result.files, request.list("files"));
  if (request.has("as")) {
    FOOTFALL_TRY(
        const std::string as,
        request.choice("as", {"events", "orders", "items", "users", "stock", "reviews"}, "events"));
    result.as = events::file_kind_of(as);
  }
  if (const Json map = request.member("map"); !map.is_null()) {
    FOOTFALL_TRY(result.mapping, mapping_from_json(map));
    if (result.as) result.mapping->kind_open = false;
  }
  FOOTFALL_TRY(result.dry_run, request.boolean("dry_run", false));
  FOOTFALL_TRY(result.consent, request.text("consent", ""));
  FOOTFALL_RETURN_IF_ERROR(check_consent(result.consent));
  FOOTFALL_TRY(const std::string complete_to, request.text("complete_to", ""));
  if (!complete_to.empty()) {
    FOOTFALL_TRY(result.complete_to, read_moment(complete_to, zone));
  }
  FOOTFALL_TRY(result.known_at, request.text("known_at", ""));
  if (request.has("undo")) {
    FOOTFALL_TRY(const std::int64_t undo,
                 request.integer("undo", 0, 1, std::numeric_limits<std::int32_t>::max()));
    result.undo = static_cast<store::BatchNumber>(undo);
  }
  FOOTFALL_TRY(result.quarantine, request.boolean("quarantine", false));
  FOOTFALL_TRY(result.drop, request.boolean("drop", false));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  FOOTFALL_RETURN_IF_ERROR(check_combination(result));
  return result;
}

}  // namespace footfall::engine
