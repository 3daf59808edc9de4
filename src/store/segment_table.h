// Segment table: the columns of an event table, as the values that a segment stores.
#pragma once

#include <cstddef>
#include <cstdint>

#include "footfall/store/event_columns.h"
#include "footfall/store/event_table.h"
#include "footfall/store/segment_encoding.h"
#include "footfall/store/segment_format.h"

namespace footfall::store {

/// A settled table with what its columns are counted by. The table must outlive it.
struct TableView {
  TableView(const EventTable& table, std::size_t threads);

  const EventTable& table;
  UserOffsets index;
  Column<std::uint32_t> groups;       // Events with lines.
  Column<std::uint32_t> line_events;  // Event of each line.
  // Where the table continues others in one segment:
  std::uint64_t events_before = 0;
  std::int64_t user_before = -1;
};

/// A column without a name; kTicksLow gives the times themselves. The view must outlive it.
ColumnValues table_column(const TableView& view, SegmentColumn kind);
ColumnValues table_property(const TableView& view, const PropertyTable& property);
ColumnValues line_property(const TableView& view, const PropertyTable& property);

}  // namespace footfall::store
