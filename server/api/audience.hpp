#pragma once
// Counts those who wait for one answer. When the last of them has gone, the work on it is told to stop.
//
//   Audience audience;                               // of one
//   if (audience.join()) use(audience);              // one more; false where all have gone already
//   audience.leave();                                // from any thread
//   geo::Deadline deadline(end, &audience.gone());   // the work ends soon after the last has left
#include <atomic>

namespace jobmap::api {

class Audience {
 public:
  Audience() = default;
  Audience(Audience&&) noexcept {}  // before anybody knows of it

  bool join() {
    for (int n = size_.load(); n > 0;)
      if (size_.compare_exchange_weak(n, n + 1)) return true;
    return false;
  }
  void leave() {
    if (size_.fetch_sub(1) == 1) gone_.store(true);
  }
  const std::atomic<bool>& gone() const { return gone_; }

 private:
  std::atomic<int> size_{1};
  std::atomic<bool> gone_{false};
};

}  // namespace jobmap::api
