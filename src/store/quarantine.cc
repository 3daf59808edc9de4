#include "footfall/store/quarantine.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace footfall::store {
namespace {

using RowNumber = std::uint64_t;
constexpr BatchNumber kNobody = 0;  // The imports that brought a released row are all undone.
using Content = std::pair<std::string, std::string>;  // What makes rows equal: payload, reason.

Content content_of_row(const StoredQuarantine& row) {
  return {row.row.payload, row.row.reason};
}

std::string released_key(BatchNumber batch, RowNumber row) {
  return numbered_key(numbered_key(kReleasedPrefix, batch), row);
}
std::string holder_key(RowNumber row, BatchNumber batch) {
  return numbered_key(numbered_key(kHolderPrefix, row), batch);
}

// A row in quarantine (released_by 0) or released, and the other imports that brought its equal.
struct HeldRow {
  BatchNumber released_by = 0;
  StoredQuarantine row;
  std::map<BatchNumber, std::string> holders;  // Their own records of the row.
};

std::string key_of(const HeldRow& held) {
  return held.released_by == 0 ? numbered_key(kQuarantinePrefix, held.row.id)
                               : released_key(held.released_by, held.row.id);
}

base::Result<std::map<RowNumber, HeldRow>> read_rows(const StoreImpl& store) {
  std::map<RowNumber, HeldRow> rows;
  const auto read = [&](std::string_view prefix, bool released) {
    return store.journal->scan_prefix(
        prefix, [&](std::string_view key, std::string_view value) -> base::Status {
          const RowNumber id = number_of_key(key);
          FOOTFALL_TRY(StoredQuarantine row, decode_quarantined(id, value));
          const BatchNumber by =
              released ? static_cast<BatchNumber>(number_of_key(key.substr(0, key.size() - 8))) : 0;
          rows[id] = {by, std::move(row), {}};
          return base::Ok{};
        });
  };
  FOOTFALL_RETURN_IF_ERROR(read(kReleasedPrefix, true));
  FOOTFALL_RETURN_IF_ERROR(read(kQuarantinePrefix, false));
  FOOTFALL_RETURN_IF_ERROR(store.journal->scan_prefix(
      kHolderPrefix, [&](std::string_view key, std::string_view value) -> base::Status {
        const auto row = rows.find(number_of_key(key.substr(0, key.size() - 8)));
        if (row == rows.end()) return base::Ok{};
        row->second.holders[static_cast<BatchNumber>(number_of_key(key))] = std::string(value);
        return base::Ok{};
      }));
  return rows;
}

class Undoing {
 public:
  Undoing(std::map<RowNumber, HeldRow> rows, BatchNumber undone, Draft& draft)
      : rows_(std::move(rows)), undone_(undone), draft_(draft) {}

  base::Status run() {
    std::vector<RowNumber> back;
    for (auto row = rows_.begin(); row != rows_.end();) {
      FOOTFALL_TRY(const bool stays, forget_holder(row->second));
      if (stays && row->second.released_by == undone_) back.push_back(row->first);
      row = stays ? std::next(row) : rows_.erase(row);
    }
    for (const RowNumber row : back) bring_back(row);
    return base::Ok{};
  }

 private:
  // False for a row that nobody holds any longer. That it was released is kept: an equal row that
  // comes back would have been released with it.
  base::Result<bool> forget_holder(HeldRow& held) {
    const bool nobodys = held.row.batch == kNobody;
    if (nobodys && held.released_by == undone_) {
      draft_.batch.remove(key_of(held));
      return false;
    }
    if (held.row.batch != undone_) {
      if (held.holders.erase(undone_) > 0) draft_.batch.remove(holder_key(held.row.id, undone_));
      return true;
    }
    if (held.holders.empty() && held.released_by != 0 && held.released_by != undone_) {
      held.row.batch = kNobody;
      draft_.batch.put(key_of(held), encode_quarantined(kNobody, held.row.row));
      return true;
    }
    if (held.holders.empty()) {
      draft_.batch.remove(key_of(held));
      if (held.released_by == 0) --draft_.manifest.quarantined;
      return false;
    }
    const auto first = held.holders.begin();
    draft_.batch.remove(holder_key(held.row.id, first->first));
    draft_.batch.put(key_of(held), first->second);
    FOOTFALL_TRY(held.row, decode_quarantined(held.row.id, first->second));
    held.holders.erase(first);
    return true;
  }

  // The import that released equal rows next, and so would have released this one; 0 = none.
  BatchNumber next_release(const HeldRow& held) const {
    BatchNumber next = 0;
    for (const auto& [id, other] : rows_) {
      if (other.released_by <= undone_ || !are_equal(other, held)) continue;
      if (next == 0 || other.released_by < next) next = other.released_by;
    }
    return next;
  }

  // The row that would have been this one, had it not been released. Two that one import brought
  // are two.
  HeldRow* find_same(const HeldRow& held, BatchNumber released_by) {
    const auto holds = [](const HeldRow& row, BatchNumber batch) {
      return row.row.batch == batch || row.holders.contains(batch);
    };
    for (auto& [id, other] : rows_) {
      if (other.released_by != released_by || other.row.batch == kNobody) continue;
      if (!are_equal(other, held) || holds(other, held.row.batch)) continue;
      const bool both = std::any_of(held.holders.begin(), held.holders.end(),
                                    [&](const auto& holder) { return holds(other, holder.first); });
      if (!both) return &other;
    }
    return nullptr;
  }

  static bool are_equal(const HeldRow& a, const HeldRow& b) {
    return a.row.id != b.row.id && content_of_row(a.row) == content_of_row(b.row);
  }

  void bring_back(RowNumber id) {
    HeldRow& held = rows_.at(id);
    draft_.batch.remove(key_of(held));
    held.released_by = next_release(held);
    HeldRow* const same = find_same(held, held.released_by);
    if (same == nullptr) {
      draft_.batch.put(key_of(held), encode_quarantined(held.row.batch, held.row.row));
      if (held.released_by == 0) ++draft_.manifest.quarantined;
      return;
    }
    held.holders[held.row.batch] = encode_quarantined(held.row.batch, held.row.row);
    for (auto& [batch, record] : held.holders) {
      draft_.batch.remove(holder_key(id, batch));
      if (batch == same->row.batch || !same->holders.emplace(batch, record).second) continue;
      draft_.batch.put(holder_key(same->row.id, batch), record);
    }
    rows_.erase(id);
  }

  std::map<RowNumber, HeldRow> rows_;
  BatchNumber undone_;
  Draft& draft_;
};

}  // namespace

base::Status put_quarantine(const StoreImpl& store, const BatchInfo& info, BatchNumber batch,
                            Draft& draft) {
  std::map<Content, std::vector<RowNumber>> known;
  if (!info.quarantined.empty()) {
    FOOTFALL_RETURN_IF_ERROR(store.journal->scan_prefix(
        kQuarantinePrefix, [&](std::string_view key, std::string_view value) -> base::Status {
          FOOTFALL_TRY(const StoredQuarantine row, decode_quarantined(number_of_key(key), value));
          known[content_of_row(row)].push_back(row.id);
          return base::Ok{};
        }));
  }
  std::map<Content, std::size_t> brought;
  for (const QuarantinedRow& row : info.quarantined) {
    // The second of two equal rows is the second of those that are there.
    const Content content{row.payload, row.reason};
    const auto equal = known.find(content);
    const std::size_t place = equal == known.end() ? 0 : brought[content]++;
    if (equal != known.end() && place < equal->second.size()) {
      draft.batch.put(holder_key(equal->second[place], batch), encode_quarantined(batch, row));
      continue;
    }
    draft.batch.put(numbered_key(kQuarantinePrefix, draft.manifest.next_quarantine++),
                    encode_quarantined(batch, row));
    ++draft.manifest.quarantined;
  }
  for (const RowNumber id : info.released_rows) {
    const std::string key = numbered_key(kQuarantinePrefix, id);
    FOOTFALL_TRY(const std::optional<std::string> row, store.journal->get(key));
    if (!row) continue;
    draft.batch.put(released_key(batch, id), *row);
    draft.batch.remove(key);
    --draft.manifest.quarantined;
  }
  return base::Ok{};
}

base::Status undo_quarantine(const StoreImpl& store, BatchNumber undone, Draft& draft) {
  FOOTFALL_TRY(auto rows, read_rows(store));
  return Undoing(std::move(rows), undone, draft).run();
}

}  // namespace footfall::store
