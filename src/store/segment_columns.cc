#include "footfall/store/segment_columns.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "footfall/base/check.h"
#include "footfall/base/hash.h"
#include "footfall/base/parallel.h"

namespace footfall::store {
namespace {

const SegmentColumnTraits& traits_of(SegmentColumn kind) {
  return *segment_column_traits(static_cast<std::uint16_t>(kind));
}

// Values of a narrower width, widened, with what the encoder took off added again.
template <typename T, typename Stored>
void widen(std::span<const std::byte> bytes, std::uint64_t add, T* to) {
  for (std::size_t i = 0; i < bytes.size() / sizeof(Stored); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    to[i] = static_cast<T>(std::uint64_t{stored} + add);
  }
}

template <typename T>
void widen_by_width(std::span<const std::byte> bytes, int width, std::uint64_t add, T* to) {
  switch (width) {
    case 1:
      return widen<T, std::uint8_t>(bytes, add, to);
    case 2:
      return widen<T, std::uint16_t>(bytes, add, to);
    case 4:
      return widen<T, std::uint32_t>(bytes, add, to);
    default:
      return widen<T, std::uint64_t>(bytes, add, to);
  }
}

std::size_t words_for(std::size_t count, std::size_t width) {
  return (count * width + 7) / 8;
}

// The least value that is damage, for columns of codes; 0 = any value is good.
std::uint64_t code_bound(SegmentColumn kind, const CodeBounds& bounds) {
  switch (kind) {
    case SegmentColumn::kItems:
    case SegmentColumn::kLineItems:
      return bounds.items;
    case SegmentColumn::kOrders:
      return bounds.orders;
    case SegmentColumn::kLineNames:
    case SegmentColumn::kProperty:
    case SegmentColumn::kLineProperty:
      return bounds.texts;
    default:
      return 0;
  }
}

}  // namespace

SegmentColumns::SegmentColumns(MappedFile file, SegmentDirectory directory, std::string path,
                               const SegmentOptions& options)
    : file_(std::move(file)),
      directory_(std::move(directory)),
      path_(std::move(path)),
      options_(options) {
  for (std::size_t entry = 0; entry < directory_.entries.size(); ++entry) {
    columns_.push_back(std::make_unique<Column>());
    columns_.back()->entry = entry;
  }
}

const SegmentColumns::Column* SegmentColumns::find(SegmentColumn kind,
                                                   std::string_view name) const {
  for (const auto& column : columns_) {
    const SegmentEntry& entry = entry_of(*column);
    if (entry.kind == kind && entry.name == name) return column.get();
  }
  return nullptr;
}

bool SegmentColumns::has(SegmentColumn kind, std::string_view name) const {
  return find(kind, name) != nullptr;
}

base::Error SegmentColumns::damaged(const SegmentEntry& entry, const std::string& what) const {
  return {base::ErrorCode::kDamaged,
          path_ + ": column \"" + entry.title() + "\": " + what,
          {path_, 0, entry.title(), ""},
          "The other columns can still be read; restore this file from a backup."};
}

std::span<const std::byte> SegmentColumns::bytes_of(const SegmentEntry& entry) const {
  return file_.bytes().subspan(entry.offset, entry.bytes);
}

std::vector<std::uint64_t> SegmentColumns::failed_blocks(const SegmentEntry& entry) const {
  if (entry.bytes == 0) return {};
  const std::span<const std::byte> bytes = bytes_of(entry);
  std::vector<std::vector<std::uint64_t>> failed(std::max<std::size_t>(1, options_.threads));
  base::parallel_for(options_.threads, entry.checksums.size(), 16,
                     [&](std::size_t worker, std::size_t begin, std::size_t end) {
                       for (std::size_t block = begin; block < end; ++block) {
                         const std::size_t from = block * kSegmentBlockBytes;
                         const std::size_t size = std::min(kSegmentBlockBytes, bytes.size() - from);
                         if (base::crc32c(bytes.subspan(from, size)) != entry.checksums[block]) {
                           failed[worker].push_back(block);
                         }
                       }
                     });
  std::vector<std::uint64_t> result;
  for (const auto& blocks : failed) result.insert(result.end(), blocks.begin(), blocks.end());
  std::sort(result.begin(), result.end());
  return result;
}

template <typename T>
base::Status SegmentColumns::prepare(Column& column) const {
  std::call_once(column.once, [&] {
    base::Status status = load<T>(column);
    if (!status.ok()) column.error = std::move(status).error();
  });
  if (column.error) return *column.error;
  return base::Ok{};
}

template <typename T>
base::Status SegmentColumns::load(Column& column) const {
  const SegmentEntry& entry = entry_of(column);
  const std::vector<std::uint64_t> failed = failed_blocks(entry);
  if (!failed.empty()) {
    return damaged(entry, "the checksum fails in block " + std::to_string(failed[0]) +
                              (failed.size() == 1 ? "" : " and others"));
  }
  if (entry.encoding != SegmentEncoding::kConstant) {
    const bool sparse = entry.encoding == SegmentEncoding::kSparse;
    std::span<const std::byte> values = bytes_of(entry);
    if (sparse) {
      column.positions = {reinterpret_cast<const std::uint32_t*>(values.data()), entry.stored};
      values = values.subspan(entry.sparse_values_at());
    }
    column.count = entry.stored;
    column.values = values.data();
    const std::uint64_t add = sparse ? 0 : entry.value;
    if (entry.width != sizeof(T) || add != 0) {
      column.memory.resize(words_for(column.count, sizeof(T)));
      widen_by_width(values, entry.width, add, reinterpret_cast<T*>(column.memory.data()));
      column.values = reinterpret_cast<const std::byte*>(column.memory.data());
    }
  }
  return check_values<T>(column);
}

template <typename T>
base::Status SegmentColumns::check_values(const Column& column) const {
  const SegmentEntry& entry = entry_of(column);
  const std::uint64_t rows = directory_.rows(traits_of(entry.kind).rows);
  for (std::size_t i = 0; i < column.positions.size(); ++i) {
    if (column.positions[i] >= rows || (i > 0 && column.positions[i] <= column.positions[i - 1])) {
      return damaged(entry, "its positions do not rise below " + std::to_string(rows) + ": " +
                                std::to_string(column.positions[i]));
    }
  }
  const std::uint64_t bound = code_bound(entry.kind, options_.bounds);
  const bool not_negative =
      entry.kind == SegmentColumn::kLineQuantities || entry.kind == SegmentColumn::kLinePrices;
  if (bound == 0 && !not_negative) return base::Ok{};
  const auto bad = [&](T value) {
    if constexpr (std::is_signed_v<T>) {
      if (not_negative) return value < 0;
    }
    if (entry.kind == SegmentColumn::kLineProperty && value == static_cast<T>(kSameAsEvent)) {
      return false;
    }
    return static_cast<std::uint64_t>(value) >= bound;
  };
  const T* const values = reinterpret_cast<const T*>(column.values);
  for (std::size_t i = 0; i < column.count; ++i) {
    if (bad(values[i])) {
      return damaged(entry, "a code or amount is out of bounds: " + std::to_string(values[i]));
    }
  }
  if (entry.encoding != SegmentEncoding::kDense && rows > 0 && bad(static_cast<T>(entry.value))) {
    return damaged(entry, "a code or amount is out of bounds: " + std::to_string(entry.value));
  }
  return base::Ok{};
}

template <typename T>
base::Result<ColumnView<T>> SegmentColumns::view(SegmentColumn kind, std::string_view name) const {
  FOOTFALL_CHECK(traits_of(kind).view_width == sizeof(T));
  // The state of a column is its own; only its once-flag lets threads at it.
  Column* const column = const_cast<Column*>(find(kind, name));
  if (column == nullptr) {
    return ColumnView<T>::constant(static_cast<T>(traits_of(kind).otherwise));
  }
  FOOTFALL_RETURN_IF_ERROR(prepare<T>(*column));
  const SegmentEntry& entry = entry_of(*column);
  const std::span<const T> values{reinterpret_cast<const T*>(column->values), column->count};
  switch (entry.encoding) {
    case SegmentEncoding::kConstant:
      return ColumnView<T>::constant(static_cast<T>(entry.value));
    case SegmentEncoding::kDense:
      return ColumnView<T>::dense(values);
    case SegmentEncoding::kSparse:
      break;
  }
  return ColumnView<T>::sparse(column->positions, values, static_cast<T>(entry.value));
}

template <typename T>
base::Result<std::span<const T>> SegmentColumns::array(SegmentColumn kind) const {
  FOOTFALL_TRY(const ColumnView<T> found, view<T>(kind));
  if (found.is_dense()) return found.values();
  const std::uint64_t rows = directory_.rows(traits_of(kind).rows);
  Column* const column = const_cast<Column*>(find(kind, {}));
  if (rows == 0 || column == nullptr) return std::span<const T>{};
  std::call_once(column->array_once, [&] {
    column->array_memory.resize(words_for(rows, sizeof(T)));
    T* const values = reinterpret_cast<T*>(column->array_memory.data());
    std::fill_n(values, rows, found.otherwise());
    for (std::size_t i = 0; i < found.positions().size(); ++i) {
      values[found.positions()[i]] = found.values()[i];
    }
  });
  return std::span<const T>{reinterpret_cast<const T*>(column->array_memory.data()),
                            static_cast<std::size_t>(rows)};
}

std::vector<std::string> SegmentColumns::property_names() const {
  std::vector<std::string> names;
  for (const SegmentEntry& entry : directory_.entries) {
    const bool property =
        entry.kind == SegmentColumn::kProperty || entry.kind == SegmentColumn::kLineProperty;
    if (property) names.push_back(entry.name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<Damage> SegmentColumns::verify() const {
  std::vector<Damage> result;
  for (const auto& column : columns_) {
    const SegmentEntry& entry = entry_of(*column);
    const std::vector<std::uint64_t> failed = failed_blocks(entry);
    for (const std::uint64_t block : failed) {
      result.push_back(
          {path_, entry.title() + ", block " + std::to_string(block), "the checksum fails"});
    }
    if (!failed.empty()) continue;
    const SegmentColumnTraits& traits = traits_of(entry.kind);
    base::Status status = base::Ok{};
    if (traits.view_width == 1) {
      status = prepare<std::uint8_t>(*column);
    } else if (traits.view_width == 4) {
      status = prepare<std::uint32_t>(*column);
    } else if (traits.is_signed) {
      status = prepare<std::int64_t>(*column);
    } else {
      status = prepare<std::uint64_t>(*column);
    }
    if (!status.ok()) result.push_back({path_, entry.title(), status.error().message});
  }
  return result;
}

template base::Result<ColumnView<std::uint8_t>> SegmentColumns::view(SegmentColumn,
                                                                     std::string_view) const;
template base::Result<ColumnView<std::uint32_t>> SegmentColumns::view(SegmentColumn,
                                                                      std::string_view) const;
template base::Result<ColumnView<std::uint64_t>> SegmentColumns::view(SegmentColumn,
                                                                      std::string_view) const;
template base::Result<ColumnView<std::int64_t>> SegmentColumns::view(SegmentColumn,
                                                                     std::string_view) const;
template base::Result<std::span<const std::uint8_t>> SegmentColumns::array(SegmentColumn) const;
template base::Result<std::span<const std::uint32_t>> SegmentColumns::array(SegmentColumn) const;
template base::Result<std::span<const std::int64_t>> SegmentColumns::array(SegmentColumn) const;

}  // namespace footfall::store
