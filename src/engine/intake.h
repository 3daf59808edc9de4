// Intake: files read, recognised and cleaned into one harvest, before anything is written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/events/harvest.h"
#include "footfall/events/mapping.h"
#include "footfall/events/raw_table.h"
#include "footfall/events/recognition.h"

namespace footfall::engine {

struct IntakeRequest {
  std::vector<std::string> files;          // As typed: files, folders, patterns, "-".
  std::optional<events::FileKind> as;      // Else recognised.
  std::optional<events::Mapping> mapping;  // Else recognised.
  std::string known_at;                    // Column of known times; "" = none.
  std::size_t threads = 1;
};

/// A mapping and how it was found; files of one call with equal columns share it.
struct MappingUsed {
  events::Mapping mapping;  // As used: with the unit and order of the times.
  std::string preset;
  std::vector<events::FieldGuess> fields;  // Empty when the mapping was given.
  std::vector<std::string> notes;
  std::vector<std::size_t> files;  // Indices into Intake::files.
};

struct FileTaken {
  std::string name;
  std::string format;
  std::uint64_t rows = 0;
  std::size_t mapping = 0;  // Index into Intake::mappings.
};

struct Intake {
  std::unique_ptr<events::Harvest> harvest;
  std::vector<FileTaken> files;
  std::vector<std::string> skipped;  // Paths in folders that are no data files by their names.
  std::vector<MappingUsed> mappings;
};

/// Reads all files; the harvest is sealed. Refuses the whole call for a file that cannot be read,
/// lacks a column, or has a column of another type: the error names the file. kInterrupted when
/// the progress asks to stop.
base::Result<Intake> take_in(const IntakeRequest& request, events::ShopFacts shop,
                             base::Progress& progress);

/// As take_in, for one source that is open already.
base::Result<Intake> take_in_source(events::RowSource& source, const IntakeRequest& request,
                                    events::ShopFacts shop, base::Progress& progress);

}  // namespace footfall::engine
