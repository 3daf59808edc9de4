#include "footfall/events/currency_mark.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "footfall/base/decimal.h"
#include "footfall/base/words.h"

namespace footfall::events {
namespace {

struct Sign {
  std::string_view text;   // ASCII letters in lower case.
  std::string_view codes;  // Separated by blanks.
};

constexpr std::string_view kDollars =
    "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD "
    "SRD TTD TWD UYU XCD";

constexpr auto kSigns = std::to_array<Sign>({
    {"€", "EUR"},
    {"\xC2\x80", "EUR"},  // € of Windows-1252 in a file read as Latin-1.
    {"£", "GBP"},
    {"$", kDollars},
    {"us$", "USD"},
    {"a$", "AUD"},
    {"au$", "AUD"},
    {"c$", "CAD"},
    {"ca$", "CAD"},
    {"hk$", "HKD"},
    {"mx$", "MXN"},
    {"nt$", "TWD"},
    {"nz$", "NZD"},
    {"r$", "BRL"},
    {"s$", "SGD"},
    {"¥", "JPY CNY"},
    {"￥", "JPY CNY"},
    {"kr", "SEK NOK DKK ISK"},
    {"kr.", "SEK NOK DKK ISK"},
    {"fr.", "CHF"},
    {"sfr", "CHF"},
    {"sfr.", "CHF"},
    {"zł", "PLN"},
    {"kč", "CZK"},
    {"ft", "HUF"},
    {"₹", "INR"},
    {"₺", "TRY"},
    {"₽", "RUB"},
    {"₴", "UAH"},
    {"₪", "ILS"},
    {"₩", "KRW"},
    {"₫", "VND"},
    {"฿", "THB"},
    {"₱", "PHP"},
    {"₦", "NGN"},
});

std::string iso_code(std::string_view mark) {
  std::string code(mark);
  for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return base::currency_decimals(code).ok() ? code : std::string();
}

// What a mark may mean; "" = it is none.
std::string codes_of(std::string_view mark) {
  const std::string lower = base::ascii_lower(mark);
  const auto* const sign = std::find_if(kSigns.begin(), kSigns.end(),
                                        [&](const Sign& one) { return one.text == lower; });
  return sign == kSigns.end() ? iso_code(mark) : std::string(sign->codes);
}

}  // namespace

bool is_currency_mark(std::string_view text) {
  return !codes_of(text).empty();
}

base::Result<std::string> currency_of_mark(std::string_view mark, std::string_view stated,
                                           std::string_view shop) {
  const std::string codes = codes_of(mark);
  const auto may_be = [&](std::string_view code) {
    return !code.empty() && codes.find(code) != std::string::npos;
  };
  if (may_be(stated)) return std::string(stated);
  if (!stated.empty()) {
    return base::invalid(fmt::format("expected an amount in {}, as the row says elsewhere: {}",
                                     base::printable(stated), base::printable(mark)));
  }
  if (may_be(shop)) return std::string(shop);
  if (codes.size() == 3) return codes;
  return base::invalid(
      fmt::format("expected a currency that is told by its sign; name it in a mapping, as in "
                  "\"currency\": \"{}\": {}",
                  codes.substr(0, 3), base::printable(mark)));
}

}  // namespace footfall::events
