#include "footfall/store/manifest.h"

#include <fmt/format.h>

#include "footfall/base/hash.h"
#include "footfall/store/byte_codec.h"

namespace footfall::store {
namespace {

// 2: large pages of the dictionaries may be files (page_file.h). 3: their references have a
// checksum.
constexpr std::uint32_t kManifestVersion = 3;
constexpr std::uint32_t kOldestVersion = 1;

void encode_segments(const std::vector<ManifestSegment>& segments, ByteWriter& writer) {
  writer.number(static_cast<std::uint32_t>(segments.size()));
  for (const ManifestSegment& segment : segments) {
    writer.number(static_cast<std::uint8_t>(segment.population));
    writer.text(segment.file);
    writer.number(segment.events);
    writer.number(segment.bytes);
    writer.number(segment.core_bytes);
  }
}

bool decode_segments(ByteReader& reader, std::vector<ManifestSegment>& segments) {
  const auto count = reader.number<std::uint32_t>();
  for (std::uint32_t i = 0; reader.ok() && i < count; ++i) {
    ManifestSegment segment;
    const auto population = reader.number<std::uint8_t>();
    if (population > static_cast<std::uint8_t>(Population::kThings)) return false;
    segment.population = static_cast<Population>(population);
    segment.file = reader.text();
    segment.events = reader.number<std::uint64_t>();
    segment.bytes = reader.number<std::uint64_t>();
    segment.core_bytes = reader.number<std::uint64_t>();
    // A name, never a path: a damaged manifest must not reach other folders.
    if (segment.file.find('/') != std::string::npos) return false;
    segments.push_back(std::move(segment));
  }
  return reader.ok();
}

}  // namespace

void ContentSum::remove(std::uint64_t event, std::uint64_t person) {
  low -= base::hash_combine(event, person);
  high -= base::hash_combine(person, event);
}

void ContentSum::add(const ContentSum& other) {
  low += other.low;
  high += other.high;
}

std::string ContentSum::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::string Manifest::encode() const {
  ByteWriter writer;
  writer.number(kManifestVersion);
  writer.number(generation);
  writer.text(settings.zone);
  writer.text(settings.currency);
  writer.number(static_cast<std::int32_t>(settings.week_start));
  writer.text(key_check);
  encode_segments(segments, writer);
  writer.number(static_cast<std::uint32_t>(own_names.size()));
  for (const std::string& name : own_names) writer.text(name);
  for (const std::uint32_t size : {items, orders, texts, people, next_batch}) writer.number(size);
  for (const std::uint64_t number :
       {tail_first, tail_end, next_quarantine, quarantined, content.low, content.high}) {
    writer.number(number);
  }
  writer.number(complete_to);
  return std::move(writer).with_checksum();
}

base::Result<Manifest> Manifest::decode(std::string_view bytes) {
  FOOTFALL_TRY(const std::string_view body, check_bytes(bytes, "the manifest"));
  ByteReader reader(body);
  const auto version = reader.number<std::uint32_t>();
  if (reader.ok() && (version < kOldestVersion || version > kManifestVersion)) {
    return base::Error{base::ErrorCode::kDamaged,
                       fmt::format("expected a shop of format {}, written by this or an older "
                                   "footfall: format {}",
                                   kManifestVersion, version),
                       {},
                       ""};
  }
  Manifest manifest;
  manifest.generation = reader.number<std::uint64_t>();
  manifest.settings.zone = reader.text();
  manifest.settings.currency = reader.text();
  manifest.settings.week_start = reader.number<std::int32_t>();
  manifest.key_check = reader.text();
  bool valid = decode_segments(reader, manifest.segments);
  const auto names = reader.number<std::uint32_t>();
  valid = valid && names <= static_cast<std::uint32_t>(events::kOwnNamesMax);
  for (std::uint32_t i = 0; valid && reader.ok() && i < names; ++i) {
    manifest.own_names.emplace_back(reader.text());
  }
  for (std::uint32_t* size : {&manifest.items, &manifest.orders, &manifest.texts, &manifest.people,
                              &manifest.next_batch}) {
    *size = reader.number<std::uint32_t>();
  }
  for (std::uint64_t* number :
       {&manifest.tail_first, &manifest.tail_end, &manifest.next_quarantine, &manifest.quarantined,
        &manifest.content.low, &manifest.content.high}) {
    *number = reader.number<std::uint64_t>();
  }
  manifest.complete_to = reader.number<base::TimeMs>();
  if (!valid || !reader.ok() || !reader.at_end()) {
    return base::Error{
        base::ErrorCode::kDamaged, "the manifest cannot be read", {}, "restore a backup"};
  }
  return manifest;
}

}  // namespace footfall::store
