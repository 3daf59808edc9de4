// Any bytes as values of the journal: refused or read, never a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "footfall/store/dictionary.h"
#include "footfall/store/manifest.h"
#include "footfall/store/people.h"
#include "footfall/store/store_impl.h"
#include "footfall/store/table_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace footfall::store;
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
      (void)Manifest::decode(sealed).ok();
      break;
    case 1:
      (void)DictionaryPage::decode(sealed).ok();
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
    default: {
      ByteReader reader(bytes);
      (void)decode_table(reader, {50, 50, 50}).ok();
    }
  }
  return 0;
}
