#include "footfall/base/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace footfall::base {
namespace {

constexpr std::int64_t kUnitsMax = 9'000'000'000'000;
constexpr int kPriceDecimals = 6;

// ISO 4217 codes in use, by number of decimals; all others in the list below have two.
constexpr std::string_view kNoDecimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr std::string_view kThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view kTwoDecimals =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWL";

bool listed(std::string_view list, std::string_view code) {
  for (std::size_t at = 0; at + 3 <= list.size(); at += 4) {
    if (list.substr(at, 3) == code) return true;
  }
  return false;
}

Error bad_price(std::string_view text, std::string_view why) {
  return invalid(fmt::format("expected a decimal number such as 1234.50{}: {}", why, text));
}

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::string with_point(std::string digits, int decimals) {
  if (decimals == 0) return digits;
  const auto wanted = static_cast<std::size_t>(decimals) + 1;
  if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(decimals), ".");
  return digits;
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? 0u - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::string group_thousands(std::string digits) {
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

}  // namespace

Result<PriceMicros> parse_price(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  std::int64_t units = 0;
  std::size_t at = 0;
  for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at) {
    units = units * 10 + (rest[at] - '0');
    if (units > kUnitsMax) return bad_price(text, " below 9,000,000,000,000");
  }
  const bool has_units = at > 0;
  std::int64_t micros = 0;
  int decimals = 0;
  if (at < rest.size() && rest[at] == '.') {
    for (++at; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at) {
      if (decimals == kPriceDecimals) {
        if (rest[at] != '0') return bad_price(text, " with at most six decimals");
        continue;
      }
      micros = micros * 10 + (rest[at] - '0');
      ++decimals;
    }
  }
  if (at != rest.size() || (!has_units && decimals == 0)) {
    const bool comma = rest.find(',') != std::string_view::npos;
    return bad_price(text, comma ? ", a point before the decimals and no grouping" : "");
  }
  micros *= power_of_ten(kPriceDecimals - decimals);
  if (units == kUnitsMax && micros > 0) return bad_price(text, " below 9,000,000,000,000");
  const PriceMicros value = units * kMicrosPerUnit + micros;
  return negative ? -value : value;
}

std::string format_price(PriceMicros price) {
  std::string text = with_point(fmt::format("{}", magnitude(price)), kPriceDecimals);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return price < 0 ? "-" + text : text;
}

Result<int> currency_decimals(std::string_view code) {
  if (code.size() == 3) {
    if (listed(kTwoDecimals, code)) return 2;
    if (listed(kNoDecimals, code)) return 0;
    if (listed(kThreeDecimals, code)) return 3;
  }
  return invalid(fmt::format("expected an ISO 4217 currency such as EUR, GBP or JPY: {}", code),
                 "currency");
}

Result<MoneyMinor> line_amount(std::int64_t quantity, PriceMicros price, int decimals) {
  const __int128_t exact = static_cast<__int128_t>(quantity) * price;
  const std::int64_t unit = power_of_ten(kPriceDecimals - decimals);
  __int128_t whole = exact / unit;
  const __int128_t rest = exact % unit;
  const __int128_t twice = (rest < 0 ? -rest : rest) * 2;
  const bool odd = whole % 2 != 0;
  if (twice > unit || (twice == unit && odd)) whole += exact < 0 ? -1 : 1;
  if (whole > std::numeric_limits<MoneyMinor>::max() ||
      whole < std::numeric_limits<MoneyMinor>::min()) {
    return invalid(
        fmt::format("quantity x price is too large: {} x {}", quantity, format_price(price)));
  }
  return static_cast<MoneyMinor>(whole);
}

bool line_fits(std::int64_t quantity, PriceMicros price, int decimals) {
  constexpr std::int64_t kEnd = 1'000'000'000'000'000'000;
  const auto within = [](std::int64_t value) { return value < kEnd && value > -kEnd; };
  const Result<MoneyMinor> amount = line_amount(quantity, price, decimals);
  return within(price) && amount.ok() && within(*amount);
}

std::string format_money(MoneyMinor amount, int decimals) {
  const std::string text = with_point(fmt::format("{}", magnitude(amount)), decimals);
  return amount < 0 ? "-" + text : text;
}

std::string format_money_grouped(MoneyMinor amount, int decimals) {
  std::string text = with_point(fmt::format("{}", magnitude(amount)), decimals);
  const std::size_t point = std::min(text.find('.'), text.size());
  text = group_thousands(text.substr(0, point)) + text.substr(point);
  return amount < 0 ? "-" + text : text;
}

std::string format_grouped(std::int64_t number) {
  const std::string text = group_thousands(fmt::format("{}", magnitude(number)));
  return number < 0 ? "-" + text : text;
}

std::string format_count(std::int64_t number, std::string_view one, std::string_view many) {
  const std::string count = format_grouped(number);
  if (number == 1 || many.empty())
    return fmt::format("{} {}{}", count, one, number == 1 ? "" : "s");
  return fmt::format("{} {}", count, many);
}

}  // namespace footfall::base
