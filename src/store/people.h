// People: the dictionary from keyed pseudonyms to dense user numbers, with the sealed ids beside.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/privacy/keys.h"
#include "footfall/store/block.h"
#include "footfall/store/column.h"
#include "footfall/store/page_extent.h"

namespace footfall::store {

/// The population of an id by its kind: orders are guests, the shop itself is a thing.
Population population_of(std::string_view person);

/// One person as met for the first time.
struct NewPerson {
  privacy::Pseudonym pseudonym{};
  Population population = Population::kPeople;
  std::string_view id;
};

/// Persons of consecutive numbers, as the bytes of one page (docs/formats/journal.md).
/// Seals the ids.
std::string encode_people(UserNumber first, std::span<const NewPerson> people,
                          const privacy::Privacy& privacy, std::size_t threads);

/// Who the shop has met. Numbers are 1 .. size(), in order of arrival. One writer or many readers.
/// Keeps the pages as they came; what find() needs is made at its first call.
class People {
 public:
  UserNumber size() const { return size_; }

  /// Takes one page; kDamaged when it is not the next one, or not a page.
  base::Status add(std::string page);
  /// The persons of a page; kDamaged when it is not a page.
  static base::Result<PageExtent> extent_of(std::string_view page);

  /// 0 = not met.
  UserNumber find(const privacy::Pseudonym& pseudonym) const;
  Population population(UserNumber user) const;
  std::string_view sealed(UserNumber user) const;

 private:
  struct Page {
    UserNumber first = 1;
    std::string bytes;
    Column<std::uint32_t> starts;  // Of each person's bytes.
  };
  /// All of a page but its bytes.
  static base::Result<Page> decode(std::string_view bytes);

  struct Slot {
    UserNumber user = 0;    // 0 = free.
    std::uint32_t tag = 0;  // Bytes 8 to 11 of the pseudonym.
  };

  /// The bytes of a person and all after it on its page.
  std::string_view bytes_of(UserNumber user) const;
  std::size_t slot_of(const privacy::Pseudonym& pseudonym) const;
  void extend_index() const;

  std::vector<Page> pages_;
  UserNumber size_ = 0;
  mutable std::mutex making_;
  mutable std::atomic<UserNumber> indexed_{0};  // Persons in the index.
  mutable std::vector<Slot> index_;             // A power of two, at most 3/4 full.
};

}  // namespace footfall::store
