// Intake: a batch with local codes becomes sorted event tables with the shop's codes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
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
  // By Population; in total order (sort_events), `batches` not filled.
  std::array<EventTable, kPopulations> tables;
  std::array<Column<std::uint32_t>, kPopulations> rows;  // Place of each event in the batch.
  std::shared_ptr<const DictionaryPage> new_items;       // Null: none.
  std::shared_ptr<const DictionaryPage> new_orders;
  std::shared_ptr<const DictionaryPage> new_texts;
  std::string new_people;  // Their page; empty: none.
  UserNumber new_people_count = 0;
  // The persons of the batch, of each population by number, and base::hash64 of their raw ids.
  std::array<Column<UserNumber>, kPopulations> persons;
  std::array<Column<std::uint64_t>, kPopulations> person_hashes;
  std::vector<std::string> own_names;  // All of the shop's own names, old and new.
};

/// Refuses a batch with more own event names than a shop may have (invalid_argument).
base::Result<Intake> take_in(const events::EventBatch& batch, const KnownShop& shop,
                             std::size_t threads);
/// The same in the memory of the batch: of its columns types, rows, orders and flags stay, the
/// others are empty then.
base::Result<Intake> use_up(events::EventBatch& batch, const KnownShop& shop, std::size_t threads);

}  // namespace footfall::store
