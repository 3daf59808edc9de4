// ShopModel: a learnt blend together with the shop's words for its items: what a decision needs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/models/blend.h"

namespace footfall::decisions {

using models::ItemIndex;

/// All vectors have one element an item of the blend.
struct ShopModel {
  std::string name;                // "blend", "transitions", "popularity", ...
  std::vector<std::string> items;  // Keys, rising: an item's number is its place here.
  std::vector<std::string> names;  // "" where the shop gave none.
  std::vector<std::uint8_t> in_catalogue;
  base::TimeMs trained_to = 0;        // Everything up to this instant was learnt from.
  base::TimeMs catalogue_window = 0;  // In the catalogue = sold in this time before trained_to.
  models::Blend blend;

  std::optional<ItemIndex> find(std::string_view key) const;
  /// "22423 REGENCY CAKESTAND 3 TIER", or the key alone.
  std::string label(ItemIndex item) const;

  std::string save() const;
  /// kDamaged when the bytes are not what save() wrote.
  static base::Result<ShopModel> load(std::string_view bytes);
};

/// The content hash by which a saved model is known: 16 hex digits.
std::string model_version(std::string_view bytes);

}  // namespace footfall::decisions
