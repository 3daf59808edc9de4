// Fuzzes recognition and interpretation: any table of cells gives every row exactly one outcome.
//
// The first byte picks the kind of file and whether the rest is CSV or JSON.
#include <cstddef>
#include <cstdint>
#include <string>

#include "footfall/base/check.h"
#include "footfall/events/json_reader.h"
#include "footfall/events/test_files.h"

namespace {

using namespace footfall;

template <typename Reader>
std::vector<events::RawChunk> chunks_of(const std::string& text) {
  std::vector<events::RawChunk> chunks;
  auto reader = Reader::open(std::make_unique<events::StringSource>(text), "fuzz");
  if (!reader.ok()) return chunks;
  while (true) {
    events::RawChunk chunk;
    const auto more = (*reader)->next(chunk);
    if (!more.ok() || !*more) return chunks;
    chunks.push_back(std::move(chunk));
  }
}

void check_batch(const events::EventBatch& batch) {
  const std::size_t size = batch.size();
  FOOTFALL_CHECK(batch.users.size() == size && batch.types.size() == size);
  FOOTFALL_CHECK(batch.items.size() == size && batch.flags.size() == size);
  FOOTFALL_CHECK(batch.rows.size() == size && batch.keys.size() == size);
  FOOTFALL_CHECK(batch.digests.size() == size);
  FOOTFALL_CHECK(batch.known_times.empty() || batch.known_times.size() == size);
  FOOTFALL_CHECK(batch.sequences.empty() || batch.sequences.size() == size);
  FOOTFALL_CHECK(batch.orders.empty() || batch.orders.size() == size);
  const events::LineBatch& lines = batch.lines;
  FOOTFALL_CHECK(lines.starts.empty() ? lines.items.empty() : lines.starts.size() == size + 1);
  if (!lines.starts.empty()) FOOTFALL_CHECK(lines.starts.back() == lines.items.size());
  for (const events::PropertyColumn& column : batch.properties) {
    FOOTFALL_CHECK(column.codes.size() == size);
  }
  for (std::size_t i = 0; i < size; ++i) {
    FOOTFALL_CHECK(batch.users[i] != 0 && batch.users[i] < batch.persons.size());
    FOOTFALL_CHECK(batch.items[i] < batch.items_table.size());
    FOOTFALL_CHECK(!batch.type_name(batch.types[i]).empty());
    FOOTFALL_CHECK(batch.times[i] >= base::kTimeMin && batch.times[i] < base::kTimeEnd);
  }
  for (std::size_t line = 0; line < lines.items.size(); ++line) {
    FOOTFALL_CHECK(lines.quantities[line] >= 0 && lines.prices[line] >= 0);
    FOOTFALL_CHECK(lines.items[line] < batch.items_table.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<events::RawChunk> chunks =
      data[0] & 16 ? chunks_of<events::JsonReader>(text) : chunks_of<events::CsvReader>(text);
  if (chunks.empty()) return 0;
  std::optional<events::FileKind> as;
  if (data[0] % 8 < events::kFileKinds) as = static_cast<events::FileKind>(data[0] % 8);
  const events::ShopFacts shop;
  events::Harvest harvest(shop);
  const events::Mapping mapping = events::recognise(chunks, as).mapping;
  const auto wrong_type =
      data[0] & 8 ? events::WrongType::kHoldRows : events::WrongType::kRefuseFile;
  auto plan = events::plan_file(mapping, chunks, shop, wrong_type);
  if (!plan.ok()) {
    FOOTFALL_CHECK(!plan.error().message.empty());
    return 0;
  }
  auto interpreter = events::Interpreter::begin(harvest, "fuzz.csv", std::move(*plan));
  for (const events::RawChunk& chunk : chunks) {
    if (!interpreter->add(chunk).ok()) return 0;
  }
  interpreter->finish();
  harvest.seal();
  check_batch(harvest.batch);
  FOOTFALL_CHECK(events::test::adds_up(harvest));
  return 0;
}
