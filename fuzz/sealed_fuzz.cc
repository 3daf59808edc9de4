// Any bytes as a sealed id and as a page of people with their sealed ids: refused or read. Whatever
// is sealed opens only whole, unchanged and with its key.
//
// The page's checksum is put right, so that the fuzzer gets behind it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "footfall/base/check.h"
#include "footfall/privacy/keys.h"
#include "footfall/store/byte_codec.h"
#include "footfall/store/people.h"

namespace {

using namespace footfall;

const privacy::Privacy& privacy_of_shop() {
  static const privacy::Privacy privacy(privacy::MasterKey{1});
  return privacy;
}

// Ids may be sealed under any nonce, as older programs chose another; under one nonce, an id has
// one sealed form.
void check_opened(std::string_view sealed) {
  constexpr std::size_t kNonceBytes = 24;
  const auto id = privacy_of_shop().unseal(sealed);
  if (!id.ok()) {
    FOOTFALL_CHECK(id.error().code == base::ErrorCode::kDamaged && !id.error().message.empty());
    return;
  }
  const std::string again = privacy_of_shop().seal(*id);
  FOOTFALL_CHECK(again.size() == sealed.size());
  if (sealed.starts_with(again.substr(0, kNonceBytes))) FOOTFALL_CHECK(again == sealed);
}

void check_sealed(const std::string& id) {
  const privacy::Privacy other(privacy::MasterKey{2});
  const std::string sealed = privacy_of_shop().seal(id);
  FOOTFALL_CHECK(sealed.size() == privacy::sealed_bytes(id));
  FOOTFALL_CHECK(*privacy_of_shop().unseal(sealed) == id && !other.unseal(sealed).ok());
  FOOTFALL_CHECK(!privacy_of_shop().unseal(sealed + '\0').ok());
  // Which byte is changed or cut off depends on the id, so that all are tried in time.
  const std::size_t at = privacy_of_shop().pseudonym(id)[0] % sealed.size();
  FOOTFALL_CHECK(!privacy_of_shop().unseal(std::string_view(sealed).substr(0, at)).ok());
  std::string changed = sealed;
  changed[at] = static_cast<char>(changed[at] ^ (1 << id.size() % 8));
  FOOTFALL_CHECK(!privacy_of_shop().unseal(changed).ok());
}

void check_page(std::string_view bytes) {
  store::ByteWriter page;
  for (const char byte : bytes) page.number(byte);
  store::People people;
  if (!people.add(std::move(page).with_checksum()).ok()) {
    FOOTFALL_CHECK(people.size() == 0);
    return;
  }
  for (store::UserNumber user = 1; user <= people.size(); ++user) {
    FOOTFALL_CHECK(people.population(user) <= store::Population::kThings);
    check_opened(people.sealed(user));
  }
  FOOTFALL_CHECK(people.find(privacy_of_shop().pseudonym(bytes)) <= people.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_opened(bytes);
  check_sealed(bytes);
  check_page(bytes);
  return 0;
}
