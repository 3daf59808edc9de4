// RFM: recency, frequency and money of each person, scored 1 to 5, and the named cells of the R x F
// Size: the table of named cells and the contract of each score stand together.
// grid (SEMANTICS 7 and 17).
//
// Over the orders of a look-back: R = local days from the last order to the reference day, F =
// number of orders (or of local days with an order), M = net revenue in minor units, refunds dated
// on their own day. A person without an order in the look-back has no score.
// Score = 1 + floor(5 x (persons with a strictly worse value) / n): equal values get equal scores,
// whatever the bins come to. No sorting: a score above k says that a person is better than the
// person of rank ceil(k n / 5) from the worst, so four values a measure are looked for, by
// counting.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "footfall/analytics/attributes.h"
#include "footfall/analytics/event_marks.h"
#include "footfall/analytics/order_walk.h"
#include "footfall/analytics/sales_periods.h"

namespace footfall::analytics {

inline constexpr int kRfmScores = 5;

/// Fixed cut points in place of ranks, each list rising. Recency: score 5 up to the first, then 4
/// up to the second, ...; frequency and money: score 2 from the first, 3 from the second, ...
struct RfmCutPoints {
  std::optional<std::array<std::int64_t, 4>> recency_days;
  std::optional<std::array<std::int64_t, 4>> orders;
  std::optional<std::array<base::MoneyMinor, 4>> money;
};

struct RfmRule {
  TimeRange range;                    // The look-back.
  base::DayNumber reference_day = 0;  // Not before any local day of the range.
  bool count_days = false;            // F = local days with an order.
  CurrencyChoice currency;
  RfmCutPoints fixed;
};

/// The values of one person.
struct RfmValues {
  std::uint32_t recency_days = 0;
  std::uint32_t orders = 0;
  base::MoneyMinor money = 0;
};

/// The values of the persons of some blocks. Partial results need no merging: scores read them all.
/// Needs the columns lines, orders, flags and the properties "currency" and "value".
class RfmFold {
 public:
  /// `days` and `text_of` outlive the fold.
  RfmFold(const RfmRule& rule, const LocalDays& days, const TextLookup& text_of);

  void fold(const store::Block& block, UserRange users);

  std::size_t size() const { return size_; }
  /// All persons with an order, in pieces: one a fold, in order of the folds.
  std::span<const std::vector<RfmValues>> pieces() const { return pieces_; }

  struct Counts {
    std::int64_t without_order = 0;      // Persons.
    std::int64_t other_currency = 0;     // Purchases and refunds left out.
    std::int64_t amounts_too_large = 0;  // Lines left out.
    std::int64_t money_too_large = 0;    // Persons left out whose money does not fit 64 bits.
    std::int64_t events = 0;             // Purchases and refunds read.

    void add(const Counts& other);
  };
  const Counts& counts() const { return counts_; }

 private:
  friend class RfmScores;
  struct Reader;
  struct Person;
  template <typename Tick>
  void fold_ticks(const store::Block& block, UserRange users);
  void add_order(const Reader& reader, Person& person, const OrderEvent& order, std::uint64_t tick);
  ExactSum line_sum(const store::Block& block, const OrderEvent& order);
  void close(const Reader& reader, const Person& person);

  RfmRule rule_;
  LineAmounts amounts_;
  const LocalDays* days_;
  const TextLookup* text_of_;
  std::vector<std::vector<RfmValues>> pieces_;
  std::size_t size_ = 0;
  // How many persons have each value; money: values of each stretch.
  std::vector<std::uint32_t> recency_counts_;
  std::vector<std::uint32_t> order_counts_;
  std::vector<std::uint32_t> money_counts_;
  EventMarker marker_;
  std::vector<std::uint64_t> marks_;
  Counts counts_;
};

struct RfmScore {
  int recency = 1;
  int frequency = 1;
  int money = 1;
};

struct RfmCell {
  std::int64_t persons = 0;
  ExactSum money = 0;
};

/// Persons and their money by the three scores.
struct RfmTable {
  std::array<RfmCell, kRfmScores * kRfmScores * kRfmScores> cells;

  RfmCell& at(RfmScore score);
  const RfmCell& at(RfmScore score) const;
  void add(const RfmTable& other);
  /// Sums of the cells of an R x F cell, and of the persons of one score of one measure.
  RfmCell recency_frequency(int recency, int frequency) const;
  std::array<std::int64_t, kRfmScores> recency_bins() const;
  std::array<std::int64_t, kRfmScores> frequency_bins() const;
  std::array<std::int64_t, kRfmScores> money_bins() const;
};

/// What decides the scores. Immutable, so threads may tally parts beside each other.
class RfmScores {
 public:
  RfmScores(const RfmRule& rule, std::span<const RfmFold> parts);

  RfmScore score(std::int64_t recency_days, std::int64_t orders, base::MoneyMinor money) const;
  void tally(const RfmFold& part, RfmTable& table) const;

 private:
  // score = 1 + number of limits passed: below for recency, above for the others.
  std::array<std::int64_t, 4> recency_limits_{};
  std::array<std::int64_t, 4> order_limits_{};
  std::array<base::MoneyMinor, 4> money_limits_{};
  // Parts of a cell's index by days, and by orders as far as they were counted one by one.
  std::vector<std::uint8_t> recency_cells_;
  std::vector<std::uint8_t> order_cells_;
};

/// The eleven names, best first; the R x F table of SEMANTICS 17.
inline constexpr std::array<std::string_view, 11> kRfmCellNames = {"Champions",
                                                                   "Loyal",
                                                                   "Potential loyalist",
                                                                   "New",
                                                                   "Promising",
                                                                   "Needs attention",
                                                                   "About to sleep",
                                                                   "At risk",
                                                                   "Can't lose",
                                                                   "Hibernating",
                                                                   "Lost"};

/// Index into kRfmCellNames of the cell of two scores, 1..5 each.
std::size_t rfm_cell_name(int recency, int frequency);

}  // namespace footfall::analytics
