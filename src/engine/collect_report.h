// The report of a collect call: what became of every row, as a document.
#pragma once

#include <cstdint>
#include <vector>

#include "footfall/engine/intake.h"
#include "footfall/engine/json.h"
#include "footfall/store/store.h"

namespace footfall::engine {

/// What the store said of the rows of a harvest; secondary events follow their row.
struct RowVerdicts {
  std::uint64_t taken = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t beside = 0;  // Accepted events beside a row, such as what was paid back of it.
  std::vector<std::size_t> conflicts;  // Events of rows refused as id_conflict.
  // Orders of which an earlier file stated another refund: the first stays.
  std::uint64_t changed_refunds = 0;
  // Events of lines that stand beside earlier ones of their order and item.
  std::vector<std::size_t> repeated_lines;
};
RowVerdicts count_verdicts(const events::Harvest& harvest, const store::CommitOutcome& outcome);

/// {batch, files, skipped, rows_read, taken, duplicates, quarantined, rejected, marked, filled,
/// mapping, views, notes}. rows_read = taken + duplicates + sum of quarantined + sum of rejected
/// holds, or the process stops. `batch` is null until it is set by the caller.
Json collect_report(const Intake& intake, const RowVerdicts& verdicts);

/// The mappings in use with their confidences: one object, or a list of them with their files.
Json mappings_document(const Intake& intake);

}  // namespace footfall::engine
