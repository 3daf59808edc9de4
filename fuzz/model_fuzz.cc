// Any bytes as a saved model: refused, or loaded, written again unchanged and fit to decide with.
//
// The first two bytes say how many of the rest are the shop's words; what follows them is the
// blend. Both are framed here, so that the fuzzer gets behind the checksums; the bytes are also
// tried as they are.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/base/zone.h"
#include "footfall/decisions/recommend.h"
#include "footfall/models/model_bytes.h"

namespace {

using namespace footfall;

std::string model_bytes(std::string_view words, std::string_view blend) {
  models::ModelWriter part;
  for (const char byte : blend) part.number(byte);
  models::ModelWriter whole;
  for (const char byte : words) whole.number(byte);
  whole.text(part.frame("blend", 1));
  return whole.frame("shop_model", 1);
}

void check_found(const decisions::ShopModel& model, const decisions::PersonRequest& request,
                 const decisions::Recommendations& found) {
  FOOTFALL_CHECK(found.results.size() <= request.k);
  for (const decisions::Recommendation& result : found.results) {
    FOOTFALL_CHECK(model.in_catalogue[result.item] != 0 && result.value >= 0.0);
    FOOTFALL_CHECK(!result.reasons.empty() && result.reasons.size() <= decisions::kReasonsMax);
    for (const decisions::Reason& reason : result.reasons) {
      FOOTFALL_CHECK(!decisions::reason_text(model, request, reason, base::Zone::utc()).empty());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto unframed = decisions::ShopModel::load({reinterpret_cast<const char*>(data), size});
  if (!unframed.ok()) FOOTFALL_CHECK(!unframed.error().message.empty());
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t words = std::min<std::size_t>(data[0] + 256u * data[1], bytes.size());
  const std::string saved = model_bytes(bytes.substr(0, words), bytes.substr(words));
  const auto model = decisions::ShopModel::load(saved);
  if (!model.ok()) {
    FOOTFALL_CHECK(!model.error().message.empty());
    return 0;
  }
  FOOTFALL_CHECK(model->save() == saved);
  std::vector<models::ItemIndex> items;
  std::vector<base::TimeMs> times;
  for (std::size_t item = 0; item < std::min<std::size_t>(model->items.size(), 5); ++item) {
    items.push_back(static_cast<models::ItemIndex>(item));
    times.push_back(1'300'000'000'000 + static_cast<base::TimeMs>(item) * base::kDayMs);
  }
  const base::TimeMs at = times.empty() ? 0 : times.back();
  const decisions::PersonRequest request{{items, times}, at, 7, false};
  check_found(*model, request, decisions::recommend_for_person(*model, request));
  check_found(*model, request, decisions::recommend_with(*model, items, request.k));
  return 0;
}
