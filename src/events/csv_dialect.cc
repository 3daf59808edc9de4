#include "footfall/events/csv_dialect.h"

#include <algorithm>
#include <array>

#include "footfall/base/words.h"

namespace footfall::events {
namespace {

constexpr std::array<char, 4> kDelimiters = {',', ';', '\t', '|'};
constexpr std::size_t kRowsLookedAt = 500;

using SampleRow = std::vector<std::string>;

// Cuts the sample into rows, taking every quoted cell as it comes: only used to recognise.
std::vector<SampleRow> split_sample(std::string_view sample, bool whole,
                                    const CsvDialect& dialect) {
  const char line_end = dialect.cr_lines ? '\r' : '\n';
  std::vector<SampleRow> rows;
  SampleRow row;
  std::string cell;
  bool in_quotes = false;
  const auto end_row = [&] {
    if (!dialect.cr_lines && cell.ends_with('\r')) cell.pop_back();
    row.push_back(std::move(cell));
    cell.clear();
    const bool blank = row.size() == 1 && row[0].empty();
    if (!blank) rows.push_back(std::move(row));
    row.clear();
  };
  for (std::size_t at = 0; at < sample.size() && rows.size() < kRowsLookedAt; ++at) {
    const char c = sample[at];
    if (in_quotes) {
      if (c != '"') {
        cell += c;
      } else if (at + 1 < sample.size() && sample[at + 1] == '"') {
        cell += '"';
        ++at;
      } else {
        in_quotes = false;
      }
    } else if (c == '"' && cell.empty()) {
      in_quotes = true;
    } else if (c == dialect.delimiter) {
      row.push_back(std::move(cell));
      cell.clear();
    } else if (c == line_end) {
      end_row();
    } else if (!(dialect.cr_lines && c == '\n')) {
      cell += c;
    }
  }
  if ((whole || rows.empty()) && (!cell.empty() || !row.empty())) end_row();
  return rows;
}

bool stands_for_nothing(std::string_view cell) {
  const std::string lower = base::ascii_lower(base::trim(cell));
  return lower.empty() || lower == "na" || lower == "n/a" || lower == "null" || lower == "none" ||
         lower == "nan" || lower == "-";
}

bool header_of(const std::vector<SampleRow>& rows) {
  if (rows.empty()) return true;
  bool data_above = false;
  bool word_above_data = false;
  for (std::size_t column = 0; column < rows[0].size(); ++column) {
    const std::string& first = rows[0][column];
    if (looks_like_data(first)) {
      data_above = true;
      continue;
    }
    if (stands_for_nothing(first)) continue;
    std::size_t values = 0;
    std::size_t data = 0;
    for (std::size_t row = 1; row < rows.size(); ++row) {
      if (column >= rows[row].size() || stands_for_nothing(rows[row][column])) continue;
      ++values;
      data += looks_like_data(rows[row][column]) ? 1 : 0;
    }
    word_above_data = word_above_data || (values > 0 && data * 5 >= values * 4);
  }
  return word_above_data || !data_above;
}

}  // namespace

bool looks_like_data(std::string_view cell) {
  cell = base::trim(cell);
  if (!cell.empty() && (cell[0] == '-' || cell[0] == '+' || cell[0] == '.')) cell.remove_prefix(1);
  if (cell.empty() || cell[0] < '0' || cell[0] > '9') return false;
  return cell.find_first_not_of("0123456789+-.,:/ %TZeE") == std::string_view::npos;
}

CsvDialect recognise_csv(std::string_view sample, bool whole) {
  CsvDialect best;
  best.cr_lines = sample.find('\n') == std::string_view::npos &&
                  sample.substr(0, sample.size() - 1).find('\r') != std::string_view::npos;
  std::size_t best_equal = 0;  // Rows with as many cells as the first row, of best_rows.
  std::size_t best_rows = 1;
  std::size_t best_cells = 1;
  CsvDialect tried = best;
  for (const char delimiter : kDelimiters) {
    tried.delimiter = delimiter;
    const std::vector<SampleRow> rows = split_sample(sample, whole, tried);
    if (rows.empty() || rows[0].size() < 2) continue;
    const std::size_t cells = rows[0].size();
    const auto equal = static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(), [&](const SampleRow& row) { return row.size() == cells; }));
    const std::size_t left = equal * best_rows;
    const std::size_t right = best_equal * rows.size();
    if (left > right || (left == right && cells > best_cells)) {
      best.delimiter = delimiter;
      best_equal = equal;
      best_rows = rows.size();
      best_cells = cells;
    }
  }
  best.header = recognise_header(sample, whole, best);
  return best;
}

bool recognise_header(std::string_view sample, bool whole, const CsvDialect& dialect) {
  return header_of(split_sample(sample, whole, dialect));
}

}  // namespace footfall::events
