#include "footfall/engine/output_place.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "footfall/engine/small_shop.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;

TEST(OutputPlace, OfAShopIsRefusedByEachOfItsNames) {
  const SmallShop shop;
  const std::string& path = shop.options().shop;
  const fs::path before = fs::current_path();
  fs::current_path(path);
  for (const std::string& name : {std::string("new.html"), std::string("./journal/x"),
                                  std::string("key"), path + "/new/x", path + "/../shop/x"}) {
    const base::Status refused = expect_outside_shops(name, "output");
    ASSERT_FALSE(refused.ok()) << name;
    EXPECT_EQ(refused.error().where.field, "output");
  }
  EXPECT_TRUE(expect_outside_shops("../page.html", "output").ok());
  EXPECT_TRUE(expect_outside_shops(path, "shop").ok()) << "the shop itself lies in no other";
  fs::current_path(before);
}

}  // namespace
}  // namespace footfall::engine
