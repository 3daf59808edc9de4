#include "footfall/analytics/attributes.h"

#include <algorithm>

namespace footfall::analytics {
namespace {

std::uint64_t name_key(store::ItemCode item, store::TextCode name) {
  return (std::uint64_t{item} << 32) | name;
}

bool is_secondary(const store::Block& block, std::size_t event) {
  return (block.flags.at(event) & events::kSecondary) != 0;
}

// Rows of the source that an event stands for. `group` is moved up to the event.
std::int64_t rows_of(const store::LineColumns& lines, std::size_t event, std::size_t& group) {
  while (group < lines.events.size() && lines.events[group] < event) ++group;
  if (group == lines.events.size() || lines.events[group] != event) return 1;
  return lines.starts[group + 1] - lines.starts[group];
}

}  // namespace

store::TextCode most_frequent_value(const store::Block& block, std::size_t user_index,
                                    const store::ColumnView<store::TextCode>& column,
                                    const TextLookup& text_of) {
  if (column.is_constant()) return column.otherwise();
  std::vector<std::pair<store::TextCode, std::int64_t>> counts;
  for (std::size_t event = block.offsets[user_index]; event < block.offsets[user_index + 1];
       ++event) {
    const store::TextCode code = column.at(event);
    if (code == 0 || is_secondary(block, event)) continue;
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& entry) { return entry.first == code; });
    if (known == counts.end()) {
      counts.emplace_back(code, 1);
    } else {
      ++known->second;
    }
  }
  const auto best =
      std::min_element(counts.begin(), counts.end(), [&](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : text_of(a.first) < text_of(b.first);
      });
  return best == counts.end() ? 0 : best->first;
}

void AttributeFold::fold(const store::Block& block, UserRange users) {
  const std::size_t begin = block.offsets[users.begin];
  const std::size_t end = block.offsets[users.end];
  fold_lines(block, begin, end);
  fold_events(block, begin, end);
  fold_countries(block, users);
}

void AttributeFold::fold_lines(const store::Block& block, std::size_t begin, std::size_t end) {
  const store::LineColumns& lines = block.lines;
  for (std::size_t group = lines.first_group(begin);
       group < lines.events.size() && lines.events[group] < end; ++group) {
    if (is_secondary(block, lines.events[group])) continue;
    for (std::size_t line = lines.starts[group]; line < lines.starts[group + 1]; ++line) {
      add_name(lines.items[line], lines.names.at(line), 1);
    }
  }
}

void AttributeFold::fold_events(const store::Block& block, std::size_t begin, std::size_t end) {
  const store::ColumnView<store::TextCode> profile_names = block.property("name");
  const store::ColumnView<store::TextCode> item_names = block.property("item_name");
  const auto any = [](const store::ColumnView<store::TextCode>& column) {
    return !column.is_constant() || column.otherwise() != 0;
  };
  if (!any(profile_names) && !any(item_names)) return;
  for (std::size_t event = begin; event < end; ++event) {
    const store::ItemCode item = block.items[event];
    if (item == 0 || is_secondary(block, event)) continue;
    if (block.types[event] == events::kItemProfile) {
      const store::TextCode name = profile_names.at(event);
      if (name != 0) add_profile(item, {block.time(event), name});
    } else if (const store::TextCode name = item_names.at(event); name != 0) {
      add_name(item, name, 1);
    }
  }
}

void AttributeFold::fold_countries(const store::Block& block, UserRange users) {
  const store::ColumnView<store::TextCode> column = block.property("country");
  if (column.is_constant()) return;
  std::size_t group = block.lines.first_group(block.offsets[users.begin]);
  for (std::size_t user = users.begin; user < users.end; ++user) {
    std::int64_t missing = 0;
    bool any = false;
    for (std::size_t event = block.offsets[user]; event < block.offsets[user + 1]; ++event) {
      if (is_secondary(block, event)) continue;
      if (column.at(event) == 0) {
        missing += rows_of(block.lines, event, group);
      } else {
        any = true;
      }
    }
    if (any) countries_filled_ += missing;
  }
}

void AttributeFold::add_name(store::ItemCode item, store::TextCode name, std::int64_t count) {
  if (item != 0) names_[name_key(item, name)] += count;
}

void AttributeFold::add_profile(store::ItemCode item, const Profile& profile) {
  const auto [entry, is_new] = profiles_.try_emplace(item, profile);
  Profile& known = entry->second;
  if (is_new || profile.time < known.time) return;
  if (profile.time > known.time || text_of_(profile.name) < text_of_(known.name)) known = profile;
}

void AttributeFold::merge(const AttributeFold& other) {
  for (const auto& [key, count] : other.names_) names_[key] += count;
  for (const auto& [item, profile] : other.profiles_) add_profile(item, profile);
  countries_filled_ += other.countries_filled_;
}

ItemNames AttributeFold::item_names() const {
  std::vector<store::TextCode> names;
  std::vector<std::int64_t> counts;
  const auto reach = [&](store::ItemCode item) {
    if (item >= names.size()) names.resize(item + std::size_t{1}, 0);
    counts.resize(names.size(), 0);
  };
  for (const auto& [key, count] : names_) {
    const auto item = static_cast<store::ItemCode>(key >> 32);
    const auto name = static_cast<store::TextCode>(key);
    if (name == 0) continue;
    reach(item);
    const bool better =
        count > counts[item] || (count == counts[item] && text_of_(name) < text_of_(names[item]));
    if (!better) continue;
    names[item] = name;
    counts[item] = count;
  }
  for (const auto& [item, profile] : profiles_) {
    reach(item);
    names[item] = profile.name;
  }
  return ItemNames(std::move(names));
}

std::vector<FilledCount> AttributeFold::filled() const {
  const ItemNames names = item_names();
  std::int64_t filled = 0;
  for (const auto& [key, count] : names_) {
    const auto item = static_cast<store::ItemCode>(key >> 32);
    if (static_cast<store::TextCode>(key) == 0 && names.of(item) != 0) filled += count;
  }
  return {{"country", countries_filled_}, {"item_name", filled}};
}

}  // namespace footfall::analytics
