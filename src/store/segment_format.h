// Segment format: the bytes of a segment's header, directory and footer, version 1.
//
// docs/formats/segment.md describes every byte. Parsing trusts nothing: what it returns has sizes,
// places and counts that fit together and fit the file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/base/time.h"

namespace footfall::store {

inline constexpr std::uint32_t kSegmentVersion = 1;
inline constexpr std::size_t kSegmentHeaderBytes = 64;
inline constexpr std::size_t kSegmentFooterBytes = 64;
inline constexpr std::size_t kSegmentAlign = 64;
inline constexpr std::size_t kSegmentBlockBytes = 65'536;  // Bytes under one checksum.

enum class SegmentColumn : std::uint16_t {
  kUserGaps = 1,    // The first user; then each one's distance to the one before, less 1.
  kUserEvents = 2,  // Events of each user, >= 1.
  kTicksLow = 3,
  kTicksHigh = 4,  // Absent: all 0.
  kTypes = 5,
  kItems = 6,
  kSequences = 7,
  kKeys = 8,
  kDigests = 9,  // Digest xor key.
  kFlags = 10,
  kBatches = 11,
  kOrders = 12,
  kKnownTimes = 13,  // Known time minus time.
  kLineEvents = 14,  // Events that have lines.
  kLineCounts = 15,  // Lines of each of these, >= 1.
  kLineItems = 16,
  kLineNames = 17,
  kLineQuantities = 18,
  kLinePrices = 19,
  kLineNumbers = 20,
  kLineMarks = 21,
  kLineTimes = 22,       // Line time minus event time.
  kLineKnownTimes = 23,  // Line known time minus line time.
  kLineKeys = 24,
  kLineDigests = 25,  // Digest xor key.
  kLineBatches = 26,
  kProperty = 27,
  kLineProperty = 28,  // What differs from the event's value; kSameAsEvent elsewhere.
};

enum class SegmentEncoding : std::uint8_t { kConstant = 0, kDense = 1, kSparse = 2 };

/// What the values of a column count.
enum class SegmentRows : std::uint8_t { kUsers, kEvents, kGroups, kLines };

/// What the format says about a kind of column.
struct SegmentColumnTraits {
  const char* name = "";
  SegmentRows rows = SegmentRows::kEvents;
  std::uint8_t view_width = 4;  // Of the values as readers see them, in bytes.
  bool is_signed = false;
  bool dense_only = false;      // Stored densely at its full width, always.
  bool full_width = false;      // Dense values keep their full width, so that views need no copy.
  bool required = false;        // Present in every segment that has such rows.
  std::uint64_t otherwise = 0;  // What sparse columns leave out.
};
/// Null for a number that is no column.
const SegmentColumnTraits* segment_column_traits(std::uint16_t kind);

struct SegmentEntry {
  SegmentColumn kind{};
  SegmentEncoding encoding{};
  std::uint8_t width = 0;    // Bytes of one stored value; 0 for constants.
  std::string name;          // Of a property; else empty.
  std::uint32_t stored = 0;  // Values in the file.
  std::uint64_t value = 0;   // Constant, or sparse default, or what is added to dense values.
  std::uint64_t offset = 0;  // From the start of the file.
  std::uint64_t bytes = 0;
  std::vector<std::uint32_t> checksums = {};  // CRC32C of each block.

  /// "keys", or "property country".
  std::string title() const;
  /// Where the values of a sparse column begin within its bytes.
  std::uint64_t sparse_values_at() const {
    return (std::uint64_t{stored} * 4 + kSegmentAlign - 1) / kSegmentAlign * kSegmentAlign;
  }
};

struct SegmentDirectory {
  std::uint64_t events = 0;
  std::uint64_t users = 0;
  std::uint64_t lines = 0;
  std::uint64_t groups = 0;  // Events with lines.
  base::TimeMs min_time = 0;
  base::TimeMs max_time = 0;
  base::TimeMs base_ms = 0;
  base::TimeMs tick_ms = 1;
  std::array<std::uint8_t, 32> event_codes{};  // Bit c of byte c / 8: code c occurs.
  std::vector<SegmentEntry> entries;

  std::uint64_t rows(SegmentRows what) const;
  /// Bytes of the columns that every question reads.
  std::uint64_t core_bytes() const;
};

std::vector<std::byte> segment_header();
/// Directory and footer, as they stand at `offset`, a multiple of kSegmentAlign.
std::vector<std::byte> segment_tail(const SegmentDirectory& directory, std::uint64_t offset);
/// kDamaged names the file and what does not fit.
base::Result<SegmentDirectory> parse_segment(std::span<const std::byte> file,
                                             const std::string& path);

}  // namespace footfall::store
