// Harvest: everything one collect call has gathered from its files, before the store judges it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/time.h"
#include "footfall/base/zone.h"
#include "footfall/events/batch.h"
#include "footfall/events/cell_codes.h"
#include "footfall/events/ledger.h"
#include "footfall/events/mapping.h"
#include "footfall/events/raw_table.h"
#include "footfall/events/row_set.h"

namespace footfall::events {

/// What the shop says about itself, as far as cells need it.
struct ShopFacts {
  base::Zone zone = base::Zone::utc();  // Of times without an offset.
  std::string currency = "EUR";
  int currency_decimals = 2;
  base::TimeMs now = base::kTimeEnd;        // Later events than this and an hour are `future_time`.
  std::vector<std::string> own_names = {};  // Of events, that the shop has.
};

struct HarvestFile {
  std::string name;
  Mapping mapping;
  std::uint64_t first_event = 0;
};

/// Rows that may be quarantined in one call: beyond that the mapping is wrong, not the rows.
inline constexpr std::size_t kHeldRowsMax = 1'000'000;
inline constexpr std::size_t kPropertiesMax = 512;
/// Events of one call.
inline constexpr std::size_t kEventsMax = 2'000'000'000;

/// One line of an event that is being added.
struct NewLine {
  StringTable::Code item = 0;
  StringTable::Code name = 0;
  std::int64_t quantity = 1;
  base::PriceMicros price = 0;
  std::uint32_t number = 0;
  std::uint8_t marks = 0;
};

struct NewEvent {
  base::TimeMs time = 0;
  base::TimeMs known_time = 0;
  std::int64_t sequence = 0;
  StringTable::Code user = 0;
  StringTable::Code item = 0;
  StringTable::Code order = 0;
  EventCode type = kNoEvent;
  std::uint8_t flags = 0;
  std::uint64_t row = 0;
  std::uint64_t event_id = 0;
};

/// Memory that columns will fill.
struct ColumnRoom {
  std::vector<std::span<std::byte>> reading;  // Side by side, while events are added.
  std::vector<std::span<std::byte>> sealing;  // When all have been.
};

/// Holds references into itself: neither copied nor moved.
class Harvest {
 public:
  explicit Harvest(ShopFacts facts);
  Harvest(const Harvest&) = delete;
  Harvest& operator=(const Harvest&) = delete;

  const ShopFacts facts;
  std::size_t threads = 1;  // That reading and sealing may use.
  EventBatch batch;
  base::Column<std::uint64_t> event_ids;  // One an event; 0 = none.
  std::vector<HarvestFile> files;
  std::vector<HeldRow> held;
  Ledger ledger;
  UsualCleaning usual;
  RowSet rows_seen;

  // Shared by all files of the call, so that equal ids have equal codes.
  CellCodes users;
  CellCodes devices;
  CellCodes sessions;
  CellCodes guests;  // Orders as persons.
  CellCodes items;
  CellCodes orders;
  CellCodes texts;

  /// The person of events about things.
  StringTable::Code shop_person();
  /// The code of an event name: built in, or an own one given here. kNoEvent when it is not well
  /// formed or the own names are used up.
  EventCode event_code(std::string_view name);

  /// Makes room for that many more events like those that are there; a guess that is wrong costs
  /// time, never rows.
  ColumnRoom expect(std::uint64_t events);
  /// Adds one event; its lines follow by add_line. Properties by set_property on the last event.
  void add_event(const NewEvent& event);
  void add_line(const NewLine& line);
  void set_property(std::size_t property, StringTable::Code code);
  /// What the last event says under that name; 0 = nothing.
  StringTable::Code last_property(std::string_view name) const;
  /// What a line says for itself under that name; `from_last`: 0 = the last line that was added.
  void set_line_property(std::size_t from_last, std::string_view name, StringTable::Code code);
  /// Index of a property's column in `batch`, made if it is not there yet.
  std::size_t property(std::string_view name);

  /// Counts a row as quarantined and keeps its cells.
  void hold_row(std::string_view reason, const RawChunk& chunk, std::size_t row,
                std::string_view column, std::string message);

  /// Makes every column whole and computes keys and digests. Nothing is added afterwards, and
  /// `event_ids` are gone: keys hold them.
  void seal();

 private:
  void make_line_properties_whole();
  bool has_room_for(std::string_view own_name) const;

  StringTable::Code shop_person_ = 0;
};

/// Identity of an event by its business key: ("purchase", transaction_id). SEMANTICS 1.8. Amounts
/// in another currency than the shop's have a key of their own: `currency` is empty for the shop's.
std::uint64_t business_key(std::string_view event, std::string_view id,
                           std::string_view currency = {});
/// Identity of an event by the id its source gave it. A text that key_text wrote stands for the
/// key.
std::uint64_t source_key(std::string_view event_id);
/// "key:0123456789abcdef": an identity as an event id, for rows whose own id is no longer at hand.
std::string key_text(std::uint64_t key);

}  // namespace footfall::events
