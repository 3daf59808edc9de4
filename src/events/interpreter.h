// Interpreter: raw rows of one file become events, and every row gets exactly one outcome.
#pragma once

#include <memory>

#include "footfall/base/result.h"
#include "footfall/events/file_plan.h"
#include "footfall/events/harvest.h"
#include "footfall/events/raw_table.h"

namespace footfall::events {

/// Reads the chunks of one file, in file order, into a Harvest. Each row either becomes an event
/// (order rows that undo a sale become two, the second flagged kSecondary), or is counted as
/// duplicate, quarantined or rejected.
class Interpreter {
 public:
  virtual ~Interpreter() = default;

  /// The file `name` begins. `harvest` outlives the interpreter; one file at a time.
  static std::unique_ptr<Interpreter> begin(Harvest& harvest, std::string name, FilePlan plan);

  /// kMemory when a stated maximum of the call is passed.
  base::Status add(const RawChunk& chunk);
  /// The file is over: settles what only the whole file can say.
  virtual void finish() {}

 protected:
  explicit Interpreter(Harvest& harvest) : harvest_(harvest) {}
  virtual void read(const RawChunk& chunk) = 0;

  Harvest& harvest_;
};

}  // namespace footfall::events
