// Seeded randomness: the same seed gives the same numbers on every machine, for ever.
//
// xoshiro256++ by D. Blackman and S. Vigna, seeded through splitmix64. Not for secrets.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace footfall::base {

/// One step of splitmix64; also a good mixer of a 64-bit value.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

class Random {
 public:
  using result_type = std::uint64_t;

  explicit Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = mix64(seed++);
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }

  result_type operator()() {
    const std::uint64_t result = rotate_left(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate_left(state_[3], 45);
    return result;
  }

  /// Uniform in [0, bound); bound > 0. Bias below 2^-32 for bounds up to 2^32.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<__uint128_t>((*this)()) * bound) >> 64);
  }
  /// Uniform in [from, to].
  std::int64_t between(std::int64_t from, std::int64_t to) {
    // Unsigned, because the range may be wider than a signed number holds.
    const std::uint64_t width = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
    const std::uint64_t step = width + 1 == 0 ? (*this)() : below(width + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + step);
  }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return uniform() < probability; }
  /// Standard normal, by Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }
  double exponential(double mean) { return -mean * std::log(1.0 - uniform()); }

 private:
  static constexpr std::uint64_t rotate_left(std::uint64_t x, int bits) {
    return (x << bits) | (x >> (64 - bits));
  }
  std::array<std::uint64_t, 4> state_;
};

}  // namespace footfall::base
