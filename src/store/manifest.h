// Manifest: what a shop consists of after a commit. One value in the journal; a new one each time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/hash.h"
#include "footfall/base/result.h"
#include "footfall/base/time.h"
#include "footfall/store/block.h"
#include "footfall/store/store.h"

namespace footfall::store {

struct ManifestSegment {
  Population population = Population::kPeople;
  std::string file;  // Name inside SHOP/segments.
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t core_bytes = 0;
};

/// Order-free digest of a set of events: sums of hashes, so that events can be added and taken
/// away.
struct ContentSum {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  /// `event`: identity and payload of one event or order line; `person`: hash of the raw id.
  void add(std::uint64_t event, std::uint64_t person) {
    low += base::hash_combine(event, person);
    high += base::hash_combine(person, event);
  }
  void remove(std::uint64_t event, std::uint64_t person);
  /// Everything that was added to another sum.
  void add(const ContentSum& other);
  std::string hex() const;
};

struct Manifest {
  std::uint64_t generation = 0;
  ShopSettings settings;
  std::string key_check;
  std::vector<ManifestSegment> segments;
  std::vector<std::string> own_names;  // Event code 64 + i.
  std::uint32_t items = 0;             // Sizes of the dictionaries.
  std::uint32_t orders = 0;
  std::uint32_t texts = 0;
  UserNumber people = 0;
  BatchNumber next_batch = 1;
  std::uint64_t tail_first = 0;  // Journal records [tail_first, tail_end) are not sealed.
  std::uint64_t tail_end = 0;
  std::uint64_t next_quarantine = 1;
  std::uint64_t quarantined = 0;
  ContentSum content;
  base::TimeMs complete_to = base::kTimeMin;

  std::string encode() const;
  static base::Result<Manifest> decode(std::string_view bytes);
};

}  // namespace footfall::store
