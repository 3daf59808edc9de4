// Judge: what becomes of each incoming event, exactly, against the shop and its own batch.
//
// Events are told apart by (SEMANTICS 1.8, 1.9)
//   an id (events::kHasEventId)   its key, across all users: another digest or user is a conflict;
//   an order line                 (order, line key): an order under another user, or an explicit
//                                 line number with another digest, is a conflict;
//   no id                         (user, key): equal ones are duplicates, conflicts cannot be.
// What is in the shop comes first, then the batch in its original order. Events that are refused
// hold no id: they make no other event a duplicate or a conflict.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/id_index.h"
#include "footfall/store/store.h"
#include "footfall/store/timeline_source.h"

namespace footfall::store {

/// The incoming events of one population, with what the shop holds of it.
struct JudgePart {
  const EventTable* incoming = nullptr;  // Sorted (sort_events), orders not joined.
  std::span<const std::uint32_t> rows;   // Place of each event in the batch; empty: its index.
  Population population = Population::kPeople;
  std::span<const std::shared_ptr<const TimelineSource>> existing;
};

/// An incoming duplicate of something the shop holds: this import has brought it as well.
struct Echo {
  UserNumber user = 0;
  std::uint64_t key = 0;
  std::uint64_t line_key = 0;  // 0: a whole event.
  std::int64_t sequence = 0;   // As this import gave it; of a line its number.

  bool operator==(const Echo&) const = default;
};

struct PartJudgement {
  Column<Verdict> verdicts;  // One an event of the part's table, in the table's order.
  // To be stored: what was accepted, and duplicates whose row counts before that of the event
  // they repeat (events::kSequenceIsRow), so that the order within an instant does not depend on
  // which import came first. 1 an event.
  Column<std::uint8_t> store;
  std::vector<Echo> echoes;  // By (user, key, line key), each once.
  // Places in the batch of accepted unnumbered lines whose order stands in the shop with another
  // line of the same item: such a line may be one that the shop has, changed. Rising.
  std::vector<std::uint32_t> beside_equal_items;
};

struct JudgeOptions {
  std::size_t threads = 1;
  const IdIndex* ids = nullptr;  // All ids of all `existing` sources; null: built from them.
};

/// One judgement a part. `rows` of all parts together name every place of the batch once.
base::Result<std::vector<PartJudgement>> judge(std::span<const JudgePart> parts,
                                               const JudgeOptions& options);

}  // namespace footfall::store
