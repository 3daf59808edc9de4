#include "footfall/cli/answer_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"

namespace footfall::cli {
namespace {

const Json kNull;
constexpr std::string_view kNoValue = "–";
constexpr std::size_t kContentShown = 8;  // Of the digest: enough to tell two apart by eye.

bool is_number_type(const std::string& type) {
  return type == "integer" || type == "number" || type == "money" || type == "share" ||
         type == "duration";
}

// Decimals so that the largest value keeps about four digits; none where all are whole, and two at
// least otherwise, as of amounts of money: no cent is rounded away.
int decimals_of(const Json& rows, std::size_t column) {
  double largest = 0;
  bool whole = true;
  bool cents = true;
  for (const Json& row : rows) {
    if (column >= row.size() || !row[column].is_number()) continue;
    const double value = std::fabs(row[column].get<double>());
    if (!std::isfinite(value)) continue;
    largest = std::max(largest, value);
    whole = whole && value == std::floor(value);
    cents = cents && std::fabs(value * 100 - std::round(value * 100)) < 1e-9 * (1 + value * 100);
  }
  if (whole) return 0;
  if (largest < 1) return 4;
  if (cents) return 2;
  return largest < 10 ? 3 : 2;
}

ShownColumn shown_column(const Json& column, const Json& rows, std::size_t index) {
  ShownColumn shown{member_text(column, "name"), member_text(column, "type"),
                    member_text(column, "unit")};
  if (shown.type == "number") shown.decimals = decimals_of(rows, index);
  if (shown.type == "money") {
    const auto decimals = base::currency_decimals(shown.unit);
    shown.decimals = decimals.ok() ? *decimals : 2;
  }
  return shown;
}

// The instant of an RFC 3339 text in UTC, as our documents write them.
std::optional<base::TimeMs> read_instant(const std::string& text) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (text.size() < 20 || text.back() != 'Z') return std::nullopt;
  const auto day = base::parse_date(std::string_view(text).substr(0, 10));
  if (!day.ok()) return std::nullopt;
  if (std::sscanf(text.c_str() + 10, "T%2d:%2d:%2d", &hour, &minute, &second) != 3) {
    return std::nullopt;
  }
  return base::TimeMs{*day} * base::kDayMs + hour * base::kHourMs + minute * base::kMinuteMs +
         second * base::kSecondMs;
}

// Whether so few decimals would show a number that is not 0 as 0.
bool too_small(double number, int decimals) {
  return number != 0 && std::fabs(number) < 0.5 * std::pow(10.0, -decimals);
}

}  // namespace

const Json& member(const Json& object, std::string_view key) {
  if (!object.is_object()) return kNull;
  const auto found = object.find(std::string(key));
  return found == object.end() ? kNull : *found;
}

std::string member_text(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (value.is_null()) return "";
  return safe(value.is_string() ? value.get<std::string>() : engine::dump(value));
}

std::string instant_words(const std::string& text) {
  const auto instant = read_instant(text);
  return instant.has_value() ? base::Zone::utc().format_local(*instant) + " UTC" : safe(text);
}

std::string safe(std::string_view text) {
  constexpr std::size_t kTextBytesMax = 65'536;
  return base::printable(text, kTextBytesMax);
}

std::string grouped(double number, int decimals) {
  if (!std::isfinite(number)) return std::isnan(number) ? std::string(kNoValue) : "∞";
  std::string digits = fmt::format("{:.{}f}", std::fabs(number), decimals);
  std::size_t point = std::min(digits.find('.'), digits.size());
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  while (point > 3) {
    point -= 3;
    digits.insert(point, ",");
  }
  return (number < 0 && !zero ? "-" : "") + digits;
}

std::string share_words(double share) {
  const double percent = share * 100;
  if (percent > 0 && percent < 0.005) return "<0.01 %";
  if (percent != 0 && std::fabs(percent) < 0.1) return fmt::format("{:.2f} %", percent);
  return fmt::format("{:.1f} %", percent);
}

std::string duration_words(std::int64_t milliseconds) {
  if (milliseconds < 0) return "-" + duration_words(-(milliseconds + 1) + 1);
  if (milliseconds < base::kSecondMs) return fmt::format("{} ms", milliseconds);
  if (milliseconds < base::kMinuteMs) {
    const std::int64_t tenths = milliseconds / 100;
    return tenths % 10 == 0 ? fmt::format("{} s", tenths / 10)
                            : fmt::format("{}.{} s", tenths / 10, tenths % 10);
  }
  struct Unit {
    base::TimeMs length;
    char name;
  };
  constexpr Unit kUnits[] = {
      {base::kDayMs, 'd'}, {base::kHourMs, 'h'}, {base::kMinuteMs, 'm'}, {base::kSecondMs, 's'}};
  for (std::size_t i = 0; i + 1 < std::size(kUnits); ++i) {
    if (milliseconds < kUnits[i].length) continue;
    const std::int64_t first = milliseconds / kUnits[i].length;
    const std::int64_t second = milliseconds % kUnits[i].length / kUnits[i + 1].length;
    if (second == 0) return fmt::format("{}{}", first, kUnits[i].name);
    return fmt::format("{}{} {}{}", first, kUnits[i].name, second, kUnits[i + 1].name);
  }
  return "";
}

std::string spoken(std::string_view name) {
  constexpr std::string_view kInitials[] = {"aov", "rfm", "clv", "auc", "id", "sql", "r", "f", "m"};
  std::string words = safe(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  std::string result;
  for (std::size_t from = 0; from <= words.size();) {
    const std::size_t end = std::min(words.find(' ', from), words.size());
    std::string word = words.substr(from, end - from);
    if (std::find(std::begin(kInitials), std::end(kInitials), word) != std::end(kInitials)) {
      for (char& c : word) c = static_cast<char>(c - 'a' + 'A');
    }
    result += (from > 0 ? " " : "") + word;
    from = end + 1;
  }
  return result;
}

std::string title_case(std::string_view name) {
  std::string title = spoken(name);
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') {
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
  }
  return title;
}

std::string request_words(const Json& request) {
  std::vector<std::string> parts;
  if (!request.is_object()) return "";
  for (const auto& [key, value] : request.items()) {
    if (key == "question") continue;
    std::string name = safe(key);
    std::replace(name.begin(), name.end(), '_', ' ');
    if (value.is_boolean() && value.get<bool>()) {
      parts.push_back(name);
      continue;
    }
    std::string words =
        value.is_string() ? safe(value.get<std::string>()) : safe(engine::dump(value));
    // A list on the command line has no blanks behind its commas.
    for (std::size_t at = words.find(','); at != std::string::npos; at = words.find(',', at + 2)) {
      if (at + 1 < words.size() && words[at + 1] != ' ') words.insert(at + 1, " ");
    }
    parts.push_back(name + " " + words);
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::string snapshot_words(const Json& snapshot) {
  if (!snapshot.is_object()) return member_text(Json{{"id", snapshot}}, "id");
  std::string words = member_text(snapshot, "id");
  const std::string content = member_text(snapshot, "content");
  if (!content.empty()) words += " · content " + content.substr(0, kContentShown);
  const std::string complete_to = member_text(snapshot, "complete_to");
  const std::string zone_name = member_text(snapshot, "zone");
  const auto zone = base::Zone::open(zone_name.empty() ? "UTC" : zone_name);
  const auto instant = read_instant(complete_to);
  if (instant.has_value() && zone.ok()) {
    words += fmt::format(" · complete to {} {}", zone->format_local(*instant), zone->name());
  }
  return words;
}

std::vector<ShownWarning> read_warnings(const Json& document) {
  std::vector<ShownWarning> warnings;
  for (const Json& warning : member(document, "warnings")) {
    std::string text = member_text(Json{{"text", warning}}, "text");
    const bool harmless = text.ends_with("rows are shown (limit)");
    warnings.push_back({std::move(text), harmless});
  }
  return warnings;
}

std::string counts_words(const Json& counts) {
  std::vector<std::string> parts;
  if (!counts.is_array()) return "";
  for (const Json& entry : counts) {
    std::string reason = member_text(entry, "reason");
    std::replace(reason.begin(), reason.end(), '_', ' ');
    const Json& count = member(entry, "count");
    parts.push_back(reason + " " +
                    (count.is_number() ? grouped(count.get<double>(), 0) : std::string("?")));
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::string counted_words(double count, std::string_view unit) {
  std::string words = grouped(count, 0);
  for (std::size_t at = 0; at < unit.size();) {
    const std::size_t end = std::min(unit.find(' ', at), unit.size());
    std::string word(unit.substr(at, end - at));
    if (count == 1 && word == "and") word = "or";
    if (count == 1 && word.ends_with('s')) word.pop_back();
    words += " " + word;
    at = end + 1;
  }
  return words;
}

std::string ShownColumn::title() const {
  return verbatim ? safe(name) : spoken(name);
}

bool ShownColumn::right() const {
  return is_number_type(type);
}

std::string ShownColumn::unit_shown() const {
  return type == "money" || type == "number" ? unit : "";
}

AnswerDocument::AnswerDocument(const Json& document, base::Zone zone)
    : document_(&document), rows_(&member(document, "rows")), zone_(std::move(zone)) {
  const Json& columns = member(document, "columns");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns_.push_back(shown_column(columns[i], *rows_, i));
    ShownColumn& shown = columns_.back();
    shown.verbatim = member(document, "question") == Json("sql");
    // A chance that underflowed is small, not none.
    shown.never_zero = shown.name == "p" && shown.type == "number" && !shown.verbatim;
    if (shown.never_zero) shown.decimals = 4;
  }
}

base::Result<AnswerDocument> AnswerDocument::read(const Json& document) {
  const bool shaped = member(document, "columns").is_array() && member(document, "rows").is_array();
  if (!shaped) {
    return base::Error{
        base::ErrorCode::kDamaged,
        "expected an answer with columns and rows: " + base::printable(engine::dump(document)),
        {},
        ""};
  }
  const std::string zone_name = member_text(member(document, "snapshot"), "zone");
  auto zone = base::Zone::open(zone_name.empty() ? "UTC" : zone_name);
  return AnswerDocument(document, zone.ok() ? std::move(zone).value() : base::Zone::utc());
}

const Json& AnswerDocument::cell(std::size_t row, std::size_t column) const {
  const Json& cells = (*rows_)[row];
  return cells.is_array() && column < cells.size() ? cells[column] : kNull;
}

std::string AnswerDocument::text(std::size_t row, std::size_t column) const {
  return text_of(cell(row, column), columns_[column]);
}

std::string AnswerDocument::text_of(const Json& value, const ShownColumn& column) const {
  if (value.is_null()) return std::string(kNoValue);
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number()) {
    if (column.type == "share") return share_words(value.get<double>());
    if (column.type == "duration") {
      return duration_words(static_cast<std::int64_t>(value.get<double>()));
    }
    if (value.is_number_integer() && column.type != "money") {
      if (column.type == "text") return value.dump();
      const std::string zeros(static_cast<std::size_t>(std::max(column.decimals, 0)), '0');
      const std::string digits = base::format_grouped(value.get<std::int64_t>());
      return zeros.empty() ? digits : digits + "." + zeros;
    }
    const auto number = value.get<double>();
    const bool underflowed = column.never_zero && number == 0;
    if (column.type == "number" && (underflowed || too_small(number, column.decimals))) {
      return (number >= 0 ? "<" : ">-") +
             grouped(std::pow(10.0, -column.decimals), column.decimals);
    }
    const bool known = column.type == "money" || column.type == "number";
    return grouped(number, known ? column.decimals : 2);
  }
  if (value.is_string()) {
    const auto text = value.get<std::string>();
    if (column.type == "instant") {
      if (const auto instant = read_instant(text)) return zone_.format_local(*instant);
    }
    return safe(text);
  }
  return safe(engine::dump(value));
}

std::optional<double> AnswerDocument::number(std::size_t row, std::size_t column) const {
  const Json& value = cell(row, column);
  if (!value.is_number()) return std::nullopt;
  const auto number = value.get<double>();
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

const Json& AnswerDocument::view() const {
  return member(*document_, "view");
}

std::string AnswerDocument::view_kind() const {
  const std::string kind = member_text(view(), "kind");
  return kind.empty() ? "table" : kind;
}

std::optional<std::size_t> AnswerDocument::find_column(std::string_view name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> AnswerDocument::view_column(std::string_view setting) const {
  const std::vector<std::size_t> found = view_columns(setting);
  if (found.empty()) return std::nullopt;
  return found.front();
}

std::vector<std::size_t> AnswerDocument::view_columns(std::string_view setting) const {
  const Json& direct = member(view(), setting);
  const Json& value = direct.is_null() ? member(member(view(), "settings"), setting) : direct;
  std::vector<std::size_t> found;
  const std::vector<Json> names =
      value.is_array() ? value.get<std::vector<Json>>() : std::vector<Json>{value};
  for (const Json& name : names) {
    if (!name.is_string()) continue;
    if (const auto column = find_column(name.get<std::string>())) found.push_back(*column);
  }
  return found;
}

std::optional<std::size_t> AnswerDocument::interval_column() const {
  const Json& intervals = member(*document_, "interval");
  if (!intervals.is_array() || intervals.empty()) return std::nullopt;
  if (const auto named = view_column("interval")) return named;
  std::optional<std::size_t> share;
  std::optional<std::size_t> number;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].type == "share") share = i;
    if (columns_[i].type == "number" || columns_[i].type == "money") number = i;
  }
  return share.has_value() ? share : number;
}

std::optional<std::pair<double, double>> AnswerDocument::interval(std::size_t row) const {
  const Json& intervals = member(*document_, "interval");
  if (!intervals.is_array() || row >= intervals.size()) return std::nullopt;
  const Json& pair = intervals[row];
  if (!pair.is_array() || pair.size() != 2) return std::nullopt;
  if (!pair[0].is_number() || !pair[1].is_number()) return std::nullopt;
  return std::pair{pair[0].get<double>(), pair[1].get<double>()};
}

std::string AnswerDocument::interval_text(std::size_t row) const {
  const auto column = interval_column();
  const auto bounds = interval(row);
  if (!column.has_value() || !bounds.has_value() || cell(row, *column).is_null()) return "";
  if (columns_[*column].type == "share") {
    return fmt::format("{:.1f}–{:.1f} %", bounds->first * 100, bounds->second * 100);
  }
  const int decimals = std::max(columns_[*column].decimals, 1);
  return grouped(bounds->first, decimals) + "–" + grouped(bounds->second, decimals);
}

}  // namespace footfall::cli
