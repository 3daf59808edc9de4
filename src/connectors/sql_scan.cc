#include "footfall/connectors/sql_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"
#include "footfall/events/batch.h"

namespace footfall::connectors {
namespace {

using store::Block;
using store::Population;

// DECIMAL(18, n) holds whole numbers of up to 18 digits.
constexpr std::int64_t kDecimalEnd = 1'000'000'000'000'000'000;
duckdb_string_t text_value(std::string_view text) {
  duckdb_string_t value = {};
  const auto length = static_cast<std::uint32_t>(text.size());
  if (length <= sizeof value.value.inlined.inlined) {
    value.value.inlined.length = length;
    std::memcpy(value.value.inlined.inlined, text.data(), length);
  } else {
    value.value.pointer.length = length;
    std::memcpy(value.value.pointer.prefix, text.data(), sizeof value.value.pointer.prefix);
    value.value.pointer.ptr = const_cast<char*>(text.data());
  }
  return value;
}

/// Writes one output vector row by row.
class Output {
 public:
  explicit Output(duckdb_vector vector) : vector_(vector), data_(duckdb_vector_get_data(vector)) {}

  template <typename T>
  void set(std::size_t row, T value) {
    static_cast<T*>(data_)[row] = value;
  }
  void set_text(std::size_t row, std::string_view text) { set(row, text_value(text)); }
  void set_null(std::size_t row) {
    if (validity_ == nullptr) {
      duckdb_vector_ensure_validity_writable(vector_);
      validity_ = duckdb_vector_get_validity(vector_);
    }
    duckdb_validity_set_row_invalid(validity_, row);
  }

 private:
  duckdb_vector vector_;
  void* data_;
  std::uint64_t* validity_ = nullptr;
};

bool takes_lines(const SqlTable& table, store::EventCode type) {
  if (table.kind == SqlTableKind::kOrders) return type == events::kPurchase;
  return events::about(type) == events::About::kOrder;
}

bool holds_several(std::span<const store::ItemCode> items) {
  return std::any_of(items.begin(), items.end(),
                     [&](store::ItemCode item) { return item != items[0]; });
}

/// Fills one column for the rows of a cursor.
class Filler {
 public:
  Filler(const SqlTable& table, const SqlCursor& cursor)
      : table_(table),
        data_(table.set->data),
        cursor_(cursor),
        block_(cursor.source->block),
        population_(cursor.source->population),
        currencies_(block_.property(kCurrencyProperty)) {}

  /// An error for a value that its type cannot hold.
  base::Status fill(const SqlTableColumn& column, Output output) {
    if (column.field == SqlField::kProperty) {
      fill_property(column.property, output);
      return base::Ok{};
    }
    if (fill_event_field(column.field, output)) return base::Ok{};
    return fill_line_field(column.field, output);
  }

 private:
  template <typename Body>
  void each(Body&& body) {
    for (std::size_t i = 0; i < cursor_.rows.size(); ++i) body(i, cursor_.rows[i]);
  }

  template <typename Lookup>
  static void put(Output& output, std::size_t i, std::uint32_t code, const Lookup& lookup) {
    if (code == 0) return output.set_null(i);
    output.set_text(i, lookup(code));
  }

  // A line of an order has its own value; the order has that of its first line that has one.
  void fill_property(const std::string& name, Output& output) {
    const auto of_events = block_.property(name);
    const auto of_lines = block_.line_property(name);
    const bool by_line = table_.kind == SqlTableKind::kOrderLines;
    each([&](std::size_t i, const SqlRow& row) {
      const bool own = by_line && row.line != kNoLine;
      const store::TextCode code = own ? of_lines.at(row.line) : store::kSameAsEvent;
      put(output, i, code == store::kSameAsEvent ? of_events.at(row.event) : code, data_.text);
    });
  }

  bool fill_event_field(SqlField field, Output& output) {
    switch (field) {
      case SqlField::kPerson:
        each([&](std::size_t i, const SqlRow& row) {
          if (population_ != Population::kPeople) return output.set_null(i);
          output.set(i, static_cast<std::int64_t>(block_.users[row.user]));
        });
        return true;
      case SqlField::kGuest:
        each([&](std::size_t i, const SqlRow&) {
          output.set(i, population_ == Population::kGuests);
        });
        return true;
      case SqlField::kEvent:
        each([&](std::size_t i, const SqlRow& row) {
          output.set_text(i, data_.event_name(block_.types[row.event]));
        });
        return true;
      case SqlField::kTime:
        each([&](std::size_t i, const SqlRow& row) {
          output.set(i, block_.time(row.event) * 1000);
        });
        return true;
      case SqlField::kLocalTime:
        each([&](std::size_t i, const SqlRow& row) {
          const base::TimeMs time = block_.time(row.event);
          const std::int64_t offset = table_.set->options.zone.offset_seconds(time);
          output.set(i, (time + offset * base::kSecondMs) * 1000);
        });
        return true;
      case SqlField::kTransaction:
        each([&](std::size_t i, const SqlRow& row) {
          put(output, i, block_.orders.at(row.event), data_.order);
        });
        return true;
      case SqlField::kBatch:
        each([&](std::size_t i, const SqlRow& row) {
          output.set(i, static_cast<std::int32_t>(block_.batches.at(row.event)));
        });
        return true;
      default:
        return false;
    }
  }

  base::Status fill_line_field(SqlField field, Output& output) {
    const store::LineColumns& lines = block_.lines;
    std::optional<base::Error> failure;
    const auto has_mark = [&](const SqlRow& row, events::LineMark mark) {
      return row.line != kNoLine && (lines.marks[row.line] & mark) != 0;
    };
    each([&](std::size_t i, const SqlRow& row) {
      switch (field) {
        case SqlField::kItem:
          if (row.several_items) return output.set_null(i);
          return put(output, i,
                     row.line == kNoLine ? block_.items[row.event] : lines.items[row.line],
                     data_.item);
        case SqlField::kItemName:
          return put(output, i, row.line == kNoLine ? 0 : lines.names.at(row.line), data_.text);
        case SqlField::kLine:
          return output.set(i, static_cast<std::int32_t>(row.number));
        case SqlField::kQuantity:
          return output.set(i, row.line == kNoLine ? std::int64_t{1} : lines.quantities[row.line]);
        case SqlField::kPrice:
          if (!has_price(row)) return output.set_null(i);
          return put_decimal(output, i, row, lines.prices[row.line], failure);
        case SqlField::kCurrency:
          return output.set_text(i, currency_of(row));
        case SqlField::kAmount:
          return put_amount(output, i, row, failure);
        case SqlField::kGross:
          return put_gross(output, i, row, failure);
        case SqlField::kBookkeeping:
          return output.set(i, has_mark(row, events::kBookkeeping));
        case SqlField::kFreeLine:
          return output.set(i, has_mark(row, events::kFreeLine));
        case SqlField::kLines:
          return output.set(i, static_cast<std::int64_t>(line_count(row)));
        case SqlField::kTotalQuantity: {
          std::int64_t total = line_count(row) > 0 && row.line == kNoLine ? 1 : 0;
          for (std::size_t line = row.line; line < end_of(row); ++line) {
            total += lines.quantities[line];
          }
          return output.set(i, total);
        }
        default:
          return;
      }
    });
    if (failure) return *std::move(failure);
    return base::Ok{};
  }

  // An order event without lines but with an item stands for one line.
  std::size_t line_count(const SqlRow& row) const {
    if (row.line == kNoLine) return block_.items[row.event] != 0 ? 1 : 0;
    return row.line_end - row.line;
  }
  // After the last line: of the row's one line, or of all lines of an order.
  std::size_t end_of(const SqlRow& row) const {
    if (row.line == kNoLine) return kNoLine;
    return row.line_end == kNoLine ? row.line + 1 : row.line_end;
  }

  std::string_view currency_of(const SqlRow& row) const {
    const store::TextCode code = currencies_.at(row.event);
    return code == 0 ? std::string_view(table_.set->options.currency) : data_.text(code);
  }

  // A price that the file did not state is not a price of 0.
  bool has_price(const SqlRow& row) const {
    return row.line != kNoLine && (block_.lines.prices[row.line] != 0 ||
                                   (block_.lines.marks[row.line] & events::kFreeLine) != 0);
  }

  // Amounts in other currencies than the shop's are no numbers of its columns.
  bool has_amount(const SqlRow& row) const {
    return row.line != kNoLine && currency_of(row) == table_.set->options.currency;
  }

  void put_amount(Output& output, std::size_t i, const SqlRow& row,
                  std::optional<base::Error>& failure) const {
    if (!has_amount(row) || !has_price(row)) return output.set_null(i);
    const auto amount = amount_of(row, row.line, failure);
    if (!amount) return output.set_null(i);
    put_decimal(output, i, row, *amount, failure);
  }

  void put_gross(Output& output, std::size_t i, const SqlRow& row,
                 std::optional<base::Error>& failure) const {
    if (!has_amount(row)) return output.set_null(i);
    __int128_t total = 0;
    for (std::size_t line = row.line; line < end_of(row); ++line) {
      const auto amount = amount_of(row, line, failure);
      if (!amount) return output.set_null(i);
      total += *amount;
    }
    output.set(i, duckdb_hugeint{static_cast<std::uint64_t>(total),
                                 static_cast<std::int64_t>(total >> 64)});
  }

  std::optional<base::MoneyMinor> amount_of(const SqlRow& row, std::size_t line,
                                            std::optional<base::Error>& failure) const {
    const auto amount = base::line_amount(block_.lines.quantities[line], block_.lines.prices[line],
                                          table_.set->options.currency_decimals);
    if (amount.ok()) return *amount;
    failure = too_large(row, amount.error().message);
    return std::nullopt;
  }

  void put_decimal(Output& output, std::size_t i, const SqlRow& row, std::int64_t value,
                   std::optional<base::Error>& failure) const {
    if (value >= kDecimalEnd || value <= -kDecimalEnd) {
      failure = too_large(row, "expected amounts and prices of at most 18 digits in SQL");
      return output.set_null(i);
    }
    output.set(i, value);
  }

  // Lines are refused as amount_too_large when they come; shops of before may hold some.
  base::Error too_large(const SqlRow& row, std::string_view what) const {
    const store::ItemCode item = block_.lines.items[row.line];
    return base::invalid(fmt::format("{}: item {} at {}", what,
                                     item == 0 ? "(none)" : base::printable(data_.item(item)),
                                     base::format_instant(block_.time(row.event))));
  }

  const SqlTable& table_;
  const SqlData& data_;
  const SqlCursor& cursor_;
  const Block& block_;
  Population population_;
  store::ColumnView<store::TextCode> currencies_;
};

}  // namespace

// Moves to the next morsel; false when there is none left.
bool SqlScan::take_morsel(SqlCursor& cursor) {
  const std::size_t number = next_morsel.fetch_add(1);
  if (number >= morsels.size()) return false;
  const SqlMorsel& morsel = morsels[number];
  cursor.source = &blocks[morsel.block];
  const Block& block = cursor.source->block;
  cursor.event = morsel.from;
  cursor.end = morsel.to;
  const auto after = std::upper_bound(block.offsets.begin(), block.offsets.end(), morsel.from);
  cursor.user = static_cast<std::size_t>(after - block.offsets.begin()) - 1;
  cursor.group = block.lines.first_group(morsel.from);
  cursor.line = 0;
  return true;
}

// Adds the rows of the cursor's event, as many as fit; true when the event is done.
bool SqlScan::take_event(SqlCursor& cursor, std::size_t room) const {
  const Block& block = cursor.source->block;
  SqlRow row{cursor.event, cursor.user};
  const bool all_events = table->kind == SqlTableKind::kEvents;
  if (!all_events && !takes_lines(*table, block.types[cursor.event])) return true;
  const store::LineColumns& lines = block.lines;
  while (cursor.group < lines.events.size() && lines.events[cursor.group] < cursor.event) {
    ++cursor.group;
  }
  const bool has_lines =
      cursor.group < lines.events.size() && lines.events[cursor.group] == cursor.event;
  const std::size_t from = has_lines ? lines.starts[cursor.group] : kNoLine;
  const std::size_t to = has_lines ? lines.starts[cursor.group + 1] : kNoLine;
  if (all_events) {
    row.several_items = has_lines && holds_several(lines.items.subspan(from, to - from));
    cursor.rows.push_back(row);
    return true;
  }
  if (table->kind == SqlTableKind::kOrders) {
    row.line = from;
    row.line_end = to;
    cursor.rows.push_back(row);
    return true;
  }
  if (!has_lines) {
    if (block.items[cursor.event] != 0) cursor.rows.push_back(row);
    return true;
  }
  for (; from + cursor.line < to && room > 0; ++cursor.line, --room) {
    row.line = from + cursor.line;
    row.number = static_cast<std::int64_t>(cursor.line) + 1;
    cursor.rows.push_back(row);
  }
  return from + cursor.line == to;
}

// Fills cursor.rows with up to `most` rows of one block; none = the end.
void SqlScan::take_rows(SqlCursor& cursor, std::size_t most) {
  cursor.rows.clear();
  while (cursor.rows.empty()) {
    if (cursor.event == cursor.end && !take_morsel(cursor)) return;
    const std::span<const std::uint64_t> offsets = cursor.source->block.offsets;
    while (cursor.event < cursor.end && cursor.rows.size() < most) {
      while (offsets[cursor.user + 1] <= cursor.event) ++cursor.user;
      if (!take_event(cursor, most - cursor.rows.size())) break;
      cursor.line = 0;
      ++cursor.event;
    }
  }
}

base::Status fill_column(const SqlScan& scan, const SqlCursor& cursor, const SqlTableColumn& column,
                         duckdb_vector vector) {
  return Filler(*scan.table, cursor).fill(column, Output(vector));
}

}  // namespace footfall::connectors
