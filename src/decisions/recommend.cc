#include "footfall/decisions/recommend.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace footfall::decisions {
namespace {

// The catalogue's items that have a score or are popular, best first, at most k.
std::vector<ItemIndex> best_items(const ShopModel& model, std::span<const double> scores,
                                  const std::vector<std::uint8_t>& left_out, std::size_t k) {
  const std::vector<double>& popular = model.blend.popularity().weights();
  std::vector<ItemIndex> items;
  for (ItemIndex item = 0; item < scores.size(); ++item) {
    if (model.in_catalogue[item] == 0 || left_out[item] != 0) continue;
    if (scores[item] > 0.0 || popular[item] > 0.0) items.push_back(item);
  }
  const std::size_t kept = std::min(k, items.size());
  std::partial_sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(kept), items.end(),
                    [&](ItemIndex a, ItemIndex b) {
                      if (scores[a] != scores[b]) return scores[a] > scores[b];
                      if (popular[a] != popular[b]) return popular[a] > popular[b];
                      return a < b;
                    });
  items.resize(kept);
  return items;
}

Reason popular_reason(const ShopModel& model, ItemIndex item, double value) {
  Reason reason;
  reason.because = Because::kPopular;
  reason.value = value;
  reason.item = item;
  reason.times = static_cast<std::uint64_t>(model.blend.popularity().weights()[item]);
  return reason;
}

void keep_strongest(std::vector<Reason>& reasons) {
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.value > b.value; });
  if (reasons.size() > kReasonsMax) reasons.resize(kReasonsMax);
}

// One reason for each item of the history that spoke for the result, whatever its events.
std::vector<Reason> reasons_from(models::History history, std::span<const double> by_event) {
  std::map<ItemIndex, Reason> by_item;
  for (std::size_t event = 0; event < history.size(); ++event) {
    if (by_event[event] <= 0.0) continue;
    Reason& reason = by_item[history.items[event]];
    reason.because = Because::kTaken;
    reason.item = history.items[event];
    reason.value += by_event[event];
    reason.event = event;  // Events rise in time: the last one stays.
    ++reason.times;
  }
  std::vector<Reason> reasons;
  for (const auto& [item, reason] : by_item) reasons.push_back(reason);
  return reasons;
}

Recommendations popular_now(const ShopModel& model, const std::vector<std::uint8_t>& left_out,
                            std::size_t k) {
  const std::vector<double>& weights = model.blend.popularity().weights();
  Recommendations found;
  found.popular = true;
  for (const ItemIndex item : best_items(model, weights, left_out, k)) {
    found.results.push_back({item, weights[item], {popular_reason(model, item, weights[item])}});
  }
  return found;
}

}  // namespace

Recommendations recommend_for_person(const ShopModel& model, const PersonRequest& request) {
  const std::size_t skipped =
      request.history.size() - request.history.latest(models::kHistoryEventsMax).size();
  const models::History history = request.history.latest(models::kHistoryEventsMax);
  std::vector<std::uint8_t> left_out(model.items.size(), 0);
  if (request.leave_out_bought) {
    for (const ItemIndex item : request.history.items) left_out[item] = 1;
  }
  if (history.empty()) return popular_now(model, left_out, request.k);

  models::BlendScores scores(model.items.size());
  model.blend.score(history, request.at, scores);
  Recommendations found;
  std::vector<double> by_event(history.size());
  for (const ItemIndex item : best_items(model, scores.values, left_out, request.k)) {
    Recommendation result{item, scores.values[item], {}};
    model.blend.contributions(history, request.at, item, scores, by_event);
    result.reasons = reasons_from(history, by_event);
    for (Reason& reason : result.reasons) reason.event += skipped;
    const double popular =
        scores.factors[models::kPopularityPart] * model.blend.popularity().weights()[item];
    if (popular > 0.0 || result.reasons.empty()) {
      result.reasons.push_back(popular_reason(model, item, popular));
    }
    keep_strongest(result.reasons);
    found.results.push_back(std::move(result));
  }
  return found;
}

Recommendations recommend_with(const ShopModel& model, const std::vector<ItemIndex>& basket,
                               std::size_t k) {
  const models::Copurchase& copurchase = model.blend.copurchase();
  std::vector<double> scores(model.items.size(), 0.0);
  std::vector<std::uint8_t> left_out(model.items.size(), 0);
  std::map<ItemIndex, std::vector<Reason>> reasons;
  for (const ItemIndex source : basket) {
    if (left_out[source] != 0) continue;  // Named twice.
    left_out[source] = 1;
    for (const auto& edge : copurchase.graph().edges(source)) {
      scores[edge.item] += edge.weight;
      Reason reason;
      reason.because = Because::kTogether;
      reason.value = edge.weight;
      reason.item = source;
      reason.times = edge.support;
      reason.of = copurchase.baskets_with(source);
      reasons[edge.item].push_back(reason);
    }
  }
  Recommendations found;
  bool any = false;
  for (const ItemIndex item : best_items(model, scores, left_out, k)) {
    Recommendation result{item, scores[item], std::move(reasons[item])};
    any = any || !result.reasons.empty();
    if (result.reasons.empty()) result.reasons.push_back(popular_reason(model, item, 0.0));
    keep_strongest(result.reasons);
    found.results.push_back(std::move(result));
  }
  return any ? found : popular_now(model, left_out, k);
}

std::string reason_text(const ShopModel& model, const PersonRequest& request, const Reason& reason,
                        const base::Zone& zone) {
  switch (reason.because) {
    case Because::kTaken: {
      const std::string day = base::format_date(zone.day(request.history.times[reason.event]));
      std::string text = fmt::format("bought {} on {}", model.label(reason.item), day);
      if (reason.times == 2) text += " and once before";
      if (reason.times == 3) text += " and twice before";
      if (reason.times > 3) text += fmt::format(" and {} times before", reason.times - 1);
      return text;
    }
    case Because::kTogether:
      return fmt::format("in {} of the {} customers' baskets that hold {}", reason.times, reason.of,
                         model.label(reason.item));
    case Because::kPopular:
      break;
  }
  const models::PopularityOptions& options = model.blend.popularity().options();
  // Guests teach the models nothing (learn says how many rows were left out).
  return fmt::format("popular: in {} {} of {}", reason.times,
                     reason.times == 1 ? "customer's basket" : "customers' baskets",
                     options.window == 0
                         ? "all time"
                         : fmt::format("the {} days before {}", options.window / base::kDayMs,
                                       base::format_date(zone.day(model.trained_to))));
}

}  // namespace footfall::decisions
