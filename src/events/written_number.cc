#include "footfall/events/written_number.h"

#include <algorithm>
#include <array>

#include "footfall/events/currency_mark.h"

namespace footfall::events {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kBytesMax = 96;  // Longer texts are no amounts that anybody writes.

// No-break, narrow no-break, thin and figure space beside the plain one.
constexpr auto kBlanks = std::to_array<std::string_view>(
    {" ", "\t", "\r", "\n", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x87"});
// Blanks, then apostrophes: typewriter's, typographer's, and that of Windows-1252 read as Latin-1.
constexpr auto kGroupMarks =
    std::to_array<std::string_view>({" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89",
                                     "\xE2\x80\x87", "'", "\xE2\x80\x99", "\xC2\x92"});
constexpr auto kSigns = std::to_array<std::string_view>({"-", "+", "\xE2\x88\x92"});

std::string_view without_blanks(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : kBlanks) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        again = true;
      }
      if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        again = true;
      }
    }
  }
  return text;
}

// Takes a sign off either end of what stands before the digits; "" = there is none.
std::string_view take_sign(std::string_view& before) {
  for (const std::string_view sign : kSigns) {
    const bool first = before.starts_with(sign);
    if (!first && !before.ends_with(sign)) continue;
    first ? before.remove_prefix(sign.size()) : before.remove_suffix(sign.size());
    before = without_blanks(before);
    return sign == "+" ? "+" : "-";
  }
  return "";
}

// "1 234,50" -> "1234,50"; nothing where the groups are broken.
std::optional<std::string> without_groups(std::string_view number) {
  const std::string_view whole = number.substr(0, number.find_first_of(".,"));
  const std::string_view rest = number.substr(whole.size());
  if (rest.find_first_not_of("0123456789.,") != std::string_view::npos) return std::nullopt;
  std::size_t at = std::min(whole.find_first_not_of(kDigits), whole.size());
  if (at == whole.size()) return std::string(number);
  const std::string_view first_mark = whole.substr(at);
  const auto* const mark =
      std::find_if(kGroupMarks.begin(), kGroupMarks.end(),
                   [&](std::string_view one) { return first_mark.starts_with(one); });
  if (mark == kGroupMarks.end() || at == 0 || at > 3) return std::nullopt;
  std::string digits(whole.substr(0, at));
  while (at < whole.size()) {
    if (!whole.substr(at).starts_with(*mark)) return std::nullopt;
    const std::string_view group = whole.substr(at + mark->size(), 3);
    if (group.size() != 3 || group.find_first_not_of(kDigits) != std::string_view::npos) {
      return std::nullopt;
    }
    digits += group;
    at += mark->size() + 3;
  }
  return digits.append(rest);
}

}  // namespace

std::optional<WrittenNumber> written_number(std::string_view text) {
  if (text.size() > kBytesMax) return std::nullopt;
  const std::size_t first = text.find_first_of(kDigits);
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t last = text.find_last_of(kDigits);
  std::string_view before = without_blanks(text.substr(0, first));
  const std::string_view after = without_blanks(text.substr(last + 1));
  auto digits = without_groups(text.substr(first, last + 1 - first));
  if (!digits) return std::nullopt;
  const std::string_view sign = take_sign(before);
  // "€ .50", but not "Fr.50".
  if (!before.empty() && !is_currency_mark(before) && first > 0 &&
      (text[first - 1] == '.' || text[first - 1] == ',')) {
    digits->insert(0, 1, text[first - 1]);
    before = without_blanks(before.substr(0, before.size() - 1));
  }
  if (!before.empty() && !after.empty()) return std::nullopt;
  const std::string_view currency = before.empty() ? after : before;
  if (!currency.empty() && !is_currency_mark(currency)) return std::nullopt;
  return WrittenNumber{std::string(sign) + *digits, std::string(currency)};
}

}  // namespace footfall::events
