// Attributes: what is known of items and persons, filled from all events of a snapshot.
//
// Nothing here is stored: a fill is a function of the snapshot, so arrival order cannot change it.
//  - Name of an item: that of its latest item_profile (property "name"; equal times: the least by
//    bytes), else the most frequent non-empty name of its lines and of its events without lines
//    (property "item_name"), ties by bytes.
//  - Country of a person: the most frequent non-empty value of their events, ties by bytes; it
//    stands in for those of their events that have none.
// Events made beside another one from the same row (events::kSecondary) are not counted again.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "footfall/analytics/order_walk.h"
#include "footfall/store/block.h"

namespace footfall::analytics {

/// The text of a code; called by one thread at a time per fold. "" for 0.
using TextLookup = std::function<std::string_view(store::TextCode)>;

/// The most frequent non-empty value of a property among a user's events, ties by bytes (the
/// least); 0 when they have none.
store::TextCode most_frequent_value(const store::Block& block, std::size_t user_index,
                                    const store::ColumnView<store::TextCode>& column,
                                    const TextLookup& text_of);

/// How many values of a field were missing and could be filled, in source rows: a line counts as
/// one, an event without lines as one.
struct FilledCount {
  std::string field;
  std::int64_t count = 0;
};

/// Names of items, by code; 0 = no name is known.
class ItemNames {
 public:
  explicit ItemNames(std::vector<store::TextCode> names) : names_(std::move(names)) {}
  store::TextCode of(store::ItemCode item) const { return item < names_.size() ? names_[item] : 0; }

 private:
  std::vector<store::TextCode> names_;
};

/// Gathers attributes from the blocks of all populations. Needs the columns lines, flags and the
/// properties "country", "name" and "item_name" (absent ones are all empty).
class AttributeFold {
 public:
  explicit AttributeFold(TextLookup text_of) : text_of_(std::move(text_of)) {}

  void fold(const store::Block& block, UserRange users);
  void merge(const AttributeFold& other);

  ItemNames item_names() const;
  /// Fields "country" and "item_name", zero counts included.
  std::vector<FilledCount> filled() const;

 private:
  struct Profile {
    base::TimeMs time = 0;
    store::TextCode name = 0;
  };
  void fold_lines(const store::Block& block, std::size_t begin, std::size_t end);
  void fold_events(const store::Block& block, std::size_t begin, std::size_t end);
  void fold_countries(const store::Block& block, UserRange users);
  void add_name(store::ItemCode item, store::TextCode name, std::int64_t count);
  void add_profile(store::ItemCode item, const Profile& profile);

  TextLookup text_of_;
  std::unordered_map<std::uint64_t, std::int64_t> names_;  // Item << 32 | name, 0 = without name.
  std::unordered_map<store::ItemCode, Profile> profiles_;
  std::int64_t countries_filled_ = 0;
};

}  // namespace footfall::analytics
