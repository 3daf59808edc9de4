#include "footfall/events/cleaning_rules.h"

#include <algorithm>
#include <array>

#include "footfall/base/words.h"

namespace footfall::events {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array<std::string_view, 24> kWords = {
    "post",   "postage",  "dot",          "m",   "manual", "d",         "discount",
    "c2",     "carriage", "bank charges", "fee", "fees",   "amazonfee", "cruk",
    "s",      "sample",   "samples",      "b",   "pads",   "test",      "shipping",
    "adjust", "deposit",  "voucher"};

constexpr std::array<std::string_view, 4> kWordPrefixes = {"gift_", "dcgs", "test_", "adjust_"};

constexpr std::array<std::string_view, 15> kChargeWords = {
    "postage",      "shipping",  "carriage", "delivery",       "discount",
    "bank charges", "fee",       "fees",     "voucher",        "post",
    "deposit",      "amazonfee", "versand",  "shipping costs", "shipping fee"};

}  // namespace

bool has_number_prefix(std::string_view order, std::string_view prefix) {
  if (prefix.empty() || order.size() <= prefix.size() || !order.starts_with(prefix)) return false;
  const std::string_view number = order.substr(prefix.size());
  return std::all_of(number.begin(), number.end(), is_digit);
}

RowClass classify_row(const OrderRow& row, const Mapping& mapping) {
  if (has_number_prefix(row.order, mapping.cancellation_prefix)) return RowClass::kCancellation;
  if (has_number_prefix(row.order, mapping.adjustment_prefix)) {
    return RowClass::kAccountingAdjustment;
  }
  if (row.quantity >= 0) return RowClass::kSale;
  return row.has_customer || row.price != 0 ? RowClass::kCancellation : RowClass::kStockAdjustment;
}

bool is_merchandise_code(std::string_view item, int digits) {
  const auto count = static_cast<std::size_t>(digits);
  if (item.size() < count) return false;
  return std::all_of(item.begin(), item.begin() + digits, is_digit) &&
         std::all_of(item.begin() + digits, item.end(), is_letter);
}

bool is_bookkeeping_word(std::string_view item) {
  constexpr std::size_t kLongest = 40;
  if (item.size() > kLongest) return false;
  const std::string word = base::ascii_lower(item);
  if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
  return std::any_of(kWordPrefixes.begin(), kWordPrefixes.end(),
                     [&](std::string_view prefix) { return word.starts_with(prefix); });
}

bool is_charge_word(std::string_view text) {
  const std::string word = base::ascii_lower(base::trim(text));
  return std::find(kChargeWords.begin(), kChargeWords.end(), word) != kChargeWords.end();
}

bool is_bookkeeping(std::string_view item, const Mapping& mapping) {
  switch (mapping.bookkeeping) {
    case Bookkeeping::kOff:
      return false;
    case Bookkeeping::kWords:
      return is_bookkeeping_word(item);
    case Bookkeeping::kDigits:
      return !is_merchandise_code(item, mapping.merchandise_digits);
  }
  return false;
}

}  // namespace footfall::events
