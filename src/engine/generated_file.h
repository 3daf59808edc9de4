// Generated files: a made-up event stream written as CSV or JSON lines, whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/events/generator.h"

namespace footfall::engine {

struct GeneratedFile {
  std::uint64_t events = 0;
  std::uint64_t purchases = 0;
  std::uint64_t bytes = 0;
};

/// Columns: event, user, item, timestamp (Unix seconds), price, quantity, transaction_id; the last
/// three of purchases alone, each of which is an order of its own. The form follows from the
/// name's end, .csv or .jsonl; others are refused. The rows grow in PATH.part, which becomes PATH
/// when it is complete; an older PATH is replaced. kInterrupted leaves nothing behind.
base::Result<GeneratedFile> write_generated_file(const events::Generator& generator,
                                                 const std::string& path, std::size_t threads,
                                                 base::Progress& progress);

}  // namespace footfall::engine
