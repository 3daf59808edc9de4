// Prices and amounts from any bytes: what is read must be written and read again unchanged.
#include <string_view>

#include "footfall/base/check.h"
#include "footfall/base/decimal.h"
#include "footfall/base/words.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace footfall::base;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto price = parse_price(text);
  if (!price.ok()) {
    FOOTFALL_CHECK(!price.error().message.empty());
    return 0;
  }
  const auto again = parse_price(format_price(*price));
  FOOTFALL_CHECK(again.ok() && *again == *price);
  for (const int decimals : {0, 2, 3}) {
    for (const std::int64_t quantity : {std::int64_t{-3}, std::int64_t{1}, std::int64_t{1} << 40}) {
      const auto amount = line_amount(quantity, *price, decimals);
      if (amount.ok()) FOOTFALL_CHECK(!format_money_grouped(*amount, decimals).empty());
    }
  }
  return 0;
}
