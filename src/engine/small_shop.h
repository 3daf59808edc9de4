// Small shop: a few people's events in a folder of their own, for tests that only need some shop.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "footfall/base/check.h"
#include "footfall/engine/engine.h"

namespace footfall::engine {

/// The folder goes away with the object.
class SmallShop {
 public:
  static constexpr base::TimeMs kNow = 1'800'000'000'000;
  static constexpr int kEvents = 200;  // Of 11 people and 13 items, 5,000 seconds apart.

  SmallShop() {
    std::string pattern = std::filesystem::temp_directory_path() / "footfall_small_XXXXXX";
    FOOTFALL_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    options_.shop = folder_ + "/shop";
    options_.now = kNow;
    FOOTFALL_CHECK(Engine::init(options_, Json::object()).ok());
  }
  SmallShop(const SmallShop&) = delete;
  SmallShop& operator=(const SmallShop&) = delete;
  ~SmallShop() {
    std::error_code failure;
    std::filesystem::remove_all(folder_, failure);
  }

  const EngineOptions& options() const { return options_; }
  std::string operator/(const std::string& name) const { return folder_ + "/" + name; }

  std::unique_ptr<Engine> open() const {
    auto opened = Engine::open(options_, Access::kWrite);
    FOOTFALL_CHECK(opened.ok());
    return std::move(*opened);
  }

  /// Opens the shop with the events taken in.
  std::unique_ptr<Engine> filled() const {
    auto engine = open();
    FOOTFALL_CHECK(engine->collect({{"files", {write_events()}}}).ok());
    return engine;
  }

 private:
  std::string write_events() const {
    std::string path = folder_ + "/events.csv";
    std::ofstream rows(path);
    rows << "event,user,item,timestamp,price,quantity,transaction_id\n";
    for (int i = 0; i < kEvents; ++i) {
      const char* const names[] = {"view_item", "add_to_cart", "purchase"};
      const int kind = i % 3;
      rows << names[kind] << ',' << 1 + i * 7 % 11 << ",i" << i % 13 << ','
           << 1'700'000'000 + i * 5'000;
      if (kind == 2) {
        rows << ',' << i % 9 << ".50," << 1 + i % 4 << ",o" << i << '\n';
      } else {
        rows << ",,,\n";
      }
    }
    return path;
  }

  std::string folder_;
  EngineOptions options_;
};

}  // namespace footfall::engine
