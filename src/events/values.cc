#include "footfall/events/values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "footfall/base/time.h"
#include "footfall/base/words.h"
#include "footfall/events/schema.h"
#include "footfall/events/written_number.h"

namespace footfall::events {
namespace {

constexpr std::string_view kDigits = "0123456789";
// Longer texts are no numbers that anybody writes; keeps every buffer on the stack.
constexpr std::size_t kNumberBytesMax = 64;
constexpr double kMicros = 1e6;

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text;
}

// "1,234,567": one to three digits, then groups of exactly three.
bool is_grouped(std::string_view text, char separator) {
  const std::size_t first = text.find(separator);
  if (first == 0 || first > 3 || first == std::string_view::npos) return false;
  if (!all_digits(text.substr(0, first))) return false;
  for (std::size_t at = first; at < text.size(); at += 4) {
    if (text[at] != separator || text.size() - at < 4) return false;
    if (!all_digits(text.substr(at + 1, 3))) return false;
  }
  return true;
}

// What a number's text may be read as.
struct Readings {
  bool point = false;    // 1234.50
  bool grouped = false;  // 1,234.50
  bool comma = false;    // 1.234,50
};

bool whole_part(std::string_view text, char separator) {
  return all_digits(text) || is_grouped(text, separator);
}

Readings readings_of(std::string_view text) {
  const std::string_view number = without_sign(base::trim(text));
  Readings readings;
  const std::size_t last_point = number.rfind('.');
  const std::size_t last_comma = number.rfind(',');
  const auto part = [&](std::size_t from, std::size_t to) {
    return number.substr(from, to - from);
  };
  constexpr std::size_t kNone = std::string_view::npos;
  if (last_comma == kNone) {
    readings.point = all_digits(part(0, std::min(last_point, number.size()))) &&
                     (last_point == kNone || all_digits(number.substr(last_point + 1)));
  } else if (last_point == kNone || last_point > last_comma) {
    const std::string_view whole = part(0, std::min(last_point, number.size()));
    const std::string_view decimals =
        last_point == kNone ? std::string_view("0") : number.substr(last_point + 1);
    readings.grouped = is_grouped(whole, ',') && all_digits(decimals);
  }
  if (last_comma == kNone) {
    // Nobody writes thousands of nothing: 0.500 is a half.
    readings.comma = whole_part(number, '.') && !number.starts_with("0.");
  } else if (last_point == kNone || last_point < last_comma) {
    readings.comma =
        whole_part(number.substr(0, last_comma), '.') && all_digits(number.substr(last_comma + 1));
  }
  return readings;
}

// The number in the one form that parse_price reads; empty when it is of another style.
std::string_view plain_number(std::string_view text, NumberStyle style,
                              std::array<char, kNumberBytesMax>& buffer) {
  const std::string_view number = base::trim(text);
  if (number.size() > kNumberBytesMax) return {};
  if (style == NumberStyle::kPoint || number.find_first_of(",.") == std::string_view::npos) {
    return number;
  }
  const Readings readings = readings_of(number);
  const bool comma_style = style == NumberStyle::kComma;
  if (comma_style ? !readings.comma : !(readings.grouped || readings.point)) return {};
  std::size_t size = 0;
  for (const char c : number) {
    if (c == (comma_style ? '.' : ',')) continue;
    buffer[size++] = c == ',' ? '.' : c;
  }
  return {buffer.data(), size};
}

// Rounds the decimals beyond the sixth half to even; nothing when the rest is no number.
std::optional<Amount> round_long_decimals(std::string_view number) {
  const std::size_t point = number.find('.');
  if (point == std::string_view::npos || number.size() - point - 1 <= 6) return std::nullopt;
  const std::string_view beyond = number.substr(point + 7);
  if (!all_digits(beyond)) return std::nullopt;
  const auto kept = base::parse_price(number.substr(0, point + 7));
  if (!kept.ok()) return std::nullopt;
  const bool above_half =
      beyond[0] > '5' ||
      (beyond[0] == '5' && beyond.find_first_not_of('0', 1) != std::string_view::npos);
  const bool half = beyond[0] == '5' && !above_half;
  Amount amount{*kept, true};
  if (above_half || (half && *kept % 2 != 0)) amount.micros += number[0] == '-' ? -1 : 1;
  return amount;
}

}  // namespace

void NumberVotes::see(std::string_view text) {
  ++seen_;
  Readings readings = readings_of(text);
  std::optional<WrittenNumber> written;
  if (!readings.point && !readings.grouped && !readings.comma) written = written_number(text);
  if (written) {
    text = written->digits;
    readings = readings_of(text);
  }
  if (readings.point && !readings.comma) ++point_;
  if (readings.grouped && !readings.comma) ++grouped_;
  if (readings.comma && !readings.point && !readings.grouped) ++comma_;
  if (!readings.point && !readings.grouped && !readings.comma) ++unreadable_;
  const bool marked = text.find_first_of(".,") != std::string_view::npos;
  const bool either = marked && readings.comma && (readings.point || readings.grouped);
  if (either) ++either_;
  if (either && readings.grouped && !readings.point) ++commas_;
}

NumberStyle NumberVotes::style() const {
  if (comma_ > point_ + grouped_) return NumberStyle::kComma;
  // Beside 3.50, 1,234 is a thousand and more.
  const bool grouped = grouped_ > 0 || (point_ > 0 && commas_ > 0);
  return grouped ? NumberStyle::kGroupedPoint : NumberStyle::kPoint;
}

std::optional<Amount> parse_amount(std::string_view text, NumberStyle style) {
  std::array<char, kNumberBytesMax> buffer;
  const std::string_view number = plain_number(text, style, buffer);
  if (number.empty()) return std::nullopt;
  if (const auto price = base::parse_price(number); price.ok()) return Amount{*price, false};
  return round_long_decimals(number);
}

std::optional<WrittenAmount> parse_written(std::string_view text, NumberStyle style) {
  auto written = written_number(text);
  if (!written) return std::nullopt;
  const auto amount = parse_amount(written->digits, style);
  if (!amount) return std::nullopt;
  return WrittenAmount{*amount, std::move(written->currency)};
}

std::optional<Amount> amount_of(double value) {
  constexpr double kMost = 9e12;
  if (!std::isfinite(value) || std::abs(value) > kMost) return std::nullopt;
  return Amount{static_cast<base::PriceMicros>(std::llround(value * kMicros)), false};
}

std::optional<std::int64_t> parse_whole(std::string_view text, NumberStyle style) {
  const auto amount = parse_amount(text, style);
  if (!amount || amount->rounded || amount->micros % base::kMicrosPerUnit != 0) {
    return std::nullopt;
  }
  return amount->micros / base::kMicrosPerUnit;
}

std::optional<std::int64_t> whole_of(double value) {
  constexpr double kMost = 9e12;
  if (!std::isfinite(value) || std::abs(value) > kMost || std::floor(value) != value) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

std::optional<Amount> read_amount(const RawColumn& column, std::size_t row, NumberStyle style) {
  constexpr std::int64_t kMost = 9'000'000'000'000;
  switch (column.kind) {
    case CellKind::kText:
      return parse_amount(column.texts[row], style);
    case CellKind::kReal:
      return amount_of(column.reals[row]);
    case CellKind::kInteger:
      break;
    case CellKind::kInstant:
      return std::nullopt;
  }
  const std::int64_t value = column.integers[row];
  if (value > kMost || value < -kMost) return std::nullopt;
  return Amount{value * base::kMicrosPerUnit, false};
}

namespace {

// As parse_whole, with groups such as "1 234" too; pieces have no currency.
std::optional<std::int64_t> written_whole(std::string_view text, NumberStyle style) {
  if (const auto whole = parse_whole(text, style)) return whole;
  const auto written = written_number(text);
  if (!written || !written->currency.empty()) return std::nullopt;
  return parse_whole(written->digits, style);
}

}  // namespace

std::optional<std::int64_t> read_whole(const RawColumn& column, std::size_t row,
                                       NumberStyle style) {
  switch (column.kind) {
    case CellKind::kText:
      return written_whole(column.texts[row], style);
    case CellKind::kReal:
      return whole_of(column.reals[row]);
    case CellKind::kInteger:
      break;
    case CellKind::kInstant:
      return std::nullopt;
  }
  constexpr std::int64_t kMost = 9'000'000'000'000;
  const std::int64_t value = column.integers[row];
  if (value > kMost || value < -kMost) return std::nullopt;
  return value;
}

std::string too_large(std::int64_t quantity, base::PriceMicros price) {
  return fmt::format(
      "expected a price below 1,000,000,000,000 and quantity x price of at most 18 digits: {} x {}",
      quantity, base::format_price(price));
}

bool is_float_id(std::string_view text) {
  return text.size() > 2 && text.ends_with(".0") && all_digits(text.substr(0, text.size() - 2));
}

std::string cell_text(const RawColumn& column, std::size_t row) {
  if (column.is_absent(row)) return "";
  switch (column.kind) {
    case CellKind::kText:
      return std::string(column.texts[row]);
    case CellKind::kInteger:
      return std::to_string(column.integers[row]);
    case CellKind::kReal:
      return fmt::format("{}", column.reals[row]);
    case CellKind::kInstant:
      break;
  }
  const std::int64_t micros = column.integers[row];
  constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
  if (micros == kForever) return "infinity";
  if (micros <= -kForever) return "-infinity";
  const std::int64_t rest = ((micros % base::kSecondMs) + base::kSecondMs) % base::kSecondMs;
  std::string text = base::format_instant((micros - rest) / base::kSecondMs);
  if (rest == 0) return text;
  text.pop_back();
  if (text.find('.') == std::string::npos) text += ".000";
  return fmt::format("{}{:03}Z", text, rest);
}

char unaccented(unsigned char second_byte) {
  constexpr std::string_view kLatin =
      "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty";
  return kLatin[second_byte & 0x3F];
}

std::string snake_case(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon != std::string_view::npos && name.find_first_of(" .") == std::string_view::npos) {
    name = name.substr(0, colon);
  }
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto lower_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const auto next = static_cast<unsigned char>(i + 1 < name.size() ? name[i + 1] : '\0');
    if (c == '\xC3' && next >= 0x80 && next < 0xC0 && unaccented(next) != '.') {
      result += unaccented(next);
      ++i;
      continue;
    }
    if (!upper(c) && !lower_or_digit(c)) {
      if (!result.empty() && result.back() != '_') result += '_';
      continue;
    }
    // A capital begins a word after a small letter ("invoiceNo") and before one ("SKUCode").
    const bool after_small = i > 0 && lower_or_digit(name[i - 1]);
    const bool before_small = i > 0 && upper(name[i - 1]) && i + 1 < name.size() &&
                              name[i + 1] >= 'a' && name[i + 1] <= 'z';
    if (upper(c) && (after_small || before_small) && !result.empty() && result.back() != '_') {
      result += '_';
    }
    result += upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  if (!result.empty() && result[0] >= '0' && result[0] <= '9') result.insert(0, "c_");
  if (result.size() > kNameBytesMax) result.resize(kNameBytesMax);
  return result;
}

}  // namespace footfall::events
