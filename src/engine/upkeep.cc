#include "footfall/engine/upkeep.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "footfall/engine/snapshot_document.h"

namespace footfall::engine {
namespace {

using store::Population;

const char* population_name(Population population) {
  switch (population) {
    case Population::kPeople:
      return "people";
    case Population::kGuests:
      return "guests";
    case Population::kThings:
      return "things";
  }
  return "";
}

base::Result<std::int64_t> count_orders(const store::Snapshot& snapshot) {
  std::int64_t orders = 0;
  for (const Population population : {Population::kPeople, Population::kGuests}) {
    FOOTFALL_TRY(const std::vector<store::Block> blocks, snapshot.blocks(population, {}));
    for (const store::Block& block : blocks) {
      orders += std::count(block.types.begin(), block.types.end(), events::kPurchase);
    }
  }
  return orders;
}

// Those of events that are there: the dictionary also holds items of imports that were taken back.
base::Result<std::int64_t> count_items(const store::Snapshot& snapshot) {
  std::vector<bool> met(snapshot.item_count() + 1);
  store::Columns columns;
  columns.lines = true;
  for (const Population population :
       {Population::kPeople, Population::kGuests, Population::kThings}) {
    FOOTFALL_TRY(const std::vector<store::Block> blocks, snapshot.blocks(population, columns));
    for (const store::Block& block : blocks) {
      for (const store::ItemCode item : block.items) met[item] = true;
      for (const store::ItemCode item : block.lines.items) met[item] = true;
    }
  }
  met[0] = false;
  return std::count(met.begin(), met.end(), true);
}

// A count, or null and the damage that it met.
base::Result<Json> count_or_damage(const base::Result<std::int64_t>& count,
                                   std::vector<store::Damage>& damages) {
  if (count.ok()) return Json(*count);
  const base::Error& error = count.error();
  if (error.code != base::ErrorCode::kDamaged) return error;
  const bool known = std::any_of(damages.begin(), damages.end(), [&](const store::Damage& damage) {
    return damage.file == error.where.file && damage.part == error.where.column;
  });
  if (!known) damages.push_back({error.where.file, error.where.column, error.message});
  return Json(nullptr);
}

// Two decimals are enough for a size.
double ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return 0;
  return std::round(100.0 * static_cast<double>(part) / static_cast<double>(whole)) / 100.0;
}

Json imports_document(const std::vector<store::BatchRecord>& batches) {
  // The latest imports say enough on a screen; all of them are counted.
  constexpr std::size_t kShown = 20;
  Json list = Json::array();
  const std::size_t from = batches.size() > kShown ? batches.size() - kShown : 0;
  for (std::size_t i = from; i < batches.size(); ++i) {
    const store::BatchRecord& batch = batches[i];
    list.push_back({{"batch", batch.batch},
                    {"source", batch.info.source},
                    {"records", batch.events},
                    {"taken_at", base::format_instant(batch.info.ingest_time)},
                    {"undone", batch.undone}});
  }
  return list;
}

}  // namespace

base::Result<Json> status_document(const Context& context, const std::string& shop) {
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  FOOTFALL_TRY(store::StoreStatus status, context.store.status());
  FOOTFALL_TRY(const std::vector<store::BatchRecord> batches, context.store.batches());
  FOOTFALL_TRY(Json orders, count_or_damage(count_orders(snapshot), status.damages));
  FOOTFALL_TRY(Json items, count_or_damage(count_items(snapshot), status.damages));
  std::uint64_t events = 0;
  std::uint64_t sealed = 0;
  std::uint64_t segment_bytes = 0;
  std::uint64_t core_bytes = 0;
  Json parts = Json::array();
  for (const store::PartStatus& part : status.parts) {
    events += part.events;
    Json entry = {
        {"name", part.name}, {"holds", population_name(part.population)}, {"events", part.events}};
    if (part.bytes > 0) {
      sealed += part.events;
      segment_bytes += part.bytes;
      core_bytes += part.core_bytes;
      entry["bytes"] = part.bytes;
    }
    parts.push_back(std::move(entry));
  }
  Json document = Json::object();
  document["shop"] = shop;
  document["zone"] = context.store.settings().zone;
  document["currency"] = context.store.settings().currency;
  document["events"] = events;
  document["persons"] = status.people;
  document["guest_orders"] = status.guests;
  document["orders"] = std::move(orders);
  document["items"] = std::move(items);
  document["quarantined"] = status.quarantined;
  document["bytes"] = status.disk_bytes;
  if (sealed > 0) {
    document["bytes_per_event"] = ratio(segment_bytes, sealed);
    document["core_bytes_per_event"] = ratio(core_bytes, sealed);
  }
  document["imports_made"] = batches.size();
  document["snapshot"] = snapshot_document(snapshot, context.zone);
  document["parts"] = std::move(parts);
  document["imports"] = imports_document(batches);
  if (!status.damages.empty()) {
    document["damage"] = damage_document(status.damages);
    document["attention"] =
        "a part of the shop cannot be read: `footfall verify` looks at every part";
  }
  document["terms"] = {
      {"events", "what happened at an instant; all rows of one order are one event"},
      {"persons", "who has an id of their own"},
      {"guest_orders", "orders and refunds without a person, each by its own number"},
      {"records",
       "what an import added: its new rows, and what stands beside one, such as the "
       "return of a cancelled line"}};
  return document;
}

base::Result<Json> verify_document(const Context& context) {
  FOOTFALL_TRY(const std::vector<store::Damage> damages, context.store.verify(context.progress));
  FOOTFALL_TRY(const store::Snapshot snapshot, context.store.snapshot());
  Json document{{"ok", damages.empty()},
                {"snapshot", snapshot_document(snapshot, context.zone)},
                {"damage", damage_document(damages)}};
  if (!context.store.has_key()) {
    document["warnings"] = Json::array(
        {"without the shop's key bytes alone were checked: its events were not read, and no person "
         "can be named. Put the key back, or name its file in FOOTFALL_KEY_FILE"});
  }
  return document;
}

Json damage_document(const std::vector<store::Damage>& damages) {
  Json list = Json::array();
  for (const store::Damage& damage : damages) {
    list.push_back({{"file", damage.file}, {"part", damage.part}, {"what", damage.what}});
  }
  return list;
}

}  // namespace footfall::engine
