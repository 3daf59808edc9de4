// Looking for damage: in a shop that is open, and in the parts of one that cannot be opened.
#include <fmt/format.h>

#include <utility>

#include "footfall/base/hash.h"
#include "footfall/store/byte_codec.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {
namespace {

Damage damage_of(const StoreImpl& shop, std::string part, const base::Error& error) {
  return {error.where.file.empty() ? shop.path + "/journal" : error.where.file, std::move(part),
          error.message};
}

void append(std::vector<Damage>& damages, std::vector<Damage> more) {
  for (Damage& damage : more) damages.push_back(std::move(damage));
}

// Everything that has a checksum, each part by itself.
std::vector<Damage> look_at_bytes(const StoreImpl& shop, base::Progress& progress) {
  std::vector<Damage> damages;
  progress.stage("checking", static_cast<std::int64_t>(shop.manifest.segments.size() + 2), "parts");
  for (const ManifestSegment& entry : shop.manifest.segments) {
    const auto segment = shop.open_segment(shop.manifest, entry);
    if (segment.ok()) {
      append(damages, (*segment)->verify());
    } else {
      damages.push_back({shop.segment_path(entry.file), "segment", segment.error().message});
    }
    progress.advance(1);
  }
  if (const auto what = shop.journal->verify()) {
    damages.push_back({shop.path + "/journal", "journal", *what});
  }
  append(damages, shop.look_at_pages(PageCheck::kBytes).damages);
  progress.advance(1);
  return damages;
}

// The events themselves: their digest must be the one that the commits added up.
base::Status look_at_content(const StoreImpl& shop, const privacy::Privacy& privacy,
                             std::vector<Damage>& damages, base::Progress& progress) {
  FOOTFALL_TRY(const People* people, shop.people());
  ContentSum sum;
  for (const PopulationSources& sources : shop.current->sources) {
    const auto all = sources.all();
    if (all.empty()) continue;
    const base::Status merged = merge_timelines(
        all, {.threads = shop.options.threads},
        [&](EventTable&& chunk) {
          return add_content(
              chunk,
              [&](UserNumber user) -> base::Result<std::uint64_t> {
                FOOTFALL_TRY(const std::string id, privacy.unseal(people->sealed(user)));
                return base::hash64(id);
              },
              sum);
        },
        progress);
    if (!merged.ok()) damages.push_back({shop.path, "timelines", merged.error().message});
  }
  if (damages.empty() && sum.hex() != shop.manifest.content.hex()) {
    damages.push_back({shop.path, "content",
                       fmt::format("the events' digest is {} and should be {}", sum.hex(),
                                   shop.manifest.content.hex())});
  }
  return base::Ok{};
}

}  // namespace

PageFiles StoreImpl::look_at_pages(PageCheck check) const {
  PageFiles pages;
  for (const PageKind& kind : kPageKinds) {
    const std::string part = fmt::format("page of {}", kind.name);
    const PageVisit look = [&](const std::string& file, std::string_view bytes) -> base::Status {
      if (!file.empty()) pages.bytes += bytes.size();
      if (check == PageCheck::kOpens) return base::Ok{};
      FOOTFALL_RETURN_IF_ERROR(check_bytes(bytes, "a page of the dictionaries"));
      return base::Ok{};
    };
    const base::Status scanned =
        journal->scan_prefix(kind.prefix, [&](std::string_view key, std::string_view value) {
          const base::Status seen = visit_page(kind, key, value, look);
          if (!seen.ok()) pages.damages.push_back(damage_of(*this, part, seen.error()));
          return base::Status(base::Ok{});
        });
    if (!scanned.ok()) pages.damages.push_back(damage_of(*this, part, scanned.error()));
  }
  return pages;
}

base::Result<std::vector<Damage>> Store::verify(base::Progress& progress) const {
  std::vector<Damage> damages = look_at_bytes(*impl_, progress);
  const auto privacy = impl_->privacy();
  // Without the key, bytes are all that can be checked; another key is no key of this shop.
  if (!privacy.ok() && privacy.error().code != base::ErrorCode::kNotFound) {
    damages.push_back({impl_->key_file(), "key", privacy.error().message});
  }
  if (damages.empty() && privacy.ok()) {
    FOOTFALL_RETURN_IF_ERROR(look_at_content(*impl_, **privacy, damages, progress));
  }
  progress.advance(1);
  return damages;
}

bool Store::has_key() const {
  const auto privacy = impl_->privacy();
  return privacy.ok() || privacy.error().code != base::ErrorCode::kNotFound;
}

std::vector<Damage> Store::find_damage(const std::string& path, const base::Error& refusal,
                                       base::Progress& progress) {
  StoreImpl shop;
  shop.path = path;
  const Damage refused{refusal.where.file.empty() ? path : refusal.where.file, "shop",
                       refusal.message};
  auto journal = Journal::open(path + "/journal", Journal::Mode::kRead);
  if (!journal.ok()) return {damage_of(shop, "journal", journal.error())};
  shop.journal = std::move(*journal);
  if (const base::Status loaded = shop.load_manifest(); !loaded.ok()) {
    return {damage_of(shop, "manifest", loaded.error())};
  }
  std::vector<Damage> damages = look_at_bytes(shop, progress);
  if (const auto tail = shop.read_tail(shop.manifest); !tail.ok()) {
    damages.push_back(damage_of(shop, "unsealed events", tail.error()));
  }
  if (damages.empty()) damages.push_back(refused);
  progress.advance(1);
  return damages;
}

}  // namespace footfall::store
