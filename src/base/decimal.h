// Decimal numbers and money: exact integers from text, never through binary floating point.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "footfall/base/result.h"

namespace footfall::base {

/// A unit price in millionths of the currency's major unit: 2.55 GBP = 2,550,000.
/// Six decimals are the limit of what a price may have.
using PriceMicros = std::int64_t;

/// An amount in minor units of a currency: 2.55 GBP = 255.
using MoneyMinor = std::int64_t;

inline constexpr PriceMicros kMicrosPerUnit = 1'000'000;

/// Reads "1234.50", "-0.001", "+3". Only digits, one point, a leading sign: no blanks, grouping,
/// exponents, NaN. Refuses more than six decimals and |value| above 9 * 10^12 (invalid_argument);
/// the message ends with the text. A text such as "1.234,50" is told to be of another style.
Result<PriceMicros> parse_price(std::string_view text);

/// The shortest exact decimal: 2,550,000 -> "2.55".
std::string format_price(PriceMicros price);

/// Decimals of an ISO 4217 currency: JPY 0, EUR 2, BHD 3. Refuses unknown codes.
Result<int> currency_decimals(std::string_view code);

/// quantity x price in minor units, rounded half to even once (SEMANTICS 1.4).
/// Refuses results outside 64 bits.
Result<MoneyMinor> line_amount(std::int64_t quantity, PriceMicros price, int decimals);

/// Whether a line's unit price (in millionths) and amount (in minor units) have at most 18 digits,
/// so that every answer can hold them.
bool line_fits(std::int64_t quantity, PriceMicros price, int decimals);

/// 576193138 with 2 decimals -> "5761931.38".
std::string format_money(MoneyMinor amount, int decimals);

/// As format_money with a comma between thousands, for people: "5,761,931.38".
std::string format_money_grouped(MoneyMinor amount, int decimals);

/// 1234567 -> "1,234,567".
std::string format_grouped(std::int64_t number);

/// "1 person", "1,234 persons"; `many` where an s does not make it: ("entry", "entries").
std::string format_count(std::int64_t number, std::string_view one, std::string_view many = {});

}  // namespace footfall::base
