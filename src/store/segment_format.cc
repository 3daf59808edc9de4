#include "footfall/store/segment_format.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/hash.h"
#include "footfall/store/segment_writer.h"

namespace footfall::store {
namespace {

static_assert(std::endian::native == std::endian::little, "segments are mapped as they are");

constexpr char kMagic[8] = {'F', 'O', 'O', 'T', 'F', 'S', 'E', 'G'};
constexpr std::size_t kFactsBytes = 128;
constexpr std::size_t kEntryBytes = 48;

constexpr std::array<SegmentColumnTraits, 29> kTraits = [] {
  using Rows = SegmentRows;
  std::array<SegmentColumnTraits, 29> t{};
  t[1] = {"users", Rows::kUsers, 4, false, false, false, true};
  t[2] = {"user events", Rows::kUsers, 4, false, false, false, true};
  t[3] = {"ticks", Rows::kEvents, 4, false, true, true, true};
  t[4] = {"high ticks", Rows::kEvents, 4};
  t[5] = {"types", Rows::kEvents, 1, false, false, true, true};
  t[6] = {"items", Rows::kEvents, 4, false, false, true, true};
  t[7] = {"sequences", Rows::kEvents, 8, true, false, false, true};
  t[8] = {"keys", Rows::kEvents, 8, false, false, true, true};
  t[9] = {"digests", Rows::kEvents, 8, false, false, false, true};
  t[10] = {"flags", Rows::kEvents, 1, false, false, true, true};
  t[11] = {"batches", Rows::kEvents, 4, false, false, false, true};
  t[12] = {"orders", Rows::kEvents, 4, false, false, false, true};
  t[13] = {"known times", Rows::kEvents, 8, true, false, false, true};
  t[14] = {"line events", Rows::kGroups, 4, false, true, true, true};
  t[15] = {"line counts", Rows::kGroups, 4, false, false, false, true};
  t[16] = {"line items", Rows::kLines, 4, false, true, true, true};
  t[17] = {"line names", Rows::kLines, 4, false, false, false, true};
  t[18] = {"line quantities", Rows::kLines, 8, true, false, false, true};
  t[19] = {"line prices", Rows::kLines, 8, true, false, false, true};
  t[20] = {"line numbers", Rows::kLines, 4, false, false, false, true};
  t[21] = {"line marks", Rows::kLines, 1, false, false, true, true};
  t[22] = {"line times", Rows::kLines, 8, true, false, false, true};
  t[23] = {"line known times", Rows::kLines, 8, true, false, false, true};
  t[24] = {"line keys", Rows::kLines, 8, false, false, true, true};
  t[25] = {"line digests", Rows::kLines, 8, false, false, false, true};
  t[26] = {"line batches", Rows::kLines, 4, false, false, false, true};
  t[27] = {"property", Rows::kEvents, 4};
  t[28] = {"line property", Rows::kLines, 4, false, false, false, false, kSameAsEvent};
  return t;
}();

class BytesOut {
 public:
  template <typename T>
  void put(T value) {
    const auto* const from = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), from, from + sizeof(T));
  }
  void put_text(std::string_view text) {
    const auto* const from = reinterpret_cast<const std::byte*>(text.data());
    bytes_.insert(bytes_.end(), from, from + text.size());
  }
  void zeros_to(std::size_t size) { bytes_.resize(size); }
  std::size_t size() const { return bytes_.size(); }
  std::uint32_t checksum(std::size_t from = 0) const {
    return base::crc32c(std::span(bytes_).subspan(from));
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

// Reads within bytes whose length was checked before.
class BytesIn {
 public:
  explicit BytesIn(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <typename T>
  T get() {
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  void skip_to(std::size_t at) { at_ = at; }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

bool is_magic(std::span<const std::byte> bytes) {
  return std::memcmp(bytes.data(), kMagic, sizeof(kMagic)) == 0;
}

void put_entries(BytesOut& out, const SegmentDirectory& directory) {
  std::uint32_t name_at = 0;
  std::uint32_t checksum_at = 0;
  for (const SegmentEntry& entry : directory.entries) {
    out.put(static_cast<std::uint16_t>(entry.kind));
    out.put(static_cast<std::uint8_t>(entry.encoding));
    out.put(entry.width);
    out.put(name_at);
    out.put(static_cast<std::uint32_t>(entry.name.size()));
    out.put(entry.stored);
    out.put(entry.value);
    out.put(entry.offset);
    out.put(entry.bytes);
    out.put(checksum_at);
    out.put(static_cast<std::uint32_t>(entry.checksums.size()));
    name_at += static_cast<std::uint32_t>(entry.name.size());
    checksum_at += static_cast<std::uint32_t>(entry.checksums.size());
  }
}

// Parses one directory whose checksum is right; so what does not fit was written so.
class DirectoryParser {
 public:
  DirectoryParser(std::span<const std::byte> bytes, std::uint64_t columns_end,
                  const std::string& path)
      : bytes_(bytes), columns_end_(columns_end), path_(path) {}

  base::Result<SegmentDirectory> parse() {
    if (bytes_.size() < kFactsBytes) return damaged("directory", bytes_.size());
    BytesIn in(bytes_);
    if (in.get<std::uint32_t>() != kSegmentVersion) return damaged("version", 0);
    const auto columns = in.get<std::uint32_t>();
    read_facts(in);
    const auto name_bytes = in.get<std::uint32_t>();
    const auto checksums = in.get<std::uint32_t>();
    for (std::uint8_t& byte : directory_.event_codes) byte = in.get<std::uint8_t>();
    const std::uint64_t entries_end = kFactsBytes + std::uint64_t{columns} * kEntryBytes;
    checksums_at_ = entries_end + name_bytes;
    checksum_count_ = checksums;
    name_bytes_ = name_bytes;
    names_at_ = entries_end;
    if (bytes_.size() != checksums_at_ + std::uint64_t{checksums} * 4) {
      return damaged("directory", bytes_.size());
    }
    FOOTFALL_RETURN_IF_ERROR(check_facts());
    for (std::uint32_t column = 0; column < columns; ++column) {
      in.skip_to(kFactsBytes + std::size_t{column} * kEntryBytes);
      FOOTFALL_RETURN_IF_ERROR(read_entry(in));
    }
    FOOTFALL_RETURN_IF_ERROR(check_required());
    return std::move(directory_);
  }

 private:
  base::Error damaged(const std::string& what, std::uint64_t value) const {
    return {base::ErrorCode::kDamaged,
            path_ + ": the " + what + " does not fit the segment: " + std::to_string(value),
            {path_, 0, "", ""},
            ""};
  }

  void read_facts(BytesIn& in) {
    directory_.events = in.get<std::uint64_t>();
    directory_.users = in.get<std::uint64_t>();
    directory_.lines = in.get<std::uint64_t>();
    directory_.groups = in.get<std::uint64_t>();
    directory_.min_time = in.get<std::int64_t>();
    directory_.max_time = in.get<std::int64_t>();
    directory_.base_ms = in.get<std::int64_t>();
    directory_.tick_ms = in.get<std::int64_t>();
  }

  base::Status check_facts() const {
    const SegmentDirectory& d = directory_;
    if (d.events > kSegmentEventsMax) return damaged("number of events", d.events);
    if (d.users > d.events || (d.users == 0 && d.events > 0)) {
      return damaged("number of users", d.users);
    }
    if (d.lines > kSegmentEventsMax) return damaged("number of lines", d.lines);
    if (d.groups > d.events || d.groups > d.lines || (d.groups == 0 && d.lines > 0)) {
      return damaged("number of events with lines", d.groups);
    }
    if (d.tick_ms <= 0 || d.tick_ms > base::kTimeEnd - base::kTimeMin ||
        d.base_ms < base::kTimeMin || d.base_ms >= base::kTimeEnd) {
      return damaged("scale of time", static_cast<std::uint64_t>(d.tick_ms));
    }
    return base::Ok{};
  }

  base::Status read_entry(BytesIn& in) {
    SegmentEntry entry;
    const auto kind = in.get<std::uint16_t>();
    const auto encoding = in.get<std::uint8_t>();
    entry.width = in.get<std::uint8_t>();
    const auto name_at = in.get<std::uint32_t>();
    const auto name_size = in.get<std::uint32_t>();
    entry.stored = in.get<std::uint32_t>();
    entry.value = in.get<std::uint64_t>();
    entry.offset = in.get<std::uint64_t>();
    entry.bytes = in.get<std::uint64_t>();
    const auto checksum_at = in.get<std::uint32_t>();
    const auto checksum_count = in.get<std::uint32_t>();
    if (segment_column_traits(kind) == nullptr || encoding > 2) return damaged("column", kind);
    entry.kind = static_cast<SegmentColumn>(kind);
    entry.encoding = static_cast<SegmentEncoding>(encoding);
    if (std::uint64_t{name_at} + name_size > name_bytes_) return damaged("name", name_at);
    entry.name.assign(reinterpret_cast<const char*>(bytes_.data()) + names_at_ + name_at,
                      name_size);
    if (!seen_.emplace(kind, entry.name).second) return damaged("second column", kind);
    FOOTFALL_RETURN_IF_ERROR(check_place(entry));
    const std::uint64_t blocks = (entry.bytes + kSegmentBlockBytes - 1) / kSegmentBlockBytes;
    if (checksum_count != blocks || std::uint64_t{checksum_at} + checksum_count > checksum_count_) {
      return damaged("number of checksums", checksum_count);
    }
    in.skip_to(checksums_at_ + std::size_t{checksum_at} * 4);
    for (std::uint32_t i = 0; i < checksum_count; ++i) {
      entry.checksums.push_back(in.get<std::uint32_t>());
    }
    directory_.entries.push_back(std::move(entry));
    return base::Ok{};
  }

  // The column's bytes are as many as its encoding needs, and lie in front of the directory.
  base::Status check_place(const SegmentEntry& entry) const {
    const SegmentColumnTraits& traits =
        *segment_column_traits(static_cast<std::uint16_t>(entry.kind));
    const std::uint64_t rows = directory_.rows(traits.rows);
    const bool constant = entry.encoding == SegmentEncoding::kConstant;
    const bool sparse = entry.encoding == SegmentEncoding::kSparse;
    const bool property =
        entry.kind == SegmentColumn::kProperty || entry.kind == SegmentColumn::kLineProperty;
    if (property == entry.name.empty()) return damaged("name of " + entry.title(), 0);
    if (constant) {
      const bool fits = entry.width == 0 && entry.stored == 0 && entry.bytes == 0 &&
                        (!traits.dense_only || rows == 0);
      if (!fits) return damaged("encoding of " + entry.title(), entry.bytes);
      return base::Ok{};
    }
    const bool width_fits = std::has_single_bit(entry.width) && entry.width <= traits.view_width &&
                            (!traits.full_width || entry.width == traits.view_width || sparse);
    const bool count_fits = sparse ? entry.stored > 0 && entry.stored <= rows && !traits.dense_only
                                   : entry.stored == rows && rows > 0;
    if (!width_fits || !count_fits) return damaged("encoding of " + entry.title(), entry.stored);
    const std::uint64_t values = std::uint64_t{entry.stored} * entry.width;
    if (entry.bytes != (sparse ? entry.sparse_values_at() + values : values)) {
      return damaged("size of " + entry.title(), entry.bytes);
    }
    if (entry.offset % kSegmentAlign != 0 || entry.offset < kSegmentHeaderBytes ||
        entry.offset > columns_end_ || entry.bytes > columns_end_ - entry.offset) {
      return damaged("place of " + entry.title(), entry.offset);
    }
    return base::Ok{};
  }

  base::Status check_required() const {
    for (std::uint16_t kind = 1; kind < kTraits.size(); ++kind) {
      const SegmentColumnTraits& traits = kTraits[kind];
      if (!traits.required || directory_.rows(traits.rows) == 0 || seen_.count({kind, ""}) > 0) {
        continue;
      }
      return damaged(std::string("lack of a column ") + traits.name, kind);
    }
    return base::Ok{};
  }

  std::span<const std::byte> bytes_;
  std::uint64_t columns_end_;
  const std::string& path_;
  SegmentDirectory directory_;
  std::set<std::pair<std::uint16_t, std::string>> seen_;
  std::uint64_t names_at_ = 0;
  std::uint64_t name_bytes_ = 0;
  std::uint64_t checksums_at_ = 0;
  std::uint64_t checksum_count_ = 0;
};

}  // namespace

const SegmentColumnTraits* segment_column_traits(std::uint16_t kind) {
  return kind == 0 || kind >= kTraits.size() ? nullptr : &kTraits[kind];
}

std::string SegmentEntry::title() const {
  const std::string kind_name = segment_column_traits(static_cast<std::uint16_t>(kind))->name;
  return name.empty() ? kind_name : kind_name + " " + name;
}

std::uint64_t SegmentDirectory::rows(SegmentRows what) const {
  switch (what) {
    case SegmentRows::kUsers:
      return users;
    case SegmentRows::kEvents:
      return events;
    case SegmentRows::kGroups:
      return groups;
    case SegmentRows::kLines:
      return lines;
  }
  return 0;
}

std::uint64_t SegmentDirectory::core_bytes() const {
  std::uint64_t bytes = 0;
  for (const SegmentEntry& entry : entries) {
    if (entry.kind <= SegmentColumn::kItems) bytes += entry.bytes;
  }
  return bytes;
}

std::vector<std::byte> segment_header() {
  BytesOut out;
  out.put_text({kMagic, sizeof(kMagic)});
  out.put(kSegmentVersion);
  out.zeros_to(kSegmentHeaderBytes - 4);
  out.put(out.checksum());
  return out.take();
}

std::vector<std::byte> segment_tail(const SegmentDirectory& directory, std::uint64_t offset) {
  std::uint64_t name_bytes = 0;
  std::uint64_t checksums = 0;
  for (const SegmentEntry& entry : directory.entries) {
    name_bytes += entry.name.size();
    checksums += entry.checksums.size();
  }
  BytesOut out;
  out.put(kSegmentVersion);
  out.put(static_cast<std::uint32_t>(directory.entries.size()));
  out.put(directory.events);
  out.put(directory.users);
  out.put(directory.lines);
  out.put(directory.groups);
  out.put(directory.min_time);
  out.put(directory.max_time);
  out.put(directory.base_ms);
  out.put(directory.tick_ms);
  out.put(static_cast<std::uint32_t>(name_bytes));
  out.put(static_cast<std::uint32_t>(checksums));
  for (const std::uint8_t byte : directory.event_codes) out.put(byte);
  out.zeros_to(kFactsBytes);
  put_entries(out, directory);
  for (const SegmentEntry& entry : directory.entries) out.put_text(entry.name);
  for (const SegmentEntry& entry : directory.entries) {
    for (const std::uint32_t checksum : entry.checksums) out.put(checksum);
  }
  const std::uint64_t directory_bytes = out.size();
  const std::uint32_t directory_checksum = out.checksum();
  const std::size_t footer_at = out.size();
  out.put(offset);
  out.put(directory_bytes);
  out.put(offset + directory_bytes + kSegmentFooterBytes);
  out.put(directory_checksum);
  out.put(kSegmentVersion);
  out.zeros_to(footer_at + kSegmentFooterBytes - 12);
  out.put(out.checksum(footer_at));
  out.put_text({kMagic, sizeof(kMagic)});
  return out.take();
}

base::Result<SegmentDirectory> parse_segment(std::span<const std::byte> file,
                                             const std::string& path) {
  const auto damaged = [&](const std::string& what) {
    return base::Error{base::ErrorCode::kDamaged, path + ": " + what, {path, 0, "", ""}, ""};
  };
  if (file.size() < kSegmentHeaderBytes + kSegmentFooterBytes) {
    return damaged("a segment is longer than this: " + std::to_string(file.size()) + " bytes");
  }
  if (!is_magic(file)) return damaged("a segment begins with FOOTFSEG, this does not");
  BytesIn header(file);
  header.skip_to(sizeof(kMagic));
  const auto version = header.get<std::uint32_t>();
  if (version != kSegmentVersion) {
    return damaged("segments of version 1 can be read, this one has " + std::to_string(version));
  }
  header.skip_to(kSegmentHeaderBytes - 4);
  if (header.get<std::uint32_t>() != base::crc32c(file.first(kSegmentHeaderBytes - 4))) {
    return damaged("the header fails its checksum");
  }
  const std::span<const std::byte> footer = file.last(kSegmentFooterBytes);
  BytesIn in(footer);
  const auto offset = in.get<std::uint64_t>();
  const auto bytes = in.get<std::uint64_t>();
  const auto file_bytes = in.get<std::uint64_t>();
  const auto checksum = in.get<std::uint32_t>();
  in.skip_to(kSegmentFooterBytes - 12);
  if (!is_magic(footer.last(sizeof(kMagic))) ||
      in.get<std::uint32_t>() != base::crc32c(footer.first(kSegmentFooterBytes - 12))) {
    return damaged("the footer is missing or fails its checksum: the file was cut off or changed");
  }
  if (file_bytes != file.size() || offset < kSegmentHeaderBytes || offset > file.size() ||
      bytes != file.size() - kSegmentFooterBytes - offset) {
    return damaged("the footer was written for a file of " + std::to_string(file_bytes) +
                   " bytes, this has " + std::to_string(file.size()));
  }
  const std::span<const std::byte> directory = file.subspan(offset, bytes);
  if (base::crc32c(directory) != checksum) return damaged("the directory fails its checksum");
  return DirectoryParser(directory, offset, path).parse();
}

}  // namespace footfall::store
