// Looking for damage: in a shop that is open, and in the parts of one that cannot be opened.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "footfall/base/hash.h"
#include "footfall/store/page_extent.h"
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
  append(damages, shop.look_at_pages(PageCheck::kReads).damages);
  progress.advance(1);
  return damages;
}

// The events themselves: their digest must be the one that the commits added up.
void look_at_content(const StoreImpl& shop, const privacy::Privacy& privacy,
                     std::vector<Damage>& damages, base::Progress& progress) {
  const auto loaded = shop.people();
  if (!loaded.ok()) {
    damages.push_back(damage_of(shop, "people", loaded.error()));
    return;
  }
  const People* people = *loaded;
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
}

base::Result<PageExtent> extent_of(const PageKind& kind, std::string_view page) {
  if (kind.prefix == kPeoplePrefix) return People::extent_of(page);
  FOOTFALL_TRY(const auto decoded, DictionaryPage::decode(page));
  return PageExtent{decoded->first_code(), static_cast<std::uint32_t>(decoded->size())};
}

// `next` is where the page has to begin, and then where the one after it has.
base::Status read_page(const PageKind& kind, std::string_view key, std::string_view page,
                       std::optional<std::uint64_t>& next) {
  FOOTFALL_TRY(const PageExtent extent, extent_of(kind, page));
  const std::uint64_t first = number_of_key(key);
  if (extent.first != first || first != next.value_or(first)) {
    return base::Error{base::ErrorCode::kDamaged,
                       fmt::format("expected the page from {} under the key {}, found the one "
                                   "from {}",
                                   next.value_or(first), first, extent.first),
                       {},
                       ""};
  }
  next = first + extent.count;
  return base::Ok{};
}

}  // namespace

PageFiles StoreImpl::look_at_pages(PageCheck check) const {
  PageFiles pages;
  for (const PageKind& kind : kPageKinds) {
    std::optional<std::uint64_t> next = 1;  // Nothing after a page that cannot be read.
    const auto look_at = [&](std::string_view key, std::string_view value) -> base::Status {
      return visit_page(kind, key, value, [&](const std::string& file, std::string_view bytes) {
        if (!file.empty()) pages.bytes += bytes.size();
        return check == PageCheck::kReads ? read_page(kind, key, bytes, next) : base::Ok{};
      });
    };
    const base::Status scanned = journal->scan_prefix(kind.prefix, [&](std::string_view key,
                                                                       std::string_view value) {
      const base::Status seen = look_at(key, value);
      if (seen.ok()) return base::Status(base::Ok{});
      next.reset();
      pages.damages.push_back(damage_of(*this, page_words(kind, number_of_key(key)), seen.error()));
      return base::Status(base::Ok{});
    });
    const std::uint64_t end = std::uint64_t{manifest.*kind.size} + 1;
    if (!scanned.ok()) {
      pages.damages.push_back(
          damage_of(*this, fmt::format("pages of {}", kind.name), scanned.error()));
    } else if (check == PageCheck::kReads && next && *next != end) {
      pages.damages.push_back({path + "/journal", page_words(kind, *next),
                               fmt::format("the dictionary should end before {}", end)});
    }
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
  if (damages.empty() && privacy.ok()) look_at_content(*impl_, **privacy, damages, progress);
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
