#include "footfall/engine/learn_data.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "footfall/base/check.h"
#include "footfall/base/words.h"
#include "footfall/events/cleaning_rules.h"

namespace footfall::engine {
namespace {

using models::Interaction;
using models::Interactions;

struct Taking {
  std::uint32_t user = 0;
  std::uint32_t item = 0;  // First the shop's code, then the number.
  base::TimeMs time = 0;
  std::uint8_t known = 0;  // Bit m: it stood at moment m of the walk.
};

struct Gathered {
  std::vector<Taking> events;
  std::vector<store::ItemCode> codes;  // Rising, each once.
  // (item code << 32 | text code) -> lines that say so.
  std::unordered_map<std::uint64_t, std::uint32_t> names;
  std::size_t users = 0;
};

Gathered gather(std::span<const store::Block> blocks, const PurchaseWalk& walk,
                LeftOutLines& left_out) {
  Gathered all;
  for (const store::Block& block : blocks) {
    for (std::size_t user = 0; user < block.user_count(); ++user) {
      const auto number = static_cast<std::uint32_t>(all.users);
      const std::size_t before = all.events.size();
      walk.user(block, user, left_out, [&](const BoughtItem& bought) {
        all.events.push_back({number, bought.item, bought.time, bought.known});
        if (bought.name != 0) ++all.names[std::uint64_t{bought.item} << 32 | bought.name];
      });
      if (all.events.size() != before) ++all.users;
    }
  }
  return all;
}

// The commonest name of each item, ties by text; no entry where there is none.
std::unordered_map<store::ItemCode, std::string> common_names(const Gathered& all,
                                                              const ShopTexts& texts) {
  std::unordered_map<store::ItemCode, std::string> names;
  std::unordered_map<store::ItemCode, std::uint32_t> said;
  for (const auto& [key, count] : all.names) {
    const auto item = static_cast<store::ItemCode>(key >> 32);
    const std::string name(base::trim(texts.text(static_cast<store::TextCode>(key))));
    if (name.empty()) continue;
    std::uint32_t& most = said[item];
    if (count < most || (count == most && name >= names[item])) continue;
    most = count;
    names[item] = name;
  }
  return names;
}

// Fills in the codes without those of charges. A mapping may mark no bookkeeping; nobody wants
// postage even then.
void leave_out_charges(const ShopTexts& texts,
                       const std::unordered_map<store::ItemCode, std::string>& names, Gathered& all,
                       LeftOutLines& left_out) {
  std::vector<store::ItemCode> codes;
  for (const Taking& event : all.events) codes.push_back(event.item);
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::vector<store::ItemCode> charges;
  for (const store::ItemCode code : codes) {
    const auto name = names.find(code);
    const bool charge =
        events::is_charge(texts.item(code), name != names.end() ? name->second : std::string());
    (charge ? charges : all.codes).push_back(code);
  }
  left_out.charges += static_cast<std::int64_t>(std::erase_if(all.events, [&](const Taking& event) {
    return std::binary_search(charges.begin(), charges.end(), event.item);
  }));
}

// Renumbers the users in the order of their histories. Users with equal histories are alike, so
// their order cannot show.
void number_users_by_history(std::vector<Taking>& events, std::size_t user_count) {
  std::sort(events.begin(), events.end(), [](const Taking& a, const Taking& b) {
    return std::tie(a.user, a.time, a.item, a.known) < std::tie(b.user, b.time, b.item, b.known);
  });
  std::vector<std::size_t> starts(user_count + 1, 0);
  for (const Taking& event : events) ++starts[event.user + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  std::vector<std::uint32_t> users(user_count);
  std::iota(users.begin(), users.end(), 0U);
  const std::span<const Taking> all(events);
  const auto history = [&](std::uint32_t user) {
    return all.subspan(starts[user], starts[user + 1] - starts[user]);
  };
  std::sort(users.begin(), users.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto left = history(a);
    const auto right = history(b);
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        [](const Taking& one, const Taking& other) {
                                          return std::tie(one.time, one.item, one.known) <
                                                 std::tie(other.time, other.item, other.known);
                                        });
  });
  std::vector<std::uint32_t> place(user_count);
  for (std::size_t i = 0; i < users.size(); ++i) place[users[i]] = static_cast<std::uint32_t>(i);
  for (Taking& event : events) event.user = place[event.user];
}

Interactions known_at(std::size_t moment, const Gathered& all, std::size_t item_count) {
  std::vector<Interaction> events;
  for (const Taking& event : all.events) {
    if ((event.known >> moment & 1) != 0) events.push_back({event.user, event.item, event.time});
  }
  return {std::move(events), all.users, item_count};
}

}  // namespace

LearnData gather_learn_data(std::span<const store::Block> blocks, const ShopTexts& texts,
                            const PurchaseWalk& walk) {
  FOOTFALL_CHECK(std::ranges::equal(walk.moments, trial_moments(walk.moments.back())));
  LearnData data;
  data.end = walk.moments.back();
  Gathered all = gather(blocks, walk, data.left_out);
  auto names = common_names(all, texts);
  leave_out_charges(texts, names, all, data.left_out);

  std::vector<store::ItemCode> by_key = all.codes;
  std::sort(by_key.begin(), by_key.end(),
            [&](store::ItemCode a, store::ItemCode b) { return texts.item(a) < texts.item(b); });
  std::unordered_map<store::ItemCode, models::ItemIndex> number;
  for (std::size_t i = 0; i < by_key.size(); ++i) {
    number[by_key[i]] = static_cast<models::ItemIndex>(i);
    data.items.emplace_back(texts.item(by_key[i]));
    data.names.push_back(std::move(names[by_key[i]]));
  }

  for (Taking& event : all.events) event.item = number[event.item];
  number_users_by_history(all.events, all.users);
  data.known.at_validation_cut = known_at(0, all, data.items.size());
  data.known.at_cut = known_at(1, all, data.items.size());
  data.known.at_end = known_at(2, all, data.items.size());
  return data;
}

}  // namespace footfall::engine
