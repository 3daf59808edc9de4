#include "footfall/events/ledger.h"

namespace footfall::events {

void Ledger::mark(std::string_view reason, std::uint64_t rows) {
  if (rows == 0) return;
  const auto found = marked.find(reason);
  if (found != marked.end()) {
    found->second += rows;
  } else {
    marked.emplace(reason, rows);
  }
}

void Ledger::count(ReasonCounts& counts, std::string_view reason, RowExample example) {
  auto found = counts.find(reason);
  if (found == counts.end()) found = counts.emplace(reason, ReasonCount{}).first;
  ++found->second.count;
  if (found->second.examples.size() < kExamplesMax) {
    found->second.examples.push_back(std::move(example));
  }
}

}  // namespace footfall::events
