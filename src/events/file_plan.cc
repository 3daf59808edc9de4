#include "footfall/events/file_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "footfall/base/words.h"
#include "footfall/events/column_facts.h"
#include "footfall/events/mapping_words.h"
#include "footfall/events/recognition.h"

namespace footfall::events {
namespace {

// Calls see(column, row) for every cell of the column that is there.
template <typename See>
void for_each_cell(std::span<const RawChunk> sample, const std::string& name, See&& see) {
  if (name.empty()) return;
  for (const RawChunk& chunk : sample) {
    const RawColumn* const column = chunk.column(name);
    if (column == nullptr) continue;
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      if (!column->is_absent(row)) see(*column, row);
    }
  }
}

TimeVotes time_votes(std::span<const RawChunk> sample, const std::string& name) {
  TimeVotes votes;
  for_each_cell(sample, name, [&](const RawColumn& column, std::size_t row) {
    switch (column.kind) {
      case CellKind::kText:
        votes.see_text(column.texts[row]);
        break;
      case CellKind::kInteger:
        votes.see_integer(column.integers[row]);
        break;
      case CellKind::kReal:
        votes.see_text(fmt::format("{}", column.reals[row]));
        break;
      case CellKind::kInstant:
        votes.see_instant();
        break;
    }
  });
  return votes;
}

// The column's name and one of its cells, for "expected a time: ... found abc".
base::Error other_type(std::span<const RawChunk> sample, const std::string& name,
                       std::string_view field, std::string_view expected) {
  std::string found;
  std::uint64_t found_row = 0;
  for (const RawChunk& chunk : sample) {
    const RawColumn* const column = chunk.column(name);
    if (column == nullptr) continue;
    for (std::size_t row = 0; row < chunk.size() && found.empty(); ++row) {
      found = cell_text(*column, row);
      found_row = chunk.row_numbers[row];
    }
  }
  base::Error error = base::invalid(fmt::format("column {}: expected {}: {}", base::printable(name),
                                                expected, base::printable(found)),
                                    std::string(field));
  error.where.column = name;
  error.where.row = static_cast<std::int64_t>(found_row);
  error.hint = fmt::format(
      "give the {} another column in a mapping and pass it by --map FILE.json (docs/mapping.md)",
      field);
  return error;
}

struct TimePlan {
  TimeUnit unit = TimeUnit::kText;
  DateOrder order = DateOrder::kYmd;
};

// What to do about dates of which the sample does not say whether the day stands first.
std::string date_order_hint(Mapping whole) {
  whole.time.order = DateOrder::kDmy;
  return fmt::format(
      "say which in a mapping, as \"dmy\" or as \"mdy\": save this one and pass it by --map "
      "FILE.json "
      "(docs/mapping.md): {}",
      mapping_words(whole, {}));
}

base::Result<TimePlan> plan_time(const TimeMapping& mapping, const Mapping& whole,
                                 std::span<const RawChunk> sample, std::vector<std::string>& notes,
                                 bool hold_rows) {
  const TimeVotes votes = time_votes(sample, mapping.column);
  if (!hold_rows && votes.seen() > 0 && votes.readable() == 0 &&
      mapping.unit == TimeUnit::kUnknown) {
    return other_type(sample, mapping.column, "time", "a time such as 2011-08-31 17:45:00");
  }
  TimePlan plan{mapping.unit, mapping.order};
  if (plan.unit == TimeUnit::kUnknown) plan.unit = votes.unit();
  if (plan.unit == TimeUnit::kUnknown) plan.unit = TimeUnit::kText;
  if (plan.order == DateOrder::kUnknown) plan.order = votes.order();
  if (!hold_rows && plan.unit == TimeUnit::kText && plan.order == DateOrder::kUnknown &&
      votes.readable() > 0) {
    base::Error error = other_type(
        sample, mapping.column, "time",
        votes.both_orders() ? "dates of one order, not some day first and some month first"
                            : "dates that can be told day first from month first");
    error.hint = date_order_hint(whole);
    return error;
  }
  if (mapping.unit == TimeUnit::kUnknown && votes.mixed()) {
    notes.push_back(fmt::format(
        "column {} holds times in more than one style; rows that are not "
        "{} are quarantined as bad_time",
        base::printable(mapping.column),
        plan.unit == TimeUnit::kText ? date_order_name(plan.order) : time_unit_name(plan.unit)));
  }
  return plan;
}

bool is_amount(Field field) {
  return field == Field::kPrice || field == Field::kQuantity || field == Field::kValue ||
         field == Field::kRefunded;
}

// What to do about numbers such as 1.250, of which the sample does not say what the mark is.
std::string decimal_hint(Mapping whole) {
  whole.decimal = ',';
  return fmt::format(
      "say which in a mapping, as \"decimal\": \",\" or as \"decimal\": \".\": save this one and "
      "pass "
      "it by --map FILE.json (docs/mapping.md): {}",
      mapping_words(whole, {}));
}

base::Status plan_numbers(FilePlan& plan, std::span<const RawChunk> sample, bool hold_rows) {
  for (const Field field : {Field::kPrice, Field::kQuantity, Field::kValue, Field::kRating,
                            Field::kLine, Field::kRefunded}) {
    const std::string& name = plan.mapping.column(field);
    NumberVotes votes;
    std::uint64_t typed = 0;
    for_each_cell(sample, name, [&](const RawColumn& column, std::size_t row) {
      if (column.kind == CellKind::kText) {
        votes.see(column.texts[row]);
      } else if (column.kind != CellKind::kInstant) {
        ++typed;
      } else {
        votes.see("an instant");
      }
    });
    // Events of other kinds than purchases and refunds may say anything under the name.
    const bool may_be_words = field == Field::kValue ||
                              (field == Field::kRefunded && plan.mapping.kind == FileKind::kEvents);
    if (votes.seen() > 0 && votes.readable() == 0 && typed == 0 && !hold_rows && !may_be_words) {
      return other_type(sample, name, field_name(field), "a number such as 1234.50");
    }
    const char decimal = plan.mapping.decimal;
    if (decimal == 0 && votes.undecided() && typed == 0 && !hold_rows && is_amount(field)) {
      base::Error error =
          other_type(sample, name, field_name(field),
                     "numbers whose decimals can be told from their thousands, as in 1.250,00 or "
                     "1250.00");
      error.hint = decimal_hint(plan.mapping);
      return error;
    }
    plan.numbers[static_cast<std::size_t>(field)] = decimal == ','   ? NumberStyle::kComma
                                                    : decimal == '.' ? NumberStyle::kGroupedPoint
                                                                     : votes.style();
    if (votes.mixed() && decimal == 0) {
      plan.notes.push_back(fmt::format(
          "column {} holds numbers in two styles; rows of the rarer one are quarantined as "
          "bad_number",
          base::printable(name)));
    }
  }
  return base::Ok{};
}

void plan_ids(FilePlan& plan, std::span<const RawChunk> sample) {
  for (const Field field :
       {Field::kUser, Field::kDevice, Field::kSession, Field::kOrder, Field::kItem}) {
    bool all_float = true;
    for_each_cell(sample, plan.mapping.column(field),
                  [&](const RawColumn& column, std::size_t row) {
                    if (column.kind != CellKind::kText) return;
                    all_float = all_float && is_float_id(base::trim(column.texts[row]));
                  });
    plan.float_ids[static_cast<std::size_t>(field)] = all_float;
  }
}

// What a wrong reading of would make every amount wrong.
void note_quantities(const Mapping& mapping, std::vector<std::string>& notes) {
  if (!mapping.has(Field::kQuantity)) {
    notes.emplace_back(
        "no column was found that tells how many pieces a line has, so each counts one; where "
        "there is one, say so in a mapping (\"quantity\": \"COLUMN\")");
  } else if (squeeze(mapping.column(Field::kPrice)) == "amount") {
    notes.push_back(
        fmt::format("the column {} was taken for the price of one piece and is multiplied by the "
                    "quantity: where it is the amount of the line, no quantity must be mapped",
                    base::printable(mapping.column(Field::kPrice))));
  }
}

// What became of columns that were given to no field, and what that means for orders.
void note_columns(const Mapping& mapping, std::span<const std::string> columns,
                  std::vector<std::string>& notes) {
  constexpr std::size_t kNamedMax = 20;
  std::vector<std::string> kept;
  for (const auto& [name, column] : property_columns(mapping, columns)) {
    const bool given = column == mapping.column(Field::kCountry) ||
                       std::find(mapping.properties.begin(), mapping.properties.end(),
                                 std::pair(name, column)) != mapping.properties.end();
    if (!given) kept.push_back(base::printable(column));
  }
  const std::size_t named = std::min(kept.size(), kNamedMax);
  if (named > 0) {
    notes.push_back(fmt::format(
        "columns that were given to no field are kept as properties: {}{}",
        fmt::join(std::span(kept).first(named), ", "),
        named < kept.size() ? fmt::format(" and {} more", kept.size() - named) : std::string()));
  }
  const bool somebody =
      mapping.has(Field::kUser) || mapping.has(Field::kDevice) || mapping.has(Field::kSession);
  if (mapping.kind == FileKind::kOrders && !somebody) {
    notes.emplace_back(
        "no column was found that names the customer, so all orders are guests'; where there is "
        "one, say so in a mapping (\"user\": \"COLUMN\", docs/mapping.md)");
  }
  if (mapping.kind == FileKind::kOrders) note_quantities(mapping, notes);
}

}  // namespace

std::vector<std::string> column_names(std::span<const RawChunk> sample) {
  std::vector<std::string> names;
  for (const RawChunk& chunk : sample) {
    for (const RawColumn& column : chunk.columns) {
      if (std::find(names.begin(), names.end(), column.name) == names.end()) {
        names.push_back(column.name);
      }
    }
  }
  return names;
}

bool date_order_open(const Mapping& mapping, std::span<const RawChunk> sample) {
  if (mapping.time.order != DateOrder::kUnknown) return false;
  const TimeVotes votes = time_votes(sample, mapping.time.column);
  return votes.readable() > 0 && votes.unit() == TimeUnit::kText &&
         votes.order() == DateOrder::kUnknown;
}

base::Result<FilePlan> plan_file(const Mapping& given, std::span<const RawChunk> sample,
                                 const ShopFacts& shop, WrongType wrong_type) {
  Mapping mapping = given;
  if (mapping.kind_open) mapping.kind = recognise(sample, std::nullopt).mapping.kind;
  mapping.kind_open = false;
  const bool hold_rows = wrong_type == WrongType::kHoldRows;
  const std::vector<std::string> names = column_names(sample);
  FOOTFALL_RETURN_IF_ERROR(check_mapping(mapping, names));
  std::vector<std::string> notes;
  TimePlan time;
  if (!mapping.time.column.empty()) {
    FOOTFALL_TRY(time, plan_time(mapping.time, mapping, sample, notes, hold_rows));
  }
  TimePlan known_at;
  if (mapping.has(Field::kKnownAt)) {
    FOOTFALL_TRY(known_at, plan_time({mapping.column(Field::kKnownAt), {}, {}, ""}, mapping, sample,
                                     notes, hold_rows));
  }
  base::Zone zone = shop.zone;
  if (!mapping.time.zone.empty()) {
    FOOTFALL_TRY(zone, base::Zone::open(mapping.time.zone));
  }
  FilePlan plan{mapping,
                TimeReader(time.unit, time.order, zone),
                TimeReader(known_at.unit, known_at.order, zone),
                {},
                {},
                std::move(notes)};
  plan.mapping.time.unit = time.unit;
  plan.mapping.time.order = time.unit == TimeUnit::kText ? time.order : DateOrder::kUnknown;
  plan.mapping.time.zone = zone.name();
  FOOTFALL_RETURN_IF_ERROR(plan_numbers(plan, sample, hold_rows));
  plan_ids(plan, sample);
  if (!hold_rows) note_columns(plan.mapping, names, plan.notes);
  return plan;
}

}  // namespace footfall::events
