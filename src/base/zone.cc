#include "footfall/base/zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <string>

#include "footfall/base/words.h"
#include "footfall/base/zone_rule.h"

namespace footfall::base {
namespace {

constexpr TimeMs kSpansFrom = -2208988800000;  // 1900-01-01
constexpr TimeMs kSpansEnd = 7258118400000;    // 2200-01-01

constexpr const char* kZoneFolder = "/usr/share/zoneinfo/";

// The rule at the end of a zone's file (RFC 8536, 3.3); empty when there is none. The date library
// knows only the table before it, which ends in 2037.
std::string zone_footer(const std::string& name) {
  std::ifstream file(kZoneFolder + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (bytes.size() < 2 || bytes.back() != '\n') return "";
  const std::size_t from = bytes.find_last_of('\n', bytes.size() - 2);
  if (from == std::string::npos) return "";
  return bytes.substr(from + 1, bytes.size() - from - 2);
}

Error unknown_zone(std::string_view name) {
  const std::vector<std::string> names = Zone::names();
  if (names.empty() && !std::ifstream(std::string(kZoneFolder) + "Europe/London")) {
    return {ErrorCode::kIo, "the system has no time zone data (package tzdata)", {}, ""};
  }
  Error error = invalid(
      fmt::format("expected an IANA time zone such as Europe/London: {}", printable(name)), "zone");
  error.hint = nearest_words_hint(name, names);
  return error;
}

}  // namespace

Result<Zone> Zone::open(std::string_view name) {
  // In the folder of the zones, and no zone of IANA: the machine's own, and other ways to count.
  const bool machines = name == "localtime" || name == "posixrules" || name == "Factory" ||
                        name.starts_with("posix/") || name.starts_with("right/");
  if (machines || name.empty() || name.front() == '/' || name.find("..") != name.npos) {
    return unknown_zone(name);
  }
  const date::time_zone* found = nullptr;
  try {
    found = date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return unknown_zone(name);
  }
  auto spans = std::make_shared<std::vector<Span>>();
  TimeMs at = kSpansFrom;
  while (at < kSpansEnd) {
    const date::sys_info info =
        found->get_info(date::sys_seconds{std::chrono::seconds{at / kSecondMs}});
    const auto offset = static_cast<std::int32_t>(info.offset.count());
    // The first span also answers for all earlier instants.
    const TimeMs from = spans->empty() ? kTimeMin : at;
    if (spans->empty() || spans->back().offset_seconds != offset) spans->push_back({from, offset});
    const std::int64_t end_s = info.end.time_since_epoch().count();
    if (end_s >= kSpansEnd / kSecondMs) break;
    at = end_s * kSecondMs;
  }
  const auto rule = ZoneRule::parse(zone_footer(found->name()));
  if (rule.ok()) {
    const int last_year = date_of(static_cast<DayNumber>(kSpansEnd / kDayMs)).year - 1;
    const auto table_end_day = spans->back().from / kDayMs;
    const int first_year = std::max(1970, date_of(static_cast<DayNumber>(table_end_day)).year);
    for (const ZoneChange& change : rule->changes(first_year, last_year)) {
      const Span& before = spans->back();
      if (change.from <= before.from || change.offset_seconds == before.offset_seconds) continue;
      spans->push_back({change.from, change.offset_seconds});
    }
  }
  Zone zone;
  zone.name_ = std::make_shared<const std::string>(name);
  zone.spans_ = std::move(spans);
  return zone;
}

Zone Zone::utc() {
  Zone zone;
  zone.name_ = std::make_shared<const std::string>("UTC");
  zone.spans_ = std::make_shared<const std::vector<Span>>(std::vector<Span>{{kTimeMin, 0}});
  return zone;
}

std::vector<std::string> Zone::names() {
  // The data's text form has lines "Z Europe/London …" and "L Europe/London Europe/Jersey".
  std::ifstream file(std::string(kZoneFolder) + "tzdata.zi");
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("Z ") && !line.starts_with("L ")) continue;
    const std::size_t second = line.find(' ', 2);
    if (second == std::string::npos) continue;
    names.push_back(line[0] == 'Z' ? line.substr(2, second - 2) : line.substr(second + 1));
  }
  return names;
}

std::string Zone::data_version() {
  // The date library does not know the version of the system's data; its text form does.
  std::ifstream file(std::string(kZoneFolder) + "tzdata.zi");
  constexpr std::string_view kMark = "# version ";
  std::string line;
  if (std::getline(file, line) && line.starts_with(kMark)) return line.substr(kMark.size());
  return "unknown";
}

const Zone::Span& Zone::span_at(TimeMs instant) const {
  const auto after =
      std::upper_bound(spans_->begin(), spans_->end(), instant,
                       [](TimeMs value, const Span& span) { return value < span.from; });
  return after == spans_->begin() ? *after : *(after - 1);
}

std::vector<TimeMs> Zone::changes() const {
  std::vector<TimeMs> instants;
  for (std::size_t i = 1; i < spans_->size(); ++i) instants.push_back((*spans_)[i].from);
  return instants;
}

TimeMs Zone::day_start(DayNumber day) const {
  return from_local(TimeMs{day} * kDayMs).instant;
}

TimeMs Zone::day_end(DayNumber day) const {
  // The last time that the clock comes from before midnight to it or beyond it.
  const TimeMs midnight = (TimeMs{day} + 1) * kDayMs;
  const Span* const first = spans_->data();
  const Span* const last = first + spans_->size() - 1;
  const Span* span = &span_at(midnight + kDayMs);
  while (span != first && span->from + span->offset_seconds * kSecondMs >= midnight) --span;
  const TimeMs instant = midnight - span->offset_seconds * kSecondMs;
  return span == last ? instant : std::min(instant, (span + 1)->from);
}

TimeMs Zone::first_outside(TimeMs instant, DayNumber first, DayNumber end) const {
  const Span* const last = spans_->data() + spans_->size() - 1;
  for (const Span* span = &span_at(instant);; ++span) {
    const TimeMs midnight = end * kDayMs - span->offset_seconds * kSecondMs;
    if (span == last || midnight < (span + 1)->from) return midnight;
    const Span& next = span[1];
    const DayNumber day = day_of_local(next.from + next.offset_seconds * kSecondMs);
    if (day < first || day >= end) return next.from;
  }
}

std::int32_t Zone::week_of_day(DayNumber day, int week_start) {
  // 1970-01-01 was a Thursday; count days from the week start on or before it.
  const int from_week_start = ((4 - week_start) % 7 + 7) % 7;
  const std::int32_t days = day + from_week_start;
  return days >= 0 ? days / 7 : -((6 - days) / 7);
}

DayNumber Zone::week_start_day(std::int32_t week, int week_start) {
  const int from_week_start = ((4 - week_start) % 7 + 7) % 7;
  return week * 7 - from_week_start;
}

std::int32_t Zone::month_of_day(DayNumber day) {
  const CivilDate date = date_of(day);
  return (date.year - 1970) * 12 + date.month - 1;
}

DayNumber Zone::month_start_day(std::int32_t month) {
  const std::int32_t year = month >= 0 ? month / 12 : -((11 - month) / 12);
  return day_of({1970 + year, month - year * 12 + 1, 1});
}

Zone::LocalInstant Zone::from_local(TimeMs local_ms) const {
  // A reading can belong to a span that starts up to a day before or after it.
  const Span* const first = spans_->data();
  const Span* const last = first + spans_->size();
  const Span* span = &span_at(local_ms - kDayMs);
  for (; span != last; ++span) {
    const TimeMs instant = local_ms - span->offset_seconds * kSecondMs;
    const TimeMs end = span + 1 == last ? kTimeEnd : (span + 1)->from;
    if (instant < span->from && span != first) return {span->from, true, false};
    if (instant >= end && span + 1 != last) continue;
    bool repeated = false;
    if (span + 1 != last) {
      repeated = local_ms - (span + 1)->offset_seconds * kSecondMs >= (span + 1)->from;
    }
    return {instant, false, repeated};
  }
  return {local_ms, false, false};
}

std::string Zone::format_local(TimeMs instant) const {
  const std::string text = format_instant(instant + offset_seconds(instant) * kSecondMs);
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

}  // namespace footfall::base
