// Ledger: what became of every row, in counts with a few examples each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace footfall::events {

/// One row that shows what a reason means.
struct RowExample {
  std::string file;
  std::uint64_t row = 0;
  std::string column;
  std::string message;  // What was expected, ending with the offending value.
};

struct ReasonCount {
  std::uint64_t count = 0;
  std::vector<RowExample> examples;  // At most kExamplesMax, the first ones met.
};
inline constexpr std::size_t kExamplesMax = 3;

/// A quarantined row, whole: its cells as texts, so that it can be judged again.
struct HeldRow {
  std::string reason;
  std::uint32_t file = 0;  // Index into Harvest::files.
  std::uint64_t row = 0;
  std::vector<std::pair<std::string, std::string>> cells;  // Column, text; absent ones left out.
};

using ReasonCounts = std::map<std::string, ReasonCount, std::less<>>;

/// Invariant once all rows are in: every row read was taken, duplicate, quarantined or rejected.
struct Ledger {
  std::uint64_t rows_read = 0;
  std::uint64_t duplicates = 0;  // Rows equal in all columns to an earlier row of the call.
  ReasonCounts quarantined;
  ReasonCounts rejected;
  std::map<std::string, std::uint64_t, std::less<>> marked;  // Rows that stay, with a remark.

  void mark(std::string_view reason, std::uint64_t rows = 1);
  static void count(ReasonCounts& counts, std::string_view reason, RowExample example);
};

/// The named view `usual_cleaning`: order rows with a customer, quantity > 0 and price > 0.
struct UsualCleaning {
  std::uint64_t rows = 0;
  std::uint64_t rows_without_duplicates = 0;
  __int128_t amount_without_duplicates = 0;  // Minor units, rounded line by line, of rows in the
                                             // shop's currency.
};

}  // namespace footfall::events
