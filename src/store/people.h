// People: the dictionary from keyed pseudonyms to dense user numbers, with the sealed ids beside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/privacy/keys.h"
#include "footfall/store/block.h"

namespace footfall::store {

/// The population of an id by its kind: orders are guests, the shop itself is a thing.
Population population_of(std::string_view person);

/// One person as met for the first time.
struct NewPerson {
  privacy::Pseudonym pseudonym{};
  Population population = Population::kPeople;
  std::string sealed;  // privacy::Privacy::seal of the id.
};

/// Persons of consecutive numbers, as the bytes of one journal value.
std::string encode_people(UserNumber first, const std::vector<NewPerson>& people);

/// Who the shop has met. Numbers are 1 .. size(), in order of arrival. One writer or many readers.
class People {
 public:
  UserNumber size() const { return static_cast<UserNumber>(people_.size()); }

  /// Reads one page; kDamaged when it is not the next one.
  base::Status add(std::string_view page);

  /// 0 = not met.
  UserNumber find(const privacy::Pseudonym& pseudonym) const;
  Population population(UserNumber user) const { return people_[user - 1].population; }
  const std::string& sealed(UserNumber user) const { return people_[user - 1].sealed; }

 private:
  struct PseudonymHash {
    std::size_t operator()(const privacy::Pseudonym& pseudonym) const;
  };

  std::vector<NewPerson> people_;
  std::unordered_map<privacy::Pseudonym, UserNumber, PseudonymHash> numbers_;
};

}  // namespace footfall::store
