#include "footfall/cli/pivot.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace footfall::cli {
namespace {

// Index of a name in order of first appearance.
class Names {
 public:
  std::size_t place(const std::string& name) {
    const auto [found, added] = places_.emplace(name, names_.size());
    if (added) names_.push_back(name);
    return found->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::string> names_;
};

std::optional<double> as_number(const std::string& text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Order of the columns: by number where every name is one.
std::vector<std::size_t> column_order(const std::vector<std::string>& names) {
  std::vector<std::size_t> order(names.size());
  std::vector<double> numbers;
  for (std::size_t i = 0; i < names.size(); ++i) {
    order[i] = i;
    if (const auto number = as_number(names[i])) numbers.push_back(*number);
  }
  if (numbers.size() != names.size()) return order;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
  return order;
}

// "2011-08" for "2011-08-01", where every name is the first day of a month.
void shorten_months(std::vector<std::string>& names) {
  const bool all = std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return name.size() == 10 && name.ends_with("-01");
  });
  for (std::string& name : names) {
    if (all) name.resize(7);
  }
}

// A column of months after the first is best named "month".
bool counts_periods(const ShownColumn& column) {
  constexpr std::string_view kPeriods[] = {"day", "week", "month", "quarter", "year"};
  return std::find(std::begin(kPeriods), std::end(kPeriods), column.unit) != std::end(kPeriods);
}

void set_ends(Pivot& pivot) {
  bool any = false;
  for (std::size_t column = 0; column < pivot.column_names.size(); ++column) {
    bool all_one = pivot.shares && column == 0;
    for (const auto& row : pivot.cells) all_one = all_one && row[column].value.value_or(1) == 1.0;
    for (const auto& row : pivot.cells) {
      if (all_one || !row[column].value.has_value()) continue;
      const double value = *row[column].value;
      pivot.least = any ? std::min(pivot.least, value) : value;
      pivot.most = any ? std::max(pivot.most, value) : value;
      any = true;
    }
  }
}

}  // namespace

double Pivot::heat(const PivotCell& cell) const {
  // The least value keeps a little shade, so that it differs from no value.
  constexpr double kFloor = 0.08;
  if (!cell.value.has_value() || *cell.value <= 0 || most <= 0) return 0;
  if (most <= least) return 1;
  return std::clamp(kFloor + (1 - kFloor) * (*cell.value - least) / (most - least), 0.0, 1.0);
}

std::optional<Pivot> pivot_answer(const AnswerDocument& answer) {
  const auto row_column = answer.view_column("row");
  const auto column_column = answer.view_column("column");
  const auto value_column = answer.view_column("value");
  if (!row_column || !column_column || !value_column) return std::nullopt;
  const auto size_column = answer.view_column("size");
  const auto label_column = answer.view_column("label");
  auto complete_column = answer.view_column("complete");
  if (!complete_column) complete_column = answer.find_column("complete");

  Names rows;
  Names columns;
  for (std::size_t i = 0; i < answer.row_count(); ++i) {
    rows.place(answer.text(i, *row_column));
    columns.place(answer.text(i, *column_column));
  }
  Pivot pivot;
  pivot.row_names = rows.names();
  pivot.row_title = answer.columns()[*row_column].title();
  const ShownColumn& across = answer.columns()[*column_column];
  pivot.column_title = counts_periods(across) ? spoken(across.unit) : across.title();
  if (across.unit == "month") shorten_months(pivot.row_names);
  const std::vector<std::size_t> order = column_order(columns.names());
  std::vector<std::size_t> place_of(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place_of[order[i]] = i;
    pivot.column_names.push_back(columns.names()[order[i]]);
  }
  pivot.cells.assign(rows.names().size(), std::vector<PivotCell>(order.size()));
  if (size_column) pivot.sizes.resize(rows.names().size());
  pivot.shares = answer.columns()[*value_column].type == "share";
  for (std::size_t i = 0; i < answer.row_count(); ++i) {
    const std::size_t row = rows.place(answer.text(i, *row_column));
    PivotCell& cell = pivot.cells[row][place_of[columns.place(answer.text(i, *column_column))]];
    cell.present = true;
    cell.value = answer.number(i, *value_column);
    cell.text = answer.text(i, *value_column);
    if (label_column) cell.label = answer.text(i, *label_column);
    if (complete_column) cell.incomplete = answer.cell(i, *complete_column) == Json(false);
    if (size_column && pivot.sizes[row].empty()) pivot.sizes[row] = answer.text(i, *size_column);
  }
  set_ends(pivot);
  return pivot;
}

}  // namespace footfall::cli
