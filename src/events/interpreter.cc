#include "footfall/events/interpreter.h"

#include <fmt/format.h>

#include <utility>

#include "footfall/base/decimal.h"
#include "footfall/events/event_file.h"
#include "footfall/events/order_file.h"

namespace footfall::events {
namespace {

base::Error over(std::string_view what, std::uint64_t most, std::uint64_t found) {
  return {base::ErrorCode::kMemory,
          fmt::format("one collect call holds at most {} {}, found: {}",
                      base::format_grouped(static_cast<std::int64_t>(most)), what,
                      base::format_grouped(static_cast<std::int64_t>(found))),
          {},
          "take the files in by several calls"};
}

}  // namespace

std::unique_ptr<Interpreter> Interpreter::begin(Harvest& harvest, std::string name, FilePlan plan) {
  harvest.files.push_back({std::move(name), plan.mapping, harvest.batch.size()});
  if (plan.mapping.kind == FileKind::kOrders) {
    return std::make_unique<OrderFile>(harvest, std::move(plan));
  }
  return std::make_unique<EventFile>(harvest, std::move(plan));
}

base::Status Interpreter::add(const RawChunk& chunk) {
  harvest_.ledger.rows_read += chunk.size() + chunk.rejected.size();
  for (const RejectedRow& row : chunk.rejected) {
    Ledger::count(harvest_.ledger.rejected, row.reason,
                  {harvest_.files.back().name, row.row, row.column, row.message});
  }
  read(chunk);
  if (harvest_.held.size() >= kHeldRowsMax) {
    base::Error error = over("quarantined rows", kHeldRowsMax - 1, harvest_.held.size());
    error.code = base::ErrorCode::kInvalidArgument;
    error.hint = "the mapping does not fit the files: try it with --dry-run on one of them";
    return error;
  }
  if (harvest_.batch.size() > kEventsMax) return over("events", kEventsMax, harvest_.batch.size());
  if (harvest_.batch.properties.size() > kPropertiesMax) {
    base::Error error = over("properties", kPropertiesMax, harvest_.batch.properties.size());
    error.code = base::ErrorCode::kInvalidArgument;
    error.hint = "leave columns out: `ignore` in a mapping, or take the files in by several calls";
    return error;
  }
  return base::Ok{};
}

}  // namespace footfall::events
