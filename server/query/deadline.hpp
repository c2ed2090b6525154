#pragma once
// The one clock of an evaluation: what takes longer is given up, so that no request holds a thread for as
// long as it likes. Whoever reads rows one by one looks at it now and then.
//
//   query.deadline = Deadline(10s);                    // from now
//   if (query.deadline) query.deadline->check();       // throws DeadlinePassed
#include <chrono>
#include <exception>

namespace jobmap::query {

struct DeadlinePassed : std::exception {
  const char* what() const noexcept override { return "the query takes too long"; }
};

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Deadline(Clock::duration from_now) : at_(Clock::now() + from_now) {}
  void check() const {
    if (Clock::now() >= at_) throw DeadlinePassed();
  }

 private:
  Clock::time_point at_;
};

}  // namespace jobmap::query
