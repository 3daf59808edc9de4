#include "footfall/engine/learn_data.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "footfall/base/words.h"

namespace footfall::engine {
namespace {

using models::Interaction;
using models::Interactions;

struct Gathered {
  std::vector<Interaction> events;     // `item` is the shop's code here.
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
        all.events.push_back({number, bought.item, bought.time});
        if (bought.name != 0) ++all.names[std::uint64_t{bought.item} << 32 | bought.name];
      });
      if (all.events.size() != before) ++all.users;
    }
  }
  for (const Interaction& event : all.events) all.codes.push_back(event.item);
  std::sort(all.codes.begin(), all.codes.end());
  all.codes.erase(std::unique(all.codes.begin(), all.codes.end()), all.codes.end());
  return all;
}

// The users renumbered in the order of their histories. Users with equal histories are alike, so
// their order cannot show.
Interactions in_order_of_histories(const std::vector<Interaction>& events, std::size_t user_count,
                                   std::size_t item_count) {
  const Interactions arrived(events, user_count, item_count);
  std::vector<std::uint32_t> users(user_count);
  std::iota(users.begin(), users.end(), 0U);
  std::sort(users.begin(), users.end(), [&](std::uint32_t a, std::uint32_t b) {
    const models::History left = arrived.history(a);
    const models::History right = arrived.history(b);
    const auto times = std::lexicographical_compare_three_way(
        left.times.begin(), left.times.end(), right.times.begin(), right.times.end());
    if (times != 0) return times < 0;
    return std::lexicographical_compare(left.items.begin(), left.items.end(), right.items.begin(),
                                        right.items.end());
  });
  std::vector<std::uint32_t> place(user_count);
  for (std::size_t i = 0; i < users.size(); ++i) place[users[i]] = static_cast<std::uint32_t>(i);
  std::vector<Interaction> ordered = events;
  for (Interaction& event : ordered) event.user = place[event.user];
  return {std::move(ordered), user_count, item_count};
}

}  // namespace

LearnData gather_learn_data(std::span<const store::Block> blocks, const ShopTexts& texts,
                            const PurchaseWalk& walk) {
  LearnData data;
  data.end = walk.until;
  Gathered all = gather(blocks, walk, data.left_out);

  std::vector<store::ItemCode> by_key = all.codes;
  std::sort(by_key.begin(), by_key.end(),
            [&](store::ItemCode a, store::ItemCode b) { return texts.item(a) < texts.item(b); });
  std::unordered_map<store::ItemCode, models::ItemIndex> number;
  for (std::size_t i = 0; i < by_key.size(); ++i) {
    number[by_key[i]] = static_cast<models::ItemIndex>(i);
    data.items.emplace_back(texts.item(by_key[i]));
  }

  data.names.resize(data.items.size());
  std::vector<std::uint32_t> said(data.items.size(), 0);
  for (const auto& [key, count] : all.names) {
    const models::ItemIndex item = number[static_cast<store::ItemCode>(key >> 32)];
    const std::string name(base::trim(texts.text(static_cast<store::TextCode>(key))));
    if (name.empty()) continue;
    const bool better = count > said[item] || (count == said[item] && name < data.names[item]);
    if (!better) continue;
    said[item] = count;
    data.names[item] = name;
  }

  for (Interaction& event : all.events) event.item = number[event.item];
  data.bought = in_order_of_histories(all.events, all.users, data.items.size());
  return data;
}

}  // namespace footfall::engine
