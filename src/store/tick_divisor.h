// Tick divisor: many divisions by one number that is only known at run time, without dividing.
#pragma once

#include <bit>
#include <cstdint>

namespace footfall::store {

/// An odd number has an inverse modulo 2^64, with which exact quotients are products (Granlund and
/// Montgomery, "Division by invariant integers using multiplication", section 9).
class TickDivisor {
 public:
  /// `divisor` > 0.
  explicit TickDivisor(std::uint64_t divisor)
      : shift_(std::countr_zero(divisor)),
        mask_((std::uint64_t{1} << shift_) - 1),
        limit_(~std::uint64_t{0} / (divisor >> shift_)) {
    const std::uint64_t odd = divisor >> shift_;
    // Right to three bits; each step doubles them.
    inverse_ = odd;
    for (int step = 0; step < 5; ++step) inverse_ *= 2 - odd * inverse_;
  }

  /// Whether `value` is a multiple.
  bool divides(std::uint64_t value) const {
    return (value & mask_) == 0 && quotient(value) <= limit_;
  }
  /// Of a multiple.
  std::uint64_t quotient(std::uint64_t value) const { return (value >> shift_) * inverse_; }

 private:
  int shift_;
  std::uint64_t mask_;
  std::uint64_t limit_;
  std::uint64_t inverse_ = 0;
};

}  // namespace footfall::store
