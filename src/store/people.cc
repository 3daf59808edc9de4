#include "footfall/store/people.h"

#include <cstring>

#include "footfall/events/schema.h"
#include "footfall/store/byte_codec.h"

namespace footfall::store {

Population population_of(std::string_view person) {
  switch (events::person_kind(person)) {
    case events::IdKind::kOrder:
      return Population::kGuests;
    case events::IdKind::kShop:
      return Population::kThings;
    default:
      return Population::kPeople;
  }
}

std::string encode_people(UserNumber first, const std::vector<NewPerson>& people) {
  ByteWriter writer;
  writer.number(first);
  writer.number(static_cast<std::uint32_t>(people.size()));
  for (const NewPerson& person : people) {
    writer.number(static_cast<std::uint8_t>(person.population));
    for (const std::uint8_t byte : person.pseudonym) writer.number(byte);
    writer.text(person.sealed);
  }
  return std::move(writer).with_checksum();
}

base::Status People::add(std::string_view page) {
  FOOTFALL_TRY(const std::string_view body, check_bytes(page, "a page of people"));
  ByteReader reader(body);
  const auto first = reader.number<UserNumber>();
  const auto count = reader.number<std::uint32_t>();
  const base::Error damaged{base::ErrorCode::kDamaged, "a page of people cannot be read", {}, ""};
  if (!reader.ok() || first != size() + 1) return damaged;
  for (std::uint32_t i = 0; i < count; ++i) {
    NewPerson person;
    const auto population = reader.number<std::uint8_t>();
    for (std::uint8_t& byte : person.pseudonym) byte = reader.number<std::uint8_t>();
    person.sealed = reader.text();
    if (!reader.ok() || population > static_cast<std::uint8_t>(Population::kThings)) {
      return damaged;
    }
    person.population = static_cast<Population>(population);
    people_.push_back(std::move(person));
    numbers_.emplace(people_.back().pseudonym, size());
  }
  return base::Ok{};
}

std::size_t People::PseudonymHash::operator()(const privacy::Pseudonym& pseudonym) const {
  // Pseudonyms are uniform already.
  std::size_t hash = 0;
  std::memcpy(&hash, pseudonym.data(), sizeof(hash));
  return hash;
}

UserNumber People::find(const privacy::Pseudonym& pseudonym) const {
  const auto found = numbers_.find(pseudonym);
  return found == numbers_.end() ? 0 : found->second;
}

}  // namespace footfall::store
