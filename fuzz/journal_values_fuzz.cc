// Any bytes as values of the journal: refused, or read and fit to work with. What is written of it
// again is what was read.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/store/dictionary.h"
#include "footfall/store/manifest.h"
#include "footfall/store/people.h"
#include "footfall/store/store_impl.h"
#include "footfall/store/table_block.h"
#include "footfall/store/table_codec.h"
#include "footfall/store/timeline_merge.h"

namespace {

using namespace footfall;
using namespace footfall::store;

// An older format is written again as this one's.
void check_manifest(const std::string& sealed) {
  const auto manifest = Manifest::decode(sealed);
  if (!manifest.ok()) return;
  const std::string written = manifest->encode();
  const auto again = Manifest::decode(written);
  FOOTFALL_CHECK(again.ok() && again->encode() == written);
  constexpr std::size_t kVersionBytes = 4;
  if (sealed.starts_with(written.substr(0, kVersionBytes))) FOOTFALL_CHECK(written == sealed);
}

void check_dictionary(const std::string& sealed) {
  const auto page = DictionaryPage::decode(sealed);
  if (!page.ok()) return;
  FOOTFALL_CHECK((*page)->encode() == sealed);
  for (std::size_t i = 0; i < (*page)->size(); ++i) {
    const std::string_view text = (*page)->text((*page)->first_code() + static_cast<unsigned>(i));
    FOOTFALL_CHECK((*page)->find(text, base::hash64(text)) != 0);
  }
}

// Events of the journal are merged with others and given out in blocks.
void check_table(std::string_view bytes) {
  ByteReader reader(bytes);
  auto table = decode_table(reader, {50, 50, 50});
  if (!table.ok()) return;
  ByteWriter writer;
  encode_table(*table, writer);
  FOOTFALL_CHECK(bytes.starts_with(std::move(writer).take()));
  const std::size_t size = table->size();
  const std::vector<std::shared_ptr<const TimelineSource>> sources{
      table_source(std::make_shared<const EventTable>(*std::move(table)))};
  auto merged = merge_to_table(sources, {}, base::silent_progress());
  FOOTFALL_CHECK(merged.ok() && merged->size() <= size);
  const OwnedBlock block = make_block(std::make_shared<const EventTable>(*std::move(merged)));
  FOOTFALL_CHECK(block.block.event_count() <= size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  // The checksum is put right, so that the fuzzer gets behind it.
  std::string sealed;
  {
    ByteWriter writer;
    for (const char byte : bytes) writer.number(byte);
    sealed = std::move(writer).with_checksum();
  }
  switch (data[0] % 7) {
    case 0:
      check_manifest(sealed);
      break;
    case 1:
      check_dictionary(sealed);
      break;
    case 2:
      (void)People().add(sealed).ok();
      break;
    case 3:
      (void)decode_batch_record(sealed).ok();
      break;
    case 4:
      (void)decode_quarantined(1, sealed).ok();
      break;
    case 5:
      (void)decode_echoes(sealed).ok();
      break;
    default:
      check_table(bytes);
  }
  return 0;
}
