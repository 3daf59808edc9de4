#include "footfall/store/timeline_source.h"

#include <utility>

#include "footfall/store/event_columns.h"

namespace footfall::store {
namespace {

Column<std::uint64_t> xor_of(const Column<std::uint64_t>& a, const Column<std::uint64_t>& b) {
  Column<std::uint64_t> result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i] ^ b[i];
  return result;
}

template <typename T>
ColumnView<T> view_of(const Column<T>& column) {
  return column.empty() ? ColumnView<T>::constant(T{}) : ColumnView<T>::dense(column);
}

class TableSource final : public TimelineSource {
 public:
  explicit TableSource(std::shared_ptr<const EventTable> table)
      : table_(std::move(table)), index_(user_offsets(*table_, 1)) {
    if (!table_->digests.empty()) digest_xor_keys_ = xor_of(table_->digests, table_->keys);
    const LineTable& lines = table_->lines;
    if (lines.times.empty()) return;
    line_digest_xor_keys_ = xor_of(lines.digests, lines.keys);
    line_starts_.push_back(0);
    for (std::size_t event = 0; event < table_->size(); ++event) {
      if (lines.starts[event] == lines.starts[event + 1]) continue;
      line_events_.push_back(static_cast<std::uint32_t>(event));
      line_starts_.push_back(lines.starts[event + 1]);
    }
  }

  base::Result<UserIndex> user_index() const override {
    return UserIndex{index_.users, index_.offsets};
  }

  base::Result<IdentityColumns> identities() const override {
    IdentityColumns columns;
    columns.index = {index_.users, index_.offsets};
    columns.times = table_->times;
    columns.keys = view_of(table_->keys);
    columns.digest_xor_keys = view_of(digest_xor_keys_);
    columns.flags = view_of(table_->flags);
    columns.sequences = view_of(table_->sequences);
    columns.line_events = line_events_;
    columns.line_starts = line_starts_;
    columns.line_keys = view_of(table_->lines.keys);
    columns.line_digest_xor_keys = view_of(line_digest_xor_keys_);
    columns.line_numbers = view_of(table_->lines.numbers);
    columns.line_items = view_of(table_->lines.items);
    return columns;
  }

  base::Status append_to(EventTable& table, std::size_t user_from,
                         std::size_t user_to) const override {
    append_events(table, *table_, index_.offsets[user_from], index_.offsets[user_to]);
    return base::Ok{};
  }

 private:
  std::shared_ptr<const EventTable> table_;
  UserOffsets index_;
  Column<std::uint64_t> digest_xor_keys_;
  std::vector<std::uint32_t> line_events_;
  std::vector<std::uint32_t> line_starts_;
  Column<std::uint64_t> line_digest_xor_keys_;
};

}  // namespace

std::shared_ptr<const TimelineSource> table_source(std::shared_ptr<const EventTable> table) {
  return std::make_shared<TableSource>(std::move(table));
}

}  // namespace footfall::store
