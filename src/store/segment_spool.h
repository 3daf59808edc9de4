// Segment spool: the values of one column on their way into a segment that is still growing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "footfall/base/result.h"
#include "footfall/store/segment_encoding.h"

namespace footfall::store {

/// Holds 256 KiB in memory, the rest in an unnamed file beside PATH. A run of equal values at the
/// beginning is only counted, so constant columns take no room.
class SpoolColumn {
 public:
  /// `width`: bytes of a value; `otherwise`: the value of rows that never got one.
  SpoolColumn(std::string path, std::uint8_t width, std::uint64_t otherwise);
  SpoolColumn(SpoolColumn&& other) noexcept;
  SpoolColumn& operator=(SpoolColumn&&) = delete;
  ~SpoolColumn();

  std::uint64_t rows() const { return rows_; }
  base::Status append(std::span<const std::uint64_t> values);
  /// Adds defaults until there are `rows` rows.
  base::Status pad_to(std::uint64_t rows);
  /// Values of rows [begin, end), as a ValueFeed gives them.
  base::Status feed(std::uint64_t begin, std::uint64_t end, const ValueSink& sink) const;

 private:
  base::Status feed_bytes(std::string_view bytes, const ValueSink& sink) const;
  base::Status read_spilled(std::uint64_t from, std::string& bytes) const;
  base::Status spill();

  std::string path_;
  std::uint8_t width_;
  std::uint64_t otherwise_;
  std::uint64_t run_value_ = 0;
  std::uint64_t run_ = 0;  // Rows in front that equal run_value_.
  std::uint64_t rows_ = 0;
  std::string buffer_;
  int descriptor_ = -1;
  std::uint64_t spilled_ = 0;
};

}  // namespace footfall::store
