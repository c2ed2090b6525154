#pragma once
// How much one client may ask: a bucket of tokens each, refilled at a steady rate up to a burst. A request
// takes a few tokens, and one more for each millisecond that its answer is estimated to take.
//
//   RateLimit limit(100, 1000, 0.1);  // tokens a second, the most that are saved up, the least a request takes
//   if (const auto wait = limit.take(client, now); wait.count() > 0) return retry_after(wait);  // 429
//   limit.charge(client, 2.5, now);  // what it was found to cost; a debt is waited off
//
// The table has a fixed size however many clients come: a client hashes, by a key nobody outside knows, to a
// set of eight, where a newcomer takes the place of the fullest bucket. Whoever loses a full one has lost
// nothing.
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <mutex>
#include <vector>

namespace jobmap::http {

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  // 0 a second: no limit, and no table.
  RateLimit(double per_second, double burst, double least = 1);

  bool on() const { return per_second_ > 0; }
  // Zero where the tokens of a request were there and are taken, else how long until they are.
  Seconds take(std::uint64_t client, Clock::time_point now);
  void charge(std::uint64_t client, double tokens, Clock::time_point now);

 private:
  static constexpr double unused = std::numeric_limits<double>::infinity();
  struct Bucket {
    std::uint64_t client = 0;
    double tokens = unused;  // when last looked at; negative: a debt
    Clock::time_point at{};
  };
  static constexpr std::size_t ways = 8, sets = 8192, locks = 64;

  double filled(const Bucket& bucket, Clock::time_point now) const;
  // The client's bucket, filled up to now. Its lock is held.
  Bucket& bucket(std::size_t set, std::uint64_t client, Clock::time_point now);
  std::size_t set_of(std::uint64_t client) const;

  const double per_second_, burst_, least_;
  const std::uint64_t key_;
  std::vector<std::array<Bucket, ways>> table_;
  std::array<std::mutex, locks> mutexes_;
};

}  // namespace jobmap::http
