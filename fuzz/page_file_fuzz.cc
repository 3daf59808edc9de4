// Any bytes as a page's file, its name and the journal value that refers to it: refused as damaged,
// or read whole and, by its kind, decoded.
//
// Kind, length of the value, value, file. The checksums of value and page are put right, so that
// the fuzzer gets behind them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "footfall/base/check.h"
#include "footfall/engine/small_shop.h"
#include "footfall/store/byte_codec.h"
#include "footfall/store/dictionary.h"
#include "footfall/store/page_file.h"
#include "footfall/store/people.h"
#include "footfall/store/store_impl.h"

namespace {

using namespace footfall;
using namespace footfall::store;

std::string with_checksum(std::string_view bytes) {
  ByteWriter writer;
  for (const char byte : bytes) writer.number(byte);
  return std::move(writer).with_checksum();
}

void check_name(std::string_view text) {
  const auto name = parse_page_file_name(text);
  if (name) FOOTFALL_CHECK(page_file_name(name->dictionary, name->first) == text);
}

base::Status decode(const PageKind& kind, std::string_view bytes) {
  if (kind.prefix == kPeoplePages.prefix) return People().add(std::string(bytes));
  FOOTFALL_TRY(auto page, DictionaryPage::decode(bytes));
  Dictionary dictionary;
  FOOTFALL_RETURN_IF_ERROR(dictionary.append(page));
  FOOTFALL_CHECK(dictionary.size() == page->size() && page->encode() == bytes);
  return base::Ok{};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const engine::SmallShop folder;
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  check_name(bytes);
  const PageKind& kind = kPageKinds[data[0] % kPageKinds.size()];
  const std::size_t value_bytes = std::min<std::size_t>(data[1], bytes.size());
  const std::string value = with_checksum(bytes.substr(0, value_bytes));
  const std::string page = with_checksum(bytes.substr(value_bytes));
  StoreImpl shop;
  shop.path = folder.options().shop;
  const std::string path = shop.page_path(page_file_name(kind.name, 1));
  std::ofstream(path, std::ios::binary | std::ios::trunc) << page;
  std::size_t visits = 0;
  const base::Status read =
      shop.visit_page(kind, numbered_key(kind.prefix, 1), value,
                      [&](const std::string& file, std::string_view seen) {
                        ++visits;
                        FOOTFALL_CHECK(file.empty() ? seen == value : file == path && seen == page);
                        return decode(kind, seen);
                      });
  FOOTFALL_CHECK(read.ok() ? visits == 1 : read.error().code == base::ErrorCode::kDamaged);
  if (!read.ok()) FOOTFALL_CHECK(!read.error().message.empty() && visits <= 1);
  return 0;
}
