// For tests: CSV texts read, recognised and interpreted as files of one collect call.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "footfall/events/csv_reader.h"
#include "footfall/events/file_plan.h"
#include "footfall/events/harvest.h"
#include "footfall/events/interpreter.h"
#include "footfall/events/recognition.h"
#include "footfall/events/string_source.h"

namespace footfall::events::test {

inline std::vector<RawChunk> read_csv(const std::string& text) {
  auto reader = CsvReader::open(std::make_unique<StringSource>(text), "file.csv");
  FOOTFALL_CHECK(reader.ok());
  std::vector<RawChunk> chunks;
  while (true) {
    RawChunk chunk;
    const auto more = (*reader)->next(chunk);
    FOOTFALL_CHECK(more.ok());
    if (!*more) return chunks;
    chunks.push_back(std::move(chunk));
  }
}

struct Files {
  std::vector<std::string> texts = {};
  std::optional<FileKind> as = std::nullopt;
  std::optional<Mapping> mapping = std::nullopt;
  std::string zone = "UTC";
  base::TimeMs now = base::kTimeEnd;
};

/// Error of the first file that is refused as a whole, else the sealed harvest.
inline base::Result<std::unique_ptr<Harvest>> interpret(const Files& files) {
  ShopFacts shop;
  FOOTFALL_TRY(shop.zone, base::Zone::open(files.zone));
  shop.now = files.now;
  auto harvest = std::make_unique<Harvest>(shop);
  for (const std::string& text : files.texts) {
    const std::vector<RawChunk> chunks = read_csv(text);
    const Mapping mapping = files.mapping ? *files.mapping : recognise(chunks, files.as).mapping;
    FOOTFALL_TRY(FilePlan plan, plan_file(mapping, chunks, shop));
    auto interpreter = Interpreter::begin(*harvest, "file.csv", std::move(plan));
    for (const RawChunk& chunk : chunks) FOOTFALL_RETURN_IF_ERROR(interpreter->add(chunk));
    interpreter->finish();
  }
  harvest->seal();
  return harvest;
}

/// Each event as one text: "type person item order time flags [item xquantity @price #number]",
/// without what is absent; flags as letters S(erver) I(d) P(art) R(ow) 2(secondary).
inline std::vector<std::string> describe(const Harvest& harvest) {
  const EventBatch& batch = harvest.batch;
  std::vector<std::string> events;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    std::string text(batch.type_name(batch.types[i]));
    text += " " + std::string(batch.persons.text(batch.users[i]));
    if (batch.items[i] != 0) text += " " + std::string(batch.items_table.text(batch.items[i]));
    if (!batch.orders.empty() && batch.orders[i] != 0) {
      text += " " + std::string(batch.orders_table.text(batch.orders[i]));
    }
    text += " " + base::format_instant(batch.times[i]) + " ";
    constexpr std::pair<std::uint8_t, char> kLetters[] = {{kServerOrigin, 'S'},
                                                          {kHasEventId, 'I'},
                                                          {kOrderPart, 'P'},
                                                          {kSequenceIsRow, 'R'},
                                                          {kSecondary, '2'}};
    for (const auto& [flag, letter] : kLetters) {
      if ((batch.flags[i] & flag) != 0) text += letter;
    }
    const bool lines = !batch.lines.starts.empty();
    for (std::uint32_t l = lines ? batch.lines.starts[i] : 0;
         lines && l < batch.lines.starts[i + 1]; ++l) {
      text += " [" + std::string(batch.items_table.text(batch.lines.items[l])) + " x" +
              std::to_string(batch.lines.quantities[l]) + " @" +
              base::format_price(batch.lines.prices[l]) + " #" +
              std::to_string(batch.lines.numbers[l]) + "]";
    }
    events.push_back(std::move(text));
  }
  return events;
}

/// A property of an event; "" when it has none.
inline std::string property(const Harvest& harvest, std::size_t event, const std::string& name) {
  for (const PropertyColumn& column : harvest.batch.properties) {
    if (column.name == name) return std::string(harvest.batch.texts.text(column.codes[event]));
  }
  return "";
}

/// "reason count ...", by reason.
inline std::string reasons(const ReasonCounts& counts) {
  std::string text;
  for (const auto& [reason, count] : counts) {
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count.count);
  }
  return text;
}

/// Whether every row of the ledger has exactly one outcome.
inline bool adds_up(const Harvest& harvest) {
  std::uint64_t rows = harvest.ledger.duplicates;
  for (const std::uint8_t flags : harvest.batch.flags) rows += (flags & kSecondary) == 0 ? 1 : 0;
  for (const auto& [reason, count] : harvest.ledger.quarantined) rows += count.count;
  for (const auto& [reason, count] : harvest.ledger.rejected) rows += count.count;
  return rows == harvest.ledger.rows_read;
}

}  // namespace footfall::events::test
