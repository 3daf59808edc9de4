// Fuzzes cells as values: times, numbers, ids, names and item lists of any bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "footfall/base/check.h"
#include "footfall/base/words.h"
#include "footfall/events/cell_codes.h"
#include "footfall/events/currency_mark.h"
#include "footfall/events/event_words.h"
#include "footfall/events/item_lines.h"
#include "footfall/events/schema.h"
#include "footfall/events/time_text.h"
#include "footfall/events/values.h"
#include "footfall/events/written_number.h"

namespace footfall::events {
namespace {

void check_times(std::string_view text) {
  static const base::Zone london = *base::Zone::open("Europe/London");
  for (const TimeUnit unit : {TimeUnit::kText, TimeUnit::kSeconds, TimeUnit::kMillis,
                              TimeUnit::kMicros, TimeUnit::kNanos}) {
    for (const DateOrder order : {DateOrder::kYmd, DateOrder::kDmy, DateOrder::kMdy}) {
      const TimeRead read = TimeReader(unit, order, london).text(text);
      if (read.outcome != TimeOutcome::kRead) continue;
      FOOTFALL_CHECK(read.time >= base::kTimeMin && read.time < base::kTimeEnd);
      FOOTFALL_CHECK(read.remainder_ns >= 0 && read.remainder_ns < 1'000'000);
      // What is read as text is written and read back as the same instant.
      const std::string written = base::format_instant(read.time);
      FOOTFALL_CHECK(TimeReader(TimeUnit::kText, DateOrder::kYmd, london).text(written).time ==
                     read.time);
    }
  }
  TimeVotes votes;
  votes.see_text(text);
  FOOTFALL_CHECK(votes.readable() <= votes.seen());
}

void check_numbers(std::string_view text) {
  for (const NumberStyle style :
       {NumberStyle::kPoint, NumberStyle::kGroupedPoint, NumberStyle::kComma}) {
    const auto amount = parse_amount(text, style);
    const auto whole = parse_whole(text, style);
    if (whole) FOOTFALL_CHECK(amount && *whole * base::kMicrosPerUnit == amount->micros);
    if (!amount) continue;
    const auto again = parse_amount(base::format_price(amount->micros), NumberStyle::kPoint);
    FOOTFALL_CHECK(again && again->micros == amount->micros);
  }
  NumberVotes votes;
  votes.see(text);
  votes.style();
  const auto written = written_number(text);
  if (!written) return;
  FOOTFALL_CHECK(written->digits.find_first_not_of("+-0123456789.,") == std::string::npos);
  if (written->currency.empty()) return;
  FOOTFALL_CHECK(is_currency_mark(written->currency));
  for (const std::string_view stated : {"", "USD"}) {
    const auto code = currency_of_mark(written->currency, stated, "EUR");
    if (code.ok()) FOOTFALL_CHECK(base::currency_decimals(*code).ok());
    if (code.ok() && !stated.empty()) FOOTFALL_CHECK(*code == stated);
  }
}

void check_ids(std::string_view text) {
  StringTable table;
  CellCodes codes(table, {"user:", kIdBytesMax, true, false, true});
  const CellCodes::Code code = codes.text(text);
  FOOTFALL_CHECK(code == codes.text(text));
  if (code == CellCodes::kAbsent || code >= CellCodes::kFirstProblem) return;
  const std::string_view value = person_value(table.text(code));
  FOOTFALL_CHECK(base::valid_utf8(value) && value.size() <= kIdBytesMax && !is_bad_id(value));
}

void check_names(std::string_view text) {
  const std::string name = event_of_cell(text);
  FOOTFALL_CHECK(name.empty() || built_in_code(name) || valid_own_name(name));
  const std::string property = snake_case(text);
  FOOTFALL_CHECK(property.empty() || valid_own_name(property));
}

}  // namespace
}  // namespace footfall::events

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace footfall::events;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_times(text);
  check_numbers(text);
  check_ids(text);
  check_names(text);
  static ItemReader reader;
  const auto items = reader.items(text, 2);
  if (items.ok()) FOOTFALL_CHECK(items->size() <= kLinesMax);
  const auto parameters = reader.parameters(text);
  if (parameters.ok()) FOOTFALL_CHECK(parameters->size() <= size);
  return 0;
}
