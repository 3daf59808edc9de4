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

enum class Meaning : std::uint8_t {
  kNoMerchandise,
  kChargeAsCode,  // A charge where it is an item's code; as a name it may be merchandise.
  kCharge,
};

struct BookkeepingWord {
  std::string_view word;
  Meaning meaning = Meaning::kNoMerchandise;
};

constexpr auto kWords = std::to_array<BookkeepingWord>({
    {"dot"},
    {"m"},
    {"manual"},
    {"d"},
    {"c2"},
    {"cruk"},
    {"s"},
    {"sample"},
    {"samples"},
    {"b"},
    {"pads"},
    {"test"},
    {"adjust"},
    {"post", Meaning::kChargeAsCode},
    {"delivery", Meaning::kChargeAsCode},
    {"deposit", Meaning::kChargeAsCode},
    {"voucher", Meaning::kChargeAsCode},
    {"postage", Meaning::kCharge},
    {"carriage", Meaning::kCharge},
    {"shipping", Meaning::kCharge},
    {"shipping costs", Meaning::kCharge},
    {"shipping fee", Meaning::kCharge},
    {"discount", Meaning::kCharge},
    {"bank charges", Meaning::kCharge},
    {"fee", Meaning::kCharge},
    {"fees", Meaning::kCharge},
    {"amazonfee", Meaning::kCharge},
    {"versand", Meaning::kCharge},
    {"porto", Meaning::kCharge},
    {"portokosten", Meaning::kCharge},
    {"porto und verpackung", Meaning::kCharge},
    {"versandpauschale", Meaning::kCharge},
    {"lieferkosten", Meaning::kCharge},
    {"versandkosten", Meaning::kCharge},
    {"frais de port", Meaning::kCharge},
    {"gastos de envío", Meaning::kCharge},
    {"spese di spedizione", Meaning::kCharge},
});

constexpr std::array<std::string_view, 4> kWordPrefixes = {"gift_", "dcgs", "test_", "adjust_"};

const BookkeepingWord* find_word(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() > kLongest) return nullptr;
  const std::string word = base::ascii_lower(base::trim(text));
  const auto found = std::find_if(kWords.begin(), kWords.end(),
                                  [&](const BookkeepingWord& one) { return one.word == word; });
  return found != kWords.end() ? &*found : nullptr;
}

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
  if (find_word(item) != nullptr) return true;
  const std::string word = base::ascii_lower(item.substr(0, 8));
  return std::any_of(kWordPrefixes.begin(), kWordPrefixes.end(),
                     [&](std::string_view prefix) { return word.starts_with(prefix); });
}

bool is_charge(std::string_view code, std::string_view name) {
  const BookkeepingWord* const by_code = find_word(code);
  if (by_code != nullptr && by_code->meaning != Meaning::kNoMerchandise) return true;
  const BookkeepingWord* const by_name = find_word(name);
  return by_name != nullptr && by_name->meaning == Meaning::kCharge;
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
