// Recommend: the items to show next, each with the past events that speak for it.
//
// Candidates are the items of the catalogue, nothing else. They are ordered by the model's score,
// then by what is popular now, then by item key; so the answer is a function of model and history.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "footfall/base/zone.h"
#include "footfall/decisions/shop_model.h"

namespace footfall::decisions {

inline constexpr std::size_t kReasonsMax = 3;
inline constexpr std::size_t kResultsMax = 1'000;
inline constexpr std::size_t kBasketMax = 200;

enum class Because : std::uint8_t {
  kTaken,     // The person took `item` before; `event` is the latest time they did.
  kTogether,  // Other people took it together with `item`.
  kPopular,   // Everybody takes it.
};

struct Reason {
  Because because = Because::kPopular;
  double value = 0.0;       // Its part of the recommendation's value.
  ItemIndex item = 0;       // kTaken, kTogether.
  std::size_t event = 0;    // kTaken: index in the request's history.
  std::uint64_t times = 0;  // kTaken: events of the item; kTogether: baskets with both;
                            // kPopular: baskets with the recommended item.
  std::uint64_t of = 0;     // kTogether: baskets with `item`.
};

struct Recommendation {
  ItemIndex item = 0;
  double value = 0.0;
  std::vector<Reason> reasons;  // At least one, by falling value; at most kReasonsMax.
};

struct Recommendations {
  std::vector<Recommendation> results;  // Fewer than k when the catalogue has no more that sell.
  /// Nothing was known to go by: the results are what is popular now.
  bool popular = false;
};

struct PersonRequest {
  models::History history;  // Item numbers of the model.
  base::TimeMs at = 0;
  std::size_t k = 10;  // 1 .. kResultsMax
  bool leave_out_bought = false;
};

Recommendations recommend_for_person(const ShopModel& model, const PersonRequest& request);

/// What goes with these items (at most kBasketMax), which are themselves left out.
Recommendations recommend_with(const ShopModel& model, const std::vector<ItemIndex>& basket,
                               std::size_t k);

/// "bought 22423 REGENCY CAKESTAND 3 TIER on 2011-07-12", in the days of a zone.
std::string reason_text(const ShopModel& model, const PersonRequest& request, const Reason& reason,
                        const base::Zone& zone);

}  // namespace footfall::decisions
