// LearnData: the purchases of a snapshot as the models read them, in an order that depends on the
// data alone: items by key, persons by what they did. So the same events give the same model bytes
// whatever way they came in.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/engine/model_trial.h"
#include "footfall/engine/purchase_walk.h"
#include "footfall/store/block.h"

namespace footfall::engine {

struct LearnData {
  std::vector<std::string> items;  // Keys, rising.
  std::vector<std::string> names;  // The commonest name of each, ties by text; "" = none.
  KnownPurchases known;            // Persons in the order of their histories.
  base::TimeMs end = 0;            // H: the last instant that was read.
  LeftOutLines left_out;
};

/// What codes of the blocks mean.
struct ShopTexts {
  std::function<std::string_view(store::ItemCode)> item;
  std::function<std::string_view(store::TextCode)> text;
};

/// Walks all users of blocks that have PurchaseWalk::columns(). The walk's moments are
/// trial_moments(), the last of them becomes `end`.
LearnData gather_learn_data(std::span<const store::Block> blocks, const ShopTexts& texts,
                            const PurchaseWalk& walk);

}  // namespace footfall::engine
