#include "footfall/engine/model_standing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace footfall::engine {

Json learnt_from(std::span<const store::BatchRecord> batches) {
  store::BatchNumber last = 0;
  Json undone = Json::array();
  for (const store::BatchRecord& batch : batches) {
    last = std::max(last, batch.batch);
    if (batch.undone) undone.push_back(batch.batch);
  }
  return Json{{"last_import", last}, {"undone", std::move(undone)}};
}

Json standing_warnings(std::span<const store::BatchRecord> batches, const Json& card) {
  Json warnings = Json::array();
  const auto from = card.is_object() ? card.find("learnt_from") : card.end();
  if (from == card.end() || !from->is_object() || !from->contains("undone")) return warnings;
  const auto number = from->find("last_import");
  if (number == from->end() || !number->is_number_unsigned()) return warnings;
  const auto last = number->get<std::uint64_t>();
  const Json& known = (*from)["undone"];
  std::vector<store::BatchNumber> undone;
  std::size_t later = 0;
  for (const store::BatchRecord& batch : batches) {
    if (batch.batch > last) {
      later += !batch.undone && batch.events > 0 ? 1 : 0;
    } else if (batch.undone && std::find(known.begin(), known.end(), batch.batch) == known.end()) {
      undone.push_back(batch.batch);
    }
  }
  if (!undone.empty()) {
    warnings.push_back(fmt::format(
        "the model was learnt from imports that have been undone since ({}); learn again with "
        "`footfall learn SHOP`",
        fmt::join(undone, ", ")));
  }
  if (later > 0) {
    warnings.push_back(
        fmt::format("{} after the model was learnt; `footfall learn SHOP` takes {}",
                    later == 1 ? "an import came in" : fmt::format("{} imports came in", later),
                    later == 1 ? "it into account" : "them into account"));
  }
  return warnings;
}

}  // namespace footfall::engine
