#include "footfall/engine/collect_report.h"

#include <fmt/format.h>

#include <cmath>

#include "footfall/base/check.h"
#include "footfall/base/decimal.h"
#include "footfall/base/words.h"
#include "footfall/engine/held_rows.h"
#include "footfall/engine/mapping_json.h"

namespace footfall::engine {
namespace {

using events::ReasonCounts;

Json example_document(const events::RowExample& example) {
  Json json = {{"file", base::printable(example.file, 4096)}, {"row", example.row}};
  if (!example.column.empty()) json["column"] = base::printable(example.column);
  json["message"] = base::printable(example.message, 400);
  return json;
}

Json reasons_document(const ReasonCounts& counts) {
  Json list = Json::array();
  for (const auto& [reason, count] : counts) {
    Json examples = Json::array();
    for (const events::RowExample& example : count.examples) {
      examples.push_back(example_document(example));
    }
    list.push_back({{"reason", reason}, {"count", count.count}, {"examples", std::move(examples)}});
  }
  return list;
}

std::uint64_t total(const ReasonCounts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : counts) sum += count.count;
  return sum;
}

// "order 536365", or the event id, of which only a hash is at hand.
std::string identity_words(const events::EventBatch& batch, std::size_t event) {
  if (batch.orders.empty() || batch.orders[event] == 0) return "this event id";
  return fmt::format("order {}", base::printable(batch.orders_table.text(batch.orders[event])));
}

// Rows the store refused join those that cleaning held back.
ReasonCounts with_conflicts(const events::Harvest& harvest, const RowVerdicts& verdicts) {
  ReasonCounts counts = harvest.ledger.quarantined;
  for (const std::size_t event : verdicts.conflicts) {
    const events::HarvestFile& file = harvest.files[file_of_event(harvest, event)];
    events::Ledger::count(
        counts, "id_conflict",
        {file.name, harvest.batch.rows[event], "",
         fmt::format("expected what the shop holds of {}; to take this in its place, undo the "
                     "import that brought it (--undo) and collect again",
                     identity_words(harvest.batch, event))});
  }
  return counts;
}

// Confidences to two decimals are all that a guess is worth.
double rounded(double confidence) {
  return std::round(confidence * 100) / 100;
}

Json mapping_document(const MappingUsed& used) {
  Json json = mapping_to_json(used.mapping);
  for (const events::FieldGuess& guess : used.fields) {
    const auto found = json.find(guess.field);
    if (found == json.end()) continue;
    if (found->is_string() && *found == guess.column) *found = {{"column", guess.column}};
    if (found->is_object() && found->value("column", "") == guess.column) {
      (*found)["confidence"] = rounded(guess.confidence);
    }
  }
  if (!used.preset.empty()) json["preset"] = used.preset;
  return json;
}

Json views_document(const events::Harvest& harvest) {
  const int decimals = harvest.facts.currency_decimals;
  const double amount =
      static_cast<double>(harvest.usual.amount_without_duplicates) / std::pow(10.0, decimals);
  return {{"usual_cleaning",
           {{"rows", harvest.usual.rows},
            {"rows_without_duplicates", harvest.usual.rows_without_duplicates},
            {"amount_without_duplicates", amount}}}};
}

Json marked_document(const events::Ledger& ledger, const RowVerdicts& verdicts) {
  Json list = Json::array();
  const auto add = [&](std::string_view reason, std::uint64_t count) {
    if (count > 0) list.push_back({{"reason", reason}, {"count", count}});
  };
  for (const auto& [reason, count] : ledger.marked) add(reason, count);
  add("changed_refund", verdicts.changed_refunds);
  add("repeated_line", verdicts.repeated_lines.size());
  return list;
}

std::string repeated_lines_note(const events::Harvest& harvest, const RowVerdicts& verdicts) {
  const std::size_t first = verdicts.repeated_lines.front();
  const std::size_t count = verdicts.repeated_lines.size();
  return fmt::format(
      "{} beside {} of the same order and item that the shop had before, such as order {} ({} row "
      "{}): if this file says anew what an earlier one said, take the earlier import back "
      "(footfall collect SHOP --undo BATCH)",
      count == 1 ? "a line stands" : fmt::format("{} lines stand", count),
      count == 1 ? "one" : "others",
      base::printable(harvest.batch.orders_table.text(harvest.batch.orders[first])),
      base::printable(harvest.files[file_of_event(harvest, first)].name, 4096),
      harvest.batch.rows[first]);
}

}  // namespace

RowVerdicts count_verdicts(const events::Harvest& harvest, const store::CommitOutcome& outcome) {
  const base::Column<store::Verdict>& verdicts = outcome.verdicts;
  FOOTFALL_CHECK(verdicts.size() == harvest.batch.size());
  RowVerdicts counts;
  counts.repeated_lines = outcome.beside_equal_items;
  for (std::size_t event = 0; event < verdicts.size(); ++event) {
    if (const std::uint8_t flags = harvest.batch.flags[event]; (flags & events::kSecondary) != 0) {
      // Of what stands beside a row only a stated refund has an id of its own.
      const bool changed = verdicts[event] == store::Verdict::kIdConflict;
      if (changed && (flags & events::kHasEventId) != 0) ++counts.changed_refunds;
      if (verdicts[event] == store::Verdict::kAccepted) ++counts.beside;
      continue;
    }
    switch (verdicts[event]) {
      case store::Verdict::kAccepted:
        ++counts.taken;
        break;
      case store::Verdict::kDuplicate:
        ++counts.duplicates;
        break;
      case store::Verdict::kIdConflict:
        counts.conflicts.push_back(event);
        break;
    }
  }
  return counts;
}

Json mappings_document(const Intake& intake) {
  if (intake.mappings.size() == 1) {
    Json json = mapping_document(intake.mappings.front());
    if (!intake.files.empty()) json["format"] = intake.files.front().format;
    return json;
  }
  Json list = Json::array();
  for (const MappingUsed& used : intake.mappings) {
    Json json = mapping_document(used);
    for (const std::size_t file : used.files) json["files"].push_back(intake.files[file].name);
    list.push_back(std::move(json));
  }
  return list;
}

Json collect_report(const Intake& intake, const RowVerdicts& verdicts) {
  const events::Harvest& harvest = *intake.harvest;
  const events::Ledger& ledger = harvest.ledger;
  const ReasonCounts quarantined = with_conflicts(harvest, verdicts);
  const std::uint64_t duplicates = ledger.duplicates + verdicts.duplicates;
  FOOTFALL_CHECK(ledger.rows_read ==
                 verdicts.taken + duplicates + total(quarantined) + total(ledger.rejected));
  Json report = {{"batch", nullptr}};
  report["files"] = Json::array();
  Json notes = Json::array();
  for (const FileTaken& file : intake.files) report["files"].push_back(file.name);
  report["skipped"] = intake.skipped;
  report["rows_read"] = ledger.rows_read;
  report["taken"] = verdicts.taken;
  report["duplicates"] = duplicates;
  report["quarantined"] = reasons_document(quarantined);
  report["rejected"] = reasons_document(ledger.rejected);
  report["marked"] = marked_document(ledger, verdicts);
  report["filled"] = Json::array();
  report["mapping"] = mappings_document(intake);
  report["views"] = views_document(harvest);
  for (const MappingUsed& used : intake.mappings) {
    for (const std::string& note : used.notes) notes.push_back(note);
  }
  if (ledger.rows_read > 0 && duplicates == ledger.rows_read) {
    const std::string added =
        verdicts.beside == 0 ? "nothing was added"
        : verdicts.beside == 1
            ? "1 refund that they tell of was added"
            : fmt::format("{} refunds that they tell of were added", verdicts.beside);
    notes.push_back(fmt::format(
        "{} already in the shop: {}",
        duplicates == 1 ? "the row is" : fmt::format("all {} rows are", duplicates), added));
  }
  if (!verdicts.repeated_lines.empty()) notes.push_back(repeated_lines_note(harvest, verdicts));
  report["notes"] = std::move(notes);
  return report;
}

}  // namespace footfall::engine
