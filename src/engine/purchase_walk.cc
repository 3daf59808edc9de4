#include "footfall/engine/purchase_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "footfall/base/words.h"

namespace footfall::engine {

store::Columns PurchaseWalk::columns() {
  store::Columns columns;
  columns.orders = true;
  columns.batches = true;
  columns.lines = true;
  return columns;
}

void PurchaseWalk::user(const store::Block& block, std::size_t user_index, LeftOutLines& left_out,
                        const std::function<void(const BoughtItem&)>& take) const {
  const auto denied = [&](store::BatchNumber batch) {
    return std::binary_search(denied_batches.begin(), denied_batches.end(), batch);
  };
  const store::LineColumns& lines = block.lines;
  std::size_t group = lines.first_group(block.offsets[user_index]);
  for (std::size_t event = block.offsets[user_index]; event < block.offsets[user_index + 1];
       ++event) {
    while (group < lines.events.size() && lines.events[group] < event) ++group;
    if (block.types[event] != events::kPurchase) continue;
    const base::TimeMs time = block.time(event);
    if (time > until) {
      ++left_out.after_end;
      continue;
    }
    const bool has_lines = group < lines.events.size() && lines.events[group] == event;
    if (!has_lines) {
      if (denied(block.batches.at(event))) {
        ++left_out.no_consent;
      } else if (block.items[event] != 0) {
        take({block.items[event], 0, event, time});
      }
      continue;
    }
    for (std::size_t line = lines.starts[group]; line < lines.starts[group + 1]; ++line) {
      if ((lines.marks[line] & events::kBookkeeping) != 0) {
        ++left_out.bookkeeping;
      } else if (lines.prices[line] <= 0 || (lines.marks[line] & events::kFreeLine) != 0) {
        ++left_out.free_lines;
      } else if (denied(block.batches.at(event)) || denied(lines.batches.at(line))) {
        ++left_out.no_consent;
      } else if (lines.items[line] != 0) {
        take({lines.items[line], lines.names.at(line), event, time});
      }
    }
  }
}

bool consent_covers(std::string_view consent, std::string_view purpose) {
  const std::size_t colon = consent.find(':');
  const std::string basis = base::ascii_lower(base::trim(consent.substr(0, colon)));
  if (basis == "denied") return false;
  if (colon == std::string_view::npos) {
    return purpose == "analytics_storage" || purpose == "personalization_storage";
  }
  std::string_view rest = consent.substr(colon + 1);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    if (base::trim(rest.substr(0, comma)) == purpose) return true;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return false;
}

base::Result<ConsentBasis> consent_basis(const store::Store& store, std::string_view purpose) {
  FOOTFALL_TRY(const std::vector<store::BatchRecord> records, store.batches());
  ConsentBasis basis;
  std::set<std::string> words;
  for (const store::BatchRecord& record : records) {
    if (consent_covers(record.info.consent, purpose)) {
      if (!record.undone) words.insert(record.info.consent);
    } else {
      basis.denied_batches.push_back(record.batch);
    }
  }
  std::sort(basis.denied_batches.begin(), basis.denied_batches.end());
  basis.words = fmt::format("{}: {}", purpose,
                            words.empty() ? "none" : fmt::to_string(fmt::join(words, "; ")));
  return basis;
}

}  // namespace footfall::engine
