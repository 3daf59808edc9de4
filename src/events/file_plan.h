// FilePlan: a mapping made ready for one file: styles of its cells decided, columns known.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/harvest.h"
#include "footfall/events/mapping.h"
#include "footfall/events/raw_table.h"
#include "footfall/events/values.h"

namespace footfall::events {

struct FilePlan {
  Mapping mapping;  // With unit, order and zone of the time filled in.
  TimeReader time;
  TimeReader known_at;
  std::array<NumberStyle, kFieldCount> numbers{};  // By Field.
  std::array<bool, kFieldCount> float_ids{};       // Ids such as 17850.0, by Field.
  std::vector<std::string> notes;                  // What the reader of a report should know.
};

/// Whether the dates of the sample can be read both day first and month first, and the mapping
/// does not say: then more of the file has to be looked at.
bool date_order_open(const Mapping& mapping, std::span<const RawChunk> sample);

/// What happens when no cell of a column is of its field's type.
enum class WrongType : std::uint8_t {
  kRefuseFile,  // The mapping is wrong.
  kHoldRows,    // The rows are known to be odd, as quarantined ones are: each is held by itself.
};

/// Refuses a mapping that does not fit the columns of the sample (check_mapping), a column whose
/// cells are of another type than its field, and dates whose order cannot be told. Where the kind
/// of file is open (kind_open), the plan's mapping has the one that recognition finds.
base::Result<FilePlan> plan_file(const Mapping& mapping, std::span<const RawChunk> sample,
                                 const ShopFacts& shop,
                                 WrongType wrong_type = WrongType::kRefuseFile);

/// Names of the columns of all chunks, in order of first appearance.
std::vector<std::string> column_names(std::span<const RawChunk> sample);

}  // namespace footfall::events
