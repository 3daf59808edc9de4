#include "footfall/decisions/shop_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/hash.h"
#include "footfall/models/model_bytes.h"

namespace footfall::decisions {
namespace {

constexpr std::string_view kKind = "shop_model";
constexpr std::uint32_t kVersion = 1;

}  // namespace

std::optional<ItemIndex> ShopModel::find(std::string_view key) const {
  const auto found = std::lower_bound(items.begin(), items.end(), key);
  if (found == items.end() || *found != key) return std::nullopt;
  return static_cast<ItemIndex>(found - items.begin());
}

std::string ShopModel::label(ItemIndex item) const {
  return names[item].empty() ? items[item] : items[item] + " " + names[item];
}

std::string ShopModel::save() const {
  models::ModelWriter writer;
  writer.text(name);
  writer.texts(items);
  writer.texts(names);
  writer.numbers(in_catalogue);
  writer.number(trained_to);
  writer.number(catalogue_window);
  writer.text(blend.save());
  return writer.frame(kKind, kVersion);
}

base::Result<ShopModel> ShopModel::load(std::string_view bytes) {
  FOOTFALL_TRY(models::ModelReader reader, models::ModelReader::open(bytes, kKind, kVersion));
  ShopModel model;
  model.name = reader.text();
  model.items = reader.texts();
  model.names = reader.texts();
  model.in_catalogue = reader.numbers<std::uint8_t>();
  model.trained_to = reader.number<base::TimeMs>();
  model.catalogue_window = reader.number<base::TimeMs>();
  const std::string_view blend = reader.text_view();
  if (!reader.finished()) return models::damaged_model(kKind);
  FOOTFALL_TRY(model.blend, models::Blend::load(blend));
  const std::size_t count = model.items.size();
  if (model.names.size() != count || model.in_catalogue.size() != count ||
      model.blend.item_count() != count || model.trained_to < base::kTimeMin ||
      model.trained_to >= base::kTimeEnd || model.catalogue_window < 0 ||
      !std::is_sorted(model.items.begin(), model.items.end())) {
    return models::damaged_model(kKind);
  }
  return model;
}

std::string model_version(std::string_view bytes) {
  return fmt::format("{:016x}", base::hash64(bytes));
}

}  // namespace footfall::decisions
