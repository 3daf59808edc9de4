// Durations, dates, zones and their rules, currencies and UTF-8 from any bytes: what is read is
// read back equal.
#include <string_view>

#include "footfall/base/check.h"
#include "footfall/base/decimal.h"
#include "footfall/base/time.h"
#include "footfall/base/words.h"
#include "footfall/base/zone.h"
#include "footfall/base/zone_rule.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace footfall::base;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto duration = parse_duration(text);
  if (duration.ok()) FOOTFALL_CHECK(*parse_duration(format_duration(*duration)) == *duration);
  const auto day = parse_date(text);
  if (day.ok()) FOOTFALL_CHECK(format_date(*day) == text);
  if (text.find('/') != std::string_view::npos) {  // An unknown name is compared with all names.
    const auto zone = Zone::open(text);
    FOOTFALL_CHECK(zone.ok() ? zone->name() == text : !zone.error().message.empty());
  }
  const auto decimals = currency_decimals(text);
  if (decimals.ok()) FOOTFALL_CHECK(*decimals >= 0 && *decimals <= 4 && text.size() == 3);
  const auto rule = ZoneRule::parse(text);
  if (rule.ok()) {
    const auto changes = rule->changes(2030, 2040);
    for (std::size_t i = 1; i < changes.size(); ++i) {
      FOOTFALL_CHECK(changes[i - 1].from <= changes[i].from);
    }
  }
  FOOTFALL_CHECK(valid_utf8(printable(text)));
  FOOTFALL_CHECK(valid_utf8(latin1_to_utf8(text)));
  if (valid_utf8(text)) {
    FOOTFALL_CHECK(display_width(shorten(text, 10)) <= 10);
  }
  return 0;
}
