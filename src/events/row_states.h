// RowStates: which rows of the chunk in hand are still good, and what was wrong with the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "footfall/events/currency_mark.h"

namespace footfall::events {

struct RowProblem {
  std::size_t row = 0;      // Index in the chunk.
  const char* reason = "";  // Rule name.
  std::string column;
  std::string message;
};

class RowStates {
 public:
  void begin(std::size_t rows) {
    bad_.assign(rows, 0);
    problems_.clear();
    currencies_.clear();
    stated_.clear();
    tells_.clear();
  }
  bool good(std::size_t row) const { return bad_[row] == 0; }
  /// The first problem of a row is the one that counts.
  void refuse(std::size_t row, const char* reason, const std::string& column, std::string message) {
    if (bad_[row] != 0) return;
    bad_[row] = 1;
    problems_.push_back({row, reason, column, std::move(message)});
  }
  /// What an amount says of its currency, judged when the currency of the row is known.
  void tell_currency(CurrencyMark mark) {
    if (tells_.empty()) tells_.assign(bad_.size(), 0);
    tells_[mark.row] = 1;
    currencies_.push_back(std::move(mark));
  }
  bool tells_currency(std::size_t row) const { return !tells_.empty() && tells_[row] != 0; }
  /// What another cell states of the currency of such a row: it is judged before the amounts.
  void state_currency(CurrencyMark mark) { stated_.push_back(std::move(mark)); }
  const std::vector<CurrencyMark>& currencies() const { return currencies_; }
  const std::vector<CurrencyMark>& stated_currencies() const { return stated_; }
  bool all_good() const { return problems_.empty(); }
  const std::vector<RowProblem>& problems() const { return problems_; }

 private:
  std::vector<std::uint8_t> bad_;
  std::vector<RowProblem> problems_;
  std::vector<CurrencyMark> currencies_;  // In no order.
  std::vector<CurrencyMark> stated_;
  std::vector<std::uint8_t> tells_;  // 1 a row that has a mark; empty: none has.
};

}  // namespace footfall::events
