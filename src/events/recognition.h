// Recognition: what the columns of a file mean, found from their names and their cells.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "footfall/events/mapping.h"
#include "footfall/events/raw_table.h"

namespace footfall::events {

/// One decision, as it is shown to the user.
struct FieldGuess {
  std::string field;
  std::string column;
  double confidence = 0;  // 0 .. 1.
};

struct Recognition {
  Mapping mapping;
  std::string preset;              // Name of a known kind of export, or "".
  std::vector<FieldGuess> fields;  // In the order of the file's columns.
  std::vector<std::string> notes;
};

/// Never fails: what is missing is told by check_mapping. `as` states the kind of file; without it
/// the kind is found too. A sample without rows is judged by names alone.
Recognition recognise(std::span<const RawChunk> sample, std::optional<FileKind> as);

}  // namespace footfall::events
