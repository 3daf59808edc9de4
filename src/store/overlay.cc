#include "footfall/store/overlay.h"

#include <algorithm>
#include <utility>

#include "footfall/store/event_columns.h"
#include "footfall/store/timeline_merge.h"
#include "footfall/store/timeline_source.h"

namespace footfall::store {
namespace {

// Users whose timelines are made anew: those of any table, and those of more than one segment.
std::vector<UserNumber> merged_users(const std::vector<UserIndex>& segments,
                                     std::span<const std::shared_ptr<const EventTable>> tables,
                                     std::span<const UserNumber> replaced) {
  std::vector<UserNumber> merged(replaced.begin(), replaced.end());
  for (const auto& table : tables) {
    for (std::size_t i = 0; i < table->size(); ++i) {
      if (i == 0 || table->users[i] != table->users[i - 1]) merged.push_back(table->users[i]);
    }
  }
  // Each user of all segments but the largest is looked up in the ones before it.
  std::vector<UserIndex> by_size(segments);
  std::sort(by_size.begin(), by_size.end(),
            [](const UserIndex& a, const UserIndex& b) { return a.users.size() > b.users.size(); });
  for (std::size_t i = 1; i < by_size.size(); ++i) {
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      const auto larger = by_size[earlier].users;
      auto at = larger.begin();
      for (const UserNumber user : by_size[i].users) {
        at = std::lower_bound(at, larger.end(), user);
        if (at == larger.end()) break;
        if (*at == user) merged.push_back(user);
      }
    }
  }
  std::sort(merged.begin(), merged.end());
  merged.erase(std::unique(merged.begin(), merged.end()), merged.end());
  return merged;
}

// A source's users that are merged (as runs of neighbours), and the runs between them.
struct Runs {
  std::vector<UserRange> merged;
  std::vector<UserRange> kept;
};

Runs runs_of(const UserIndex& index, const std::vector<UserNumber>& merged) {
  Runs runs;
  std::size_t kept_from = 0;
  auto at = index.users.begin();
  for (const UserNumber user : merged) {
    at = std::lower_bound(at, index.users.end(), user);
    if (at == index.users.end()) break;
    if (*at != user) continue;
    const auto place = static_cast<std::size_t>(at - index.users.begin());
    if (kept_from < place) runs.kept.push_back({kept_from, place});
    if (!runs.merged.empty() && runs.merged.back().to == place) {
      ++runs.merged.back().to;
    } else {
      runs.merged.push_back({place, place + 1});
    }
    kept_from = place + 1;
  }
  if (kept_from < index.users.size()) runs.kept.push_back({kept_from, index.users.size()});
  return runs;
}

// The timelines of a run of users, but for those that are replaced.
base::Status append_users(const Segment& segment, UserRange run,
                          std::span<const UserNumber> replaced, EventTable& table) {
  if (replaced.empty()) return segment.append_to(table, run.from, run.to);
  FOOTFALL_TRY(const UserIndex index, segment.user_index());
  for (std::size_t user = run.from; user < run.to; ++user) {
    if (std::binary_search(replaced.begin(), replaced.end(), index.users[user])) continue;
    FOOTFALL_RETURN_IF_ERROR(segment.append_to(table, user, user + 1));
  }
  return base::Ok{};
}

// The names under which single columns are kept, each with what a segment is asked for.
std::vector<std::pair<std::string, Columns>> single_columns(const Columns& columns) {
  std::vector<std::pair<std::string, Columns>> result;
  if (columns.orders) result.push_back({"orders", {.orders = true}});
  if (columns.flags) result.push_back({"flags", {.flags = true}});
  if (columns.batches) result.push_back({"batches", {.batches = true}});
  if (columns.known_delays) result.push_back({"known delays", {.known_delays = true}});
  if (columns.lines) result.push_back({"lines", {.lines = true}});
  for (const std::string& name : columns.properties) {
    result.push_back({"property " + name, {.properties = {name}}});
  }
  for (const std::string& name : columns.line_properties) {
    result.push_back({"line property " + name, {.line_properties = {name}}});
  }
  return result;
}

void add_column(Block& block, const Block& other, const Columns& single) {
  if (single.orders) block.orders = other.orders;
  if (single.flags) block.flags = other.flags;
  if (single.batches) block.batches = other.batches;
  if (single.known_delays) block.known_delays = other.known_delays;
  if (single.lines) block.lines = other.lines;
  const auto append = [](std::vector<PropertyView>& to, const std::vector<PropertyView>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(block.properties, other.properties);
  append(block.line_properties, other.line_properties);
}

}  // namespace

base::Result<std::shared_ptr<const Overlay>> Overlay::create(
    std::vector<std::shared_ptr<const Segment>> segments,
    std::vector<std::shared_ptr<const EventTable>> tables, std::size_t threads,
    std::span<const UserNumber> replaced) {
  std::erase_if(tables, [](const auto& table) { return table->size() == 0; });
  std::erase_if(segments, [](const auto& segment) { return segment->event_count() == 0; });
  const std::shared_ptr<Overlay> overlay(new Overlay());
  overlay->threads_ = std::max<std::size_t>(1, threads);
  std::vector<UserIndex> indexes;
  for (const auto& segment : segments) {
    FOOTFALL_TRY(const UserIndex index, segment->user_index());
    indexes.push_back(index);
  }
  const std::vector<UserNumber> merged = merged_users(indexes, tables, replaced);
  auto in_memory = std::make_shared<EventTable>();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const UserIndex& index = indexes[i];
    const Runs runs = runs_of(index, merged);
    for (const UserRange& run : runs.merged) {
      FOOTFALL_RETURN_IF_ERROR(append_users(*segments[i], run, replaced, *in_memory));
    }
    Kept kept{segments[i], runs.merged.empty(), {}, {}};
    for (const UserRange& run : runs.kept) {
      const std::uint64_t events = index.offsets[run.to] - index.offsets[run.from];
      (events >= kViewEventsMin ? kept.views : kept.copied).push_back(run);
      overlay->event_count_ += events;
      overlay->user_count_ += run.to - run.from;
    }
    if (!runs.kept.empty()) overlay->kept_.push_back(std::move(kept));
  }
  std::shared_ptr<const EventTable> made = in_memory;
  if (in_memory->size() == 0 && tables.size() == 1) {
    made = tables[0];
  } else {
    for (const auto& table : tables) append_events(*in_memory, *table, 0, table->size());
    settle(*in_memory, overlay->threads_);
  }
  if (made->size() > 0) overlay->in_memory_.push_back(make_block(made));
  for (const OwnedBlock& block : overlay->in_memory_) {
    overlay->event_count_ += block.block.event_count();
    overlay->user_count_ += block.block.user_count();
  }
  return std::shared_ptr<const Overlay>(overlay);
}

base::Result<const Overlay::Made*> Overlay::made(const std::string& name,
                                                 const Columns& columns) const {
  const auto known = made_.find(name);
  if (known != made_.end()) return &known->second;
  const BlockParts parts = name.empty() ? BlockParts::kCore : BlockParts::kOthers;
  Made made;
  for (const Kept& kept : kept_) {
    FOOTFALL_TRY(const Block block, kept.segment->block(columns));
    if (kept.whole) {
      made.push_back({block, nullptr});
      continue;
    }
    for (const UserRange& range : kept.views) made.push_back(slice_block(block, range, parts));
    if (kept.copied.empty()) continue;
    made.push_back(gather_block(block, kept.copied, threads_, parts));
  }
  return &made_.emplace(name, std::move(made)).first->second;
}

base::Result<std::vector<Block>> Overlay::blocks(const Columns& columns) const {
  const std::lock_guard lock(mutex_);
  FOOTFALL_TRY(const Made* const core, made("", {}));
  std::vector<Block> blocks;
  for (const OwnedBlock& block : *core) blocks.push_back(block.block);
  for (const auto& [name, single] : single_columns(columns)) {
    // A property that no segment has is not worth remembering.
    const auto has = [&single = single](const Kept& kept) {
      const std::vector<std::string> names = kept.segment->property_names();
      return single.properties.empty() ||
             std::find(names.begin(), names.end(), single.properties[0]) != names.end();
    };
    if (std::none_of(kept_.begin(), kept_.end(), has)) continue;
    FOOTFALL_TRY(const Made* const others, made(name, single));
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      add_column(blocks[i], (*others)[i].block, single);
    }
  }
  for (const OwnedBlock& block : in_memory_) blocks.push_back(block.block);
  return blocks;
}

}  // namespace footfall::store
