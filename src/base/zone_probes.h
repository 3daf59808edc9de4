// Zone probes: the zones and instants at which a rule on local days is most likely wrong, for
// tests.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "footfall/base/zone.h"

namespace footfall::base {

/// All zones of the system's data, one of those that never differed.
inline std::vector<Zone> different_zones() {
  std::vector<Zone> zones;
  std::set<std::vector<std::pair<TimeMs, std::int32_t>>> seen;
  for (const std::string& name : Zone::names()) {
    auto zone = Zone::open(name);
    if (!zone.ok()) continue;  // A name that the data lists, in a package that is not installed.
    std::vector<std::pair<TimeMs, std::int32_t>> offsets = {{0, zone->offset_seconds(kTimeMin)}};
    for (const TimeMs change : zone->changes()) {
      offsets.emplace_back(change, zone->offset_seconds(change));
    }
    if (seen.insert(std::move(offsets)).second) zones.push_back(*std::move(zone));
  }
  return zones;
}

/// Instants about a change of the clock, rising: the change and the midnights near it on the old
/// and the new clock, and at each of them a millisecond, a second, a minute and an hour to both
/// sides.
inline std::vector<TimeMs> instants_about(const Zone& zone, TimeMs change) {
  std::vector<TimeMs> edges = {change};
  for (const TimeMs beside : {change - 1, change}) {
    const DayNumber day = zone.day(beside);
    for (DayNumber near = day - 1; near <= day + 2; ++near) {
      edges.push_back(near * kDayMs - zone.offset_seconds(beside) * kSecondMs);
    }
  }
  std::vector<TimeMs> instants;
  for (const TimeMs edge : edges) {
    for (const TimeMs apart : {TimeMs{0}, TimeMs{1}, kSecondMs, kMinuteMs, kHourMs}) {
      instants.push_back(edge - apart);
      instants.push_back(edge + apart);
    }
  }
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

/// The zone's changes up to 2040: later ones follow one rule.
inline std::vector<TimeMs> changes_to_2040(const Zone& zone) {
  std::vector<TimeMs> changes = zone.changes();
  const TimeMs end = TimeMs{day_of({2040, 1, 1})} * kDayMs;
  changes.erase(std::lower_bound(changes.begin(), changes.end(), end), changes.end());
  return changes;
}

}  // namespace footfall::base
