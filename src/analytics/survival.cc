#include "footfall/analytics/survival.h"

#include <algorithm>
#include <cmath>

namespace footfall::analytics {
namespace {

constexpr base::TimeMs kCells = 4096;
constexpr double kNormal975 = 1.959963984540054;

}  // namespace

Survival::Survival(base::TimeMs window) : window_(window), cell_ms_(window / kCells + 1) {
  const auto cells = static_cast<std::size_t>(window / cell_ms_) + 1;
  ends_.resize(cells);
  censored_.resize(cells);
  open_.resize(cells);
}

std::size_t Survival::cell(base::TimeMs length) const {
  return static_cast<std::size_t>(std::clamp<base::TimeMs>(length, 0, window_) / cell_ms_);
}

void Survival::merge(const Survival& other) {
  if (other.ends_.empty()) return;
  if (ends_.empty()) *this = Survival(other.window_);
  FOOTFALL_CHECK(window_ == other.window_);
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    ends_[i] += other.ends_[i];
    censored_[i] += other.censored_[i];
    open_[i] += other.open_[i];
  }
}

std::vector<double> Survival::survival() const {
  std::uint64_t at_risk = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) at_risk += ends_[i] + censored_[i];
  std::vector<double> after(ends_.size(), 1.0);
  double share = 1.0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    if (ends_[i] > 0) {
      share *= 1.0 - static_cast<double>(ends_[i]) / static_cast<double>(at_risk);
    }
    after[i] = share;
    at_risk -= ends_[i] + censored_[i];
  }
  return after;
}

double Survival::ended_share() const {
  return ends_.empty() ? 0.0 : 1.0 - survival().back();
}

std::optional<std::pair<double, double>> Survival::ended_interval() const {
  std::uint64_t at_risk = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) at_risk += ends_[i] + censored_[i];
  double share = 1.0;
  double greenwood = 0.0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    const auto ended = static_cast<double>(ends_[i]);
    const auto risk = static_cast<double>(at_risk);
    if (ends_[i] == at_risk && at_risk > 0) return std::nullopt;
    if (ends_[i] > 0) {
      share *= 1.0 - ended / risk;
      greenwood += ended / (risk * (risk - ended));
    }
    at_risk -= ends_[i] + censored_[i];
    if (at_risk == 0) break;
  }
  if (share >= 1.0) return std::nullopt;
  const double spread = kNormal975 * std::sqrt(greenwood) / std::abs(std::log(share));
  // A larger exponent makes S smaller, so the share that ended larger.
  return std::pair{1.0 - std::pow(share, std::exp(-spread)),
                   1.0 - std::pow(share, std::exp(spread))};
}

double Survival::expected_ends() const {
  if (ends_.empty()) return 0.0;
  const std::vector<double> after = survival();
  double expected = 0.0;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i] == 0 || after[i] <= 0.0) continue;
    expected += static_cast<double>(open_[i]) * (1.0 - after.back() / after[i]);
  }
  return expected;
}

}  // namespace footfall::analytics
