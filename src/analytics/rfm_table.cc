#include "footfall/analytics/rfm.h"

namespace footfall::analytics {

RfmCell& RfmTable::at(RfmScore score) {
  const int index =
      ((score.recency - 1) * kRfmScores + score.frequency - 1) * kRfmScores + score.money - 1;
  return cells[static_cast<std::size_t>(index)];
}

const RfmCell& RfmTable::at(RfmScore score) const {
  return const_cast<RfmTable*>(this)->at(score);
}

void RfmTable::add(const RfmTable& other) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i].persons += other.cells[i].persons;
    cells[i].money += other.cells[i].money;
  }
}

RfmCell RfmTable::recency_frequency(int recency, int frequency) const {
  RfmCell sum;
  for (int money = 1; money <= kRfmScores; ++money) {
    const RfmCell& cell = at({recency, frequency, money});
    sum.persons += cell.persons;
    sum.money += cell.money;
  }
  return sum;
}

std::array<std::int64_t, kRfmScores> RfmTable::recency_bins() const {
  std::array<std::int64_t, kRfmScores> bins{};
  for (std::size_t i = 0; i < cells.size(); ++i) bins[i / 25] += cells[i].persons;
  return bins;
}

std::array<std::int64_t, kRfmScores> RfmTable::frequency_bins() const {
  std::array<std::int64_t, kRfmScores> bins{};
  for (std::size_t i = 0; i < cells.size(); ++i) bins[i / 5 % 5] += cells[i].persons;
  return bins;
}

std::array<std::int64_t, kRfmScores> RfmTable::money_bins() const {
  std::array<std::int64_t, kRfmScores> bins{};
  for (std::size_t i = 0; i < cells.size(); ++i) bins[i % 5] += cells[i].persons;
  return bins;
}

std::size_t rfm_cell_name(int recency, int frequency) {
  // Rows R = 1..5, columns F = 1..5.
  static constexpr std::array<std::array<std::uint8_t, 5>, 5> kNames = {
      {{10, 9, 9, 8, 8}, {9, 9, 7, 7, 7}, {6, 5, 1, 1, 1}, {4, 2, 1, 0, 0}, {3, 2, 2, 0, 0}}};
  return kNames[static_cast<std::size_t>(recency - 1)][static_cast<std::size_t>(frequency - 1)];
}

}  // namespace footfall::analytics
