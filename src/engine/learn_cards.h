// Learn cards: from gathered purchases to models, their cards and the choice of the published one.
// Touches no shop: the whole of `learn` but reading and storing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "footfall/base/zone.h"
#include "footfall/decisions/shop_model.h"
#include "footfall/engine/json.h"
#include "footfall/engine/learn_data.h"

namespace footfall::engine {

struct LearnWish {
  std::vector<std::string> models;  // Names of model_names(), each once; at least one.
  std::uint64_t seed = 1;
  double budget_seconds = 60.0;  // Past it, no further setting is tried.
  std::size_t threads = 1;
  std::function<double()> clock;                             // Seconds since some moment.
  std::function<bool()> interrupted = [] { return false; };  // Asked between models and trials.
};

struct Learned {
  Json cards = Json::array();  // As in docs: {model, version, trained_to, protocol, metrics, ...}.
  Json warnings = Json::array();
  std::string published;  // Name of the model that is published.
  std::string version;
  std::string bytes;  // ShopModel::save() of it.
};

/// `data.known.at_end` has at least one event. Of the wished models the best on the validation
/// weeks is published if on the test weeks its NDCG@10 lies above the stronger popularity's, the
/// whole 95 % interval of the difference above 0; else popularity is. Same data and seed, same
/// bytes. kInterrupted when the wish's `interrupted` says so.
base::Result<Learned> learn_models(const LearnData& data, const LearnWish& wish);

}  // namespace footfall::engine
