#pragma once
// Computes the city's coverage with some service points more and some fewer.
//
//   WhatIf change{q, {{120.16, 30.25}}, {3}};
//   WhatIfEffect effect = weigh(change, snapshot);
//   use(effect.before[ads], effect.after[ads], effect.gain_of_add[0][ads]);
//
// Amounts as in coverage, of the whole city. A point's gain is what it adds by itself to what stands, and a
// removal's (never above 0) what goes with it alone, so gains of points that lie close don't add up to
// after - before. Only what lies near the points is looked at.
#include "server/query/service/coverage.hpp"

namespace jobmap::query {

using Amounts = std::array<double, measures>;

struct WhatIf {
  CoverageQuery query;
  std::vector<geo::LonLat> add;
  std::vector<std::uint32_t> remove;  // indices into City::service_points
};

struct WhatIfEffect {
  Amounts total{}, before{}, after{};
  std::vector<Amounts> gain_of_add, gain_of_remove;
  // The same by the slow and the fast circles of the band: low, high.
  struct Bound {
    Amounts before{}, after{};
  };
  std::array<Bound, 2> band{};
};

WhatIfEffect weigh(const WhatIf& change, const data::Snapshot& snapshot);
// Weighs the change without the gain of each point.
WhatIfEffect weigh_whole(const WhatIf& change, const data::Snapshot& snapshot);

}  // namespace jobmap::query
