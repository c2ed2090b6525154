#pragma once
// How fresh the served data are: told by the loader, asked by /ready and /metrics.
//
//   health.confirmed(began);                        // loaded, or looked and found nothing new
//   health.failed(DataHealth::Fault::reload, now);  // lasts until it is mended
//   if (auto failing = health.failing(now)) use(*failing);   // {"reload_failed", 412 s}
//
// One thread tells, any thread asks. A fault counts from its first failure since it last went well.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>

namespace jobmap::api {

class DataHealth {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;
  enum class Fault : unsigned { poll, reload, tick };
  static constexpr std::array<std::string_view, 3> reasons{"poll_failed", "reload_failed", "tick_failed"};
  struct Failing {
    std::string_view reason;  // of the fault that has lasted longest
    Duration lasts;
  };

  // The served data were what the file held at that time.
  void confirmed(Time at) { known_at_.store(at.time_since_epoch().count(), relaxed); }
  void failed(Fault fault, Time at) {
    auto& since = failing_since_[static_cast<unsigned>(fault)];
    if (since.load(relaxed) == never) since.store(at.time_since_epoch().count(), relaxed);
  }
  void mended(Fault fault) { failing_since_[static_cast<unsigned>(fault)].store(never, relaxed); }

  // Since the data were last confirmed; nothing before the first time.
  std::optional<Duration> age(Time now) const { return passed(known_at_.load(relaxed), now); }
  std::optional<Failing> failing(Time now) const {
    std::optional<Failing> longest;
    for (std::size_t i = 0; i < reasons.size(); ++i)
      if (const auto lasts = passed(failing_since_[i].load(relaxed), now))
        if (!longest || *lasts > longest->lasts) longest = Failing{reasons[i], *lasts};
    return longest;
  }

 private:
  static constexpr auto relaxed = std::memory_order_relaxed;
  static constexpr Duration::rep never = Duration::min().count();

  static std::optional<Duration> passed(Duration::rep since, Time now) {
    if (since == never) return std::nullopt;
    return std::max(now.time_since_epoch() - Duration(since), Duration::zero());
  }

  std::atomic<Duration::rep> known_at_{never};
  std::array<std::atomic<Duration::rep>, 3> failing_since_{never, never, never};
};

}  // namespace jobmap::api
