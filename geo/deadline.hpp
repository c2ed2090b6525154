#pragma once
// How long the work of this thread may go on: until a time, or until nobody waits for it any more. Every loop
// whose length a request can choose calls check_deadline(), so that the bound holds wherever the time goes;
// it belongs to the thread's work, so the functions in between need not hand it on.
//
//   const DeadlineScope scope(Deadline(std::chrono::seconds(10), &cancelled));
//   for (const auto row : rows) {
//     check_deadline();  // throws DeadlinePassed or Cancelled
//     use(row);
//   }
//
// A check costs about a nanosecond, since the clock is read once in `steps_a_look` steps: a step is what
// takes a microsecond at most, and a caller whose unit takes longer names how many steps it is. Outside of a
// scope nothing is thrown. Scopes nest; the inner one alone counts, so it must not end later than the outer
// one. Code that may throw here must leave thread-local scratch memory reusable.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <utility>

namespace jobmap::geo {

struct DeadlinePassed : std::exception {
  const char* what() const noexcept override { return "the work takes longer than it may"; }
};
struct Cancelled : std::exception {
  const char* what() const noexcept override { return "nobody waits for the work any more"; }
};

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  // `cancelled`, where it is given, outlives the deadline and becomes true when nobody waits any more.
  explicit Deadline(Clock::time_point at, const std::atomic<bool>* cancelled = nullptr)
      : at_(at), cancelled_(cancelled) {}
  explicit Deadline(Clock::duration from_now, const std::atomic<bool>* cancelled = nullptr)
      : Deadline(Clock::now() + from_now, cancelled) {}

  bool passed() const { return Clock::now() >= at_; }
  void check() const {
    if (cancelled_ && cancelled_->load(std::memory_order_relaxed)) throw Cancelled();
    if (passed()) throw DeadlinePassed();
  }
  // The same, or this time where that is earlier.
  Deadline no_later_than(Clock::time_point at) const { return Deadline(std::min(at, at_), cancelled_); }

 private:
  Clock::time_point at_;
  const std::atomic<bool>* cancelled_;
};

namespace detail {
inline constexpr unsigned steps_a_look = 64;
struct Watch {
  const Deadline* deadline = nullptr;
  unsigned steps_left = steps_a_look;
};
// We are linked into programs alone. Any other model makes of each check a call, as far as the compiler
// knows.
[[gnu::tls_model("local-exec")]] inline thread_local constinit Watch watch{};
void look();  // at the clock
}  // namespace detail

inline void check_deadline(unsigned steps = 1) {
  if (detail::watch.steps_left > steps)
    detail::watch.steps_left -= steps;
  else
    detail::look();
}

// Looks at the clock whatever was counted: before something long that can't look itself.
inline void check_deadline_now() { detail::look(); }

class DeadlineScope {
 public:
  explicit DeadlineScope(Deadline deadline)
      : deadline_(std::move(deadline)), outer_(std::exchange(detail::watch, {&deadline_})) {}
  ~DeadlineScope() { detail::watch = outer_; }
  DeadlineScope(const DeadlineScope&) = delete;
  DeadlineScope& operator=(const DeadlineScope&) = delete;

 private:
  const Deadline deadline_;
  const detail::Watch outer_;
};

}  // namespace jobmap::geo
