// Intake: a batch with local codes becomes event tables with the shop's codes, one a population.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/batch.h"
#include "footfall/privacy/keys.h"
#include "footfall/store/dictionary.h"
#include "footfall/store/event_table.h"
#include "footfall/store/people.h"

namespace footfall::store {

inline constexpr std::size_t kPopulations = 3;

/// What the shop knows before the batch; nothing of it is changed.
struct KnownShop {
  const Dictionary& items;
  const Dictionary& orders;
  const Dictionary& texts;
  const People& people;
  const std::vector<std::string>& own_names;
  const privacy::Privacy& privacy;
};

/// The batch in the shop's terms, with everything that the shop has to learn for it.
struct Intake {
  std::array<EventTable, kPopulations> tables;  // By Population; in the batch's order.
  std::array<std::vector<std::uint32_t>, kPopulations> rows;  // Place of each event in the batch.
  std::shared_ptr<const DictionaryPage> new_items;            // Null: none.
  std::shared_ptr<const DictionaryPage> new_orders;
  std::shared_ptr<const DictionaryPage> new_texts;
  std::vector<NewPerson> new_people;
  std::vector<std::string> own_names;        // All of the shop's own names, old and new.
  std::vector<std::uint64_t> person_hashes;  // Of raw ids, by `persons` code of the batch.
  std::vector<UserNumber> users;             // By `persons` code of the batch.
};

/// Refuses a batch with more own event names than a shop may have (invalid_argument).
base::Result<Intake> take_in(const events::EventBatch& batch, const KnownShop& shop);

}  // namespace footfall::store
