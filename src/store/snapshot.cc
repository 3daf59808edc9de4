#include "footfall/store/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>

#include "footfall/base/words.h"
#include "footfall/store/buyer_refunds.h"
#include "footfall/store/snapshot_data.h"

namespace footfall::store {

std::vector<std::shared_ptr<const TimelineSource>> PopulationSources::all() const {
  std::vector<std::shared_ptr<const TimelineSource>> all(segments.begin(), segments.end());
  if (tail) all.push_back(table_source(tail));
  return all;
}

std::shared_ptr<SnapshotData> SnapshotData::without_events() const {
  auto made = std::make_shared<SnapshotData>();
  made->id = id;
  made->own_names = own_names;
  made->items = items;
  made->orders = orders;
  made->texts = texts;
  made->threads = threads;
  return made;
}

base::Result<std::shared_ptr<const Overlay>> SnapshotData::overlay(Population population) const {
  const std::lock_guard lock(mutex_);
  const auto index = static_cast<std::size_t>(population);
  if (!overlays_[index]) {
    std::vector<std::shared_ptr<const EventTable>> tables;
    if (sources[index].tail) tables.push_back(sources[index].tail);
    FOOTFALL_TRY(overlays_[index],
                 Overlay::create(sources[index].segments, tables, threads, replaced[index]));
  }
  return overlays_[index];
}

base::Result<std::shared_ptr<const SnapshotData>> SnapshotData::at_buyers(
    const Snapshot& snapshot, std::string_view shop_currency) const {
  const std::lock_guard lock(buyers_mutex_);
  if (!at_buyers_) {
    FOOTFALL_TRY(at_buyers_, store::with_refunds_at_buyers(snapshot, *this, shop_currency));
  }
  return *at_buyers_;
}

Snapshot::Snapshot(std::shared_ptr<const SnapshotData> data) : data_(std::move(data)) {}

const SnapshotId& Snapshot::id() const {
  return data_->id;
}

std::uint64_t Snapshot::event_count(Population population) const {
  const auto overlay = data_->overlay(population);
  return overlay.ok() ? (*overlay)->event_count() : 0;
}

std::uint64_t Snapshot::user_count(Population population) const {
  const auto overlay = data_->overlay(population);
  return overlay.ok() ? (*overlay)->user_count() : 0;
}

base::Result<std::vector<Block>> Snapshot::blocks(Population population,
                                                  const Columns& columns) const {
  FOOTFALL_TRY(const std::shared_ptr<const Overlay> overlay, data_->overlay(population));
  return overlay->blocks(columns);
}

base::Result<Snapshot> Snapshot::with_refunds_at_buyers(std::string_view shop_currency) const {
  FOOTFALL_TRY(std::shared_ptr<const SnapshotData> made, data_->at_buyers(*this, shop_currency));
  return made ? Snapshot(std::move(made)) : *this;
}

std::string_view Snapshot::event_name(EventCode code) const {
  if (code < events::kOwnCodeFirst) return events::built_in_name(code);
  const std::size_t own = code - events::kOwnCodeFirst;
  return own < data_->own_names.size() ? std::string_view(data_->own_names[own])
                                       : std::string_view();
}

std::vector<std::pair<EventCode, std::string>> Snapshot::event_names() const {
  std::bitset<256> occur;
  for (const PopulationSources& sources : data_->sources) {
    for (const auto& segment : sources.segments) {
      for (const EventCode code : segment->event_codes()) occur.set(code);
    }
    if (!sources.tail) continue;
    for (const EventCode code : sources.tail->types) occur.set(code);
  }
  std::vector<std::pair<EventCode, std::string>> names;
  for (std::size_t code = 0; code < occur.size(); ++code) {
    if (!occur.test(code)) continue;
    names.emplace_back(static_cast<EventCode>(code), event_name(static_cast<EventCode>(code)));
  }
  return names;
}

const std::vector<std::string>& Snapshot::own_event_names() const {
  return data_->own_names;
}

base::Result<EventCode> Snapshot::event_code(std::string_view name) const {
  std::vector<std::string> names;
  for (auto& [code, known] : event_names()) {
    if (known == name) return code;
    names.push_back(std::move(known));
  }
  base::Error error{
      base::ErrorCode::kNotFound,
      fmt::format("expected the name of an event that the shop has ({}): {}",
                  names.empty() ? "it has none" : fmt::format("{}", fmt::join(names, ", ")),
                  base::printable(name)),
      {},
      ""};
  error.hint = base::nearest_words_hint(name, names);
  return error;
}

std::string_view Snapshot::item(ItemCode code) const {
  return data_->items.text(code);
}
std::string_view Snapshot::order(OrderCode code) const {
  return data_->orders.text(code);
}
std::string_view Snapshot::text(TextCode code) const {
  return data_->texts.text(code);
}
ItemCode Snapshot::find_item(std::string_view item) const {
  return data_->items.find(item);
}
TextCode Snapshot::find_text(std::string_view text) const {
  return data_->texts.find(text);
}
std::size_t Snapshot::item_count() const {
  return data_->items.size();
}

std::vector<std::string> Snapshot::property_names() const {
  std::vector<std::string> names;
  for (const PopulationSources& sources : data_->sources) {
    for (const auto& segment : sources.segments) {
      for (std::string& name : segment->property_names()) names.push_back(std::move(name));
    }
    if (!sources.tail) continue;
    for (const PropertyTable& property : sources.tail->properties) names.push_back(property.name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace footfall::store
