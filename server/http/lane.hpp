#pragma once
// A pool of threads and what is admitted to it. Work waits for what was admitted before it; whoever would
// wait too long by estimate is refused at once.
//
//   Lane lane(2, 256, std::chrono::seconds(2));
//   if (!lane.admit(cost_us)) return too_busy();
//   asio::post(lane.pool(), [&] { work(); lane.dismiss(cost_us); });
//
// There are two, so that what is short never waits for what is long: one takes work that an I/O thread had
// better not do but that is done in milliseconds, the other all the rest.
#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>

namespace jobmap::http {

class Lane {
 public:
  Lane(unsigned threads, std::size_t most, std::chrono::milliseconds longest_wait)
      : threads_(threads),
        most_(static_cast<std::int64_t>(most)),
        longest_us_(longest_wait.count() * 1000 * threads),
        pool_(threads) {}

  boost::asio::thread_pool& pool() { return pool_; }
  unsigned threads() const { return threads_; }

  // A request is always admitted when the queue is empty.
  bool admit(double cost_us) {
    const auto cost = static_cast<std::int64_t>(cost_us);
    const auto before = waiting_.fetch_add(1);
    const auto ahead_us = admitted_us_.fetch_add(cost);
    if (before == 0 || (before < most_ && ahead_us + cost <= longest_us_)) return true;
    dismiss(cost_us);
    return false;
  }
  void dismiss(double cost_us) {
    admitted_us_.fetch_sub(static_cast<std::int64_t>(cost_us));
    waiting_.fetch_sub(1);
  }
  // Until what is admitted now will be done, by its estimates.
  std::chrono::microseconds wait() const { return std::chrono::microseconds(admitted_us_.load() / threads_); }

 private:
  const unsigned threads_;
  const std::int64_t most_, longest_us_;
  std::atomic<std::int64_t> admitted_us_{0}, waiting_{0};
  boost::asio::thread_pool pool_;  // last, so that its threads end first
};

}  // namespace jobmap::http
