#include "geo/deadline.hpp"

namespace jobmap::geo::detail {

void look() {
  watch.steps_left = steps_a_look;
  if (watch.deadline) watch.deadline->check();
}

}  // namespace jobmap::geo::detail
