// Snapshot: everything that was committed up to one moment, readable by many threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/block.h"

namespace footfall::store {

/// Which columns beside the core ones (ticks, types, items) a question reads.
struct Columns {
  bool orders = false;
  bool flags = false;
  bool batches = false;
  bool known_delays = false;
  bool lines = false;
  std::vector<std::string> properties = {};       // Names; unknown ones are all absent.
  std::vector<std::string> line_properties = {};  // Those of which lines' own values are read too.
};

/// What identifies a snapshot in an answer.
struct SnapshotId {
  std::uint64_t generation = 0;  // Number of the commit that made it.
  std::string content;           // 32 hex digits: digest of the set of accepted events. Equal for
                                 // equal sets, whatever the order, batching or shop.
  base::TimeMs complete_to = 0;  // H of SEMANTICS 3.10; kTimeMin when there are no events.
};

class SnapshotData;

/// Cheap to copy; keeps its memory and mapped files alive.
class Snapshot {
 public:
  explicit Snapshot(std::shared_ptr<const SnapshotData> data);

  const SnapshotId& id() const;
  std::uint64_t event_count(Population population) const;
  std::uint64_t user_count(Population population) const;

  /// The blocks of a population with the named columns. On their first use in this process the
  /// bytes of a column are checked against their checksums: kDamaged names file, column and block.
  base::Result<std::vector<Block>> blocks(Population population, const Columns& columns) const;

  /// What questions on orders are asked of: the snapshot in which a refund of another person's (or
  /// guest's) order stands in that person's timeline; this one when there is no such refund. Made
  /// once a snapshot, for the one currency that events without one are in.
  base::Result<Snapshot> with_refunds_at_buyers(std::string_view shop_currency) const;

  std::string_view event_name(EventCode code) const;
  /// The code of an event name; kNotFound (with near names) when the shop has no such event.
  base::Result<EventCode> event_code(std::string_view name) const;
  /// Names of all events that occur, in code order.
  std::vector<std::pair<EventCode, std::string>> event_names() const;
  /// Names that are no built-in ones, also those of which no event is left: each holds a code.
  const std::vector<std::string>& own_event_names() const;

  std::string_view item(ItemCode code) const;
  std::string_view order(OrderCode code) const;
  std::string_view text(TextCode code) const;
  /// 0 when the dictionary does not hold the text.
  ItemCode find_item(std::string_view item) const;
  TextCode find_text(std::string_view text) const;
  std::size_t item_count() const;  // Codes are 1 .. item_count().
  std::vector<std::string> property_names() const;

 private:
  std::shared_ptr<const SnapshotData> data_;
};

}  // namespace footfall::store
