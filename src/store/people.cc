#include "footfall/store/people.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"
#include "footfall/events/schema.h"
#include "footfall/store/byte_codec.h"

namespace footfall::store {
namespace {

constexpr std::size_t kGrain = 2048;  // Sealing takes about a microsecond each.
constexpr std::size_t kPageHead = sizeof(UserNumber) + sizeof(std::uint32_t);
// A person: population, pseudonym, length of the sealed id, sealed id.
constexpr std::size_t kPseudonymAt = 1;
constexpr std::size_t kLengthAt = kPseudonymAt + sizeof(privacy::Pseudonym);
constexpr std::size_t kPersonHead = kLengthAt + sizeof(std::uint32_t);

template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number{};
  std::memcpy(&number, bytes.data() + at, sizeof(number));
  return number;
}

template <typename Number>
void put_number(char* at, Number number) {
  std::memcpy(at, &number, sizeof(number));
}

// Pseudonyms are uniform already.
std::uint64_t hash_of(const privacy::Pseudonym& pseudonym) {
  std::uint64_t hash = 0;
  std::memcpy(&hash, pseudonym.data(), sizeof(hash));
  return hash;
}

std::uint32_t tag_of(const privacy::Pseudonym& pseudonym) {
  std::uint32_t tag = 0;
  std::memcpy(&tag, pseudonym.data() + sizeof(std::uint64_t), sizeof(tag));
  return tag;
}

void put_person(const NewPerson& person, const privacy::Privacy& privacy, char* at) {
  const std::size_t length = privacy::sealed_bytes(person.id);
  put_number(at, static_cast<std::uint8_t>(person.population));
  std::memcpy(at + kPseudonymAt, person.pseudonym.data(), person.pseudonym.size());
  put_number(at + kLengthAt, static_cast<std::uint32_t>(length));
  privacy.seal(person.id, person.pseudonym, {at + kPersonHead, length});
}

}  // namespace

Population population_of(std::string_view person) {
  switch (events::person_kind(person)) {
    case events::IdKind::kOrder:
      return Population::kGuests;
    case events::IdKind::kShop:
      return Population::kThings;
    default:
      return Population::kPeople;
  }
}

std::string encode_people(UserNumber first, std::span<const NewPerson> people,
                          const privacy::Privacy& privacy, std::size_t threads) {
  std::vector<std::size_t> starts;  // Of each grain's first person.
  std::size_t size = kPageHead;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (i % kGrain == 0) starts.push_back(size);
    size += kPersonHead + privacy::sealed_bytes(people[i].id);
  }
  std::string page(size + sizeof(std::uint32_t), '\0');
  put_number(page.data(), first);
  put_number(page.data() + sizeof(first), static_cast<std::uint32_t>(people.size()));
  base::parallel_for(threads, people.size(), kGrain,
                     [&](std::size_t, std::size_t begin, std::size_t end) {
                       char* at = page.data() + starts[begin / kGrain];
                       for (std::size_t i = begin; i < end; ++i) {
                         put_person(people[i], privacy, at);
                         at += kPersonHead + privacy::sealed_bytes(people[i].id);
                       }
                     });
  put_number(page.data() + size, base::crc32c(std::as_bytes(std::span(page).first(size))));
  return page;
}

base::Result<People::Page> People::decode(std::string_view bytes) {
  const base::Error damaged{base::ErrorCode::kDamaged, "a page of people cannot be read", {}, ""};
  FOOTFALL_TRY(const std::string_view body, check_bytes(bytes, "a page of people"));
  if (body.size() < kPageHead || body.size() > 0xFFFFFFFFu) return damaged;
  Page page;
  page.first = number_at<UserNumber>(body, 0);
  const auto count = number_at<std::uint32_t>(body, sizeof(page.first));
  if (count > (body.size() - kPageHead) / kPersonHead) return damaged;
  page.starts.resize(count);
  std::size_t at = kPageHead;
  for (std::uint32_t& start : page.starts) {
    if (body.size() - at < kPersonHead) return damaged;
    const auto population = number_at<std::uint8_t>(body, at);
    const auto length = number_at<std::uint32_t>(body, at + kLengthAt);
    if (population > static_cast<std::uint8_t>(Population::kThings)) return damaged;
    if (length > body.size() - at - kPersonHead) return damaged;
    start = static_cast<std::uint32_t>(at);
    at += kPersonHead + length;
  }
  if (at != body.size()) return damaged;
  return page;
}

base::Result<PageExtent> People::extent_of(std::string_view bytes) {
  FOOTFALL_TRY(const Page page, decode(bytes));
  return PageExtent{page.first, static_cast<std::uint32_t>(page.starts.size())};
}

base::Status People::add(std::string bytes) {
  FOOTFALL_TRY(Page page, decode(bytes));
  if (page.first != size_ + 1) {
    return base::Error{base::ErrorCode::kDamaged, "a page of people is missing", {}, ""};
  }
  page.bytes = std::move(bytes);
  size_ += static_cast<UserNumber>(page.starts.size());
  pages_.push_back(std::move(page));
  return base::Ok{};
}

std::string_view People::bytes_of(UserNumber user) const {
  const auto after =
      std::upper_bound(pages_.begin(), pages_.end(), user,
                       [](UserNumber number, const Page& page) { return number < page.first; });
  const Page& page = *(after - 1);
  return std::string_view(page.bytes).substr(page.starts[user - page.first]);
}

Population People::population(UserNumber user) const {
  return static_cast<Population>(number_at<std::uint8_t>(bytes_of(user), 0));
}

std::string_view People::sealed(UserNumber user) const {
  const std::string_view bytes = bytes_of(user);
  return bytes.substr(kPersonHead, number_at<std::uint32_t>(bytes, kLengthAt));
}

std::size_t People::slot_of(const privacy::Pseudonym& pseudonym) const {
  const std::size_t mask = index_.size() - 1;
  for (std::size_t at = hash_of(pseudonym) & mask;; at = (at + 1) & mask) {
    const Slot& slot = index_[at];
    if (slot.user == 0) return at;
    if (slot.tag != tag_of(pseudonym)) continue;
    if (number_at<privacy::Pseudonym>(bytes_of(slot.user), kPseudonymAt) == pseudonym) return at;
  }
}

void People::extend_index() const {
  const std::lock_guard lock(making_);
  UserNumber next = indexed_.load(std::memory_order_relaxed) + 1;
  if (next > size_) return;
  const std::size_t size = std::bit_ceil(std::size_t{size_} * 4 / 3 + 1);
  if (size > index_.size()) {
    index_.assign(size, Slot{});
    next = 1;
  }
  for (; next <= size_; ++next) {
    const auto pseudonym = number_at<privacy::Pseudonym>(bytes_of(next), kPseudonymAt);
    Slot& slot = index_[slot_of(pseudonym)];
    if (slot.user == 0) slot = {next, tag_of(pseudonym)};
  }
  indexed_.store(size_, std::memory_order_release);
}

UserNumber People::find(const privacy::Pseudonym& pseudonym) const {
  if (size_ == 0) return 0;
  if (indexed_.load(std::memory_order_acquire) < size_) extend_index();
  return index_[slot_of(pseudonym)].user;
}

}  // namespace footfall::store
