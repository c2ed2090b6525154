#pragma once
// Reproducible random numbers for the synthetic sample: SplitMix64 (Steele, Lea and Flood 2014), integers
// only, so that a seed means the same on every machine and with every library. std:: distributions promise no
// such thing.
//
//   Random random(seed, Stream::job, 17);        // the 17th thing of a stream has its own sequence
//   random.below(6) + 1;                         // a die
//   if (random.chance(30)) use(random);          // in 30 of 1000
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace jobmap::data::sample {

constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

enum class Stream : std::uint64_t { place = 1, employer, job, road, service_point, venture_site };

class Random {
 public:
  Random(std::uint64_t seed, Stream stream, std::uint64_t index)
      : state_(mix(mix(seed + step * static_cast<std::uint64_t>(stream)) + step * (index + 1))) {}

  std::uint64_t next() { return mix(state_ += step); }
  // [0, n), n > 0. The bias of the multiplication is below 2^-32 * n.
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>((next() >> 32) * n >> 32); }
  std::int32_t between(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(below(static_cast<std::uint32_t>(high - low + 1)));
  }
  bool chance(std::uint32_t per_mille) { return below(1000) < per_mille; }
  // [0, n), the lower the likelier: the square of a uniform number.
  std::uint32_t skewed_below(std::uint32_t n) {
    const std::uint64_t u = next() >> 32;
    return static_cast<std::uint32_t>((u * u >> 32) * n >> 32);
  }
  const auto& pick(const auto& choices) {
    return choices[below(static_cast<std::uint32_t>(std::size(choices)))];
  }

 private:
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15ull;
  std::uint64_t state_;
};

}  // namespace jobmap::data::sample
