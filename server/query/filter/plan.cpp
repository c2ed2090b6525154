#include "server/query/filter/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jobmap::query {
namespace {

// Estimates, not measured one by one; what matters is how they stand to each other.
constexpr double group_us = 0.0005;     // to skip 4,096 rows that have none
constexpr double word_us = 0.006;       // to AND the bitmaps of 64 rows and count what is left
constexpr double leaf_us = 0.012;       // to measure the 16 rows of a leaf
constexpr double costly_leaf_us = 0.3;  // the same of an outline or a reach
constexpr double tree_us = 0.2;         // to come down the tree
constexpr double row_us = 0.01;         // to measure one row by itself
constexpr double costly_row_us = 0.03;

// The words inside, and the leaves at the edge: as many as a square of that many rows has.
double cost_of_place(const Estimates& e) {
  const double rows = *e.of[First::place];
  if (!e.names_place) return rows / 64 * word_us;
  const double leaves = 4 * std::sqrt(rows / 16) + 4;
  return tree_us + rows / 64 * word_us + leaves * (e.costly_place ? costly_leaf_us : leaf_us);
}

double cost_of_rows(const Estimates& e, double rows) {
  const double words = std::min(rows, e.rows / 64);
  const double measured = e.names_place ? rows * (e.costly_place ? costly_row_us : row_us) : 0;
  return e.rows / 4096 * group_us + words * word_us + measured;
}

template <typename Use>  // use(first, cost)
void each_rare(const Estimates& e, Use&& use) {
  for (std::size_t i = 1; i < first_names.size(); ++i) {
    const auto first = static_cast<First>(i);
    if (e.of[first] && *e.of[first] < rare_rows(e.rows)) use(first, cost_of_rows(e, *e.of[first]));
  }
}

}  // namespace

std::optional<double> break_even_rows(const Estimates& e) {
  double least = std::numeric_limits<double>::infinity();
  each_rare(e, [&](First, double cost) { least = std::min(least, cost); });
  if (std::isinf(least)) return std::nullopt;
  // cost_of_place(x * x) = a x^2 + b x + c
  const double edge = e.costly_place ? costly_leaf_us : leaf_us, a = word_us / 64, b = edge,
               c = tree_us + 4 * edge - least;
  return c >= 0 ? 0 : std::pow((std::sqrt(b * b - 4 * a * c) - b) / (2 * a), 2);
}

Plan choose_plan(const Estimates& e) {
  Plan plan{First::place, e, {}};
  if (!e.of[First::place]) return plan;
  double least = cost_of_place(e);
  plan.cost_us[First::place] = least;
  each_rare(e, [&](First first, double cost) {
    plan.cost_us[first] = cost;
    if (cost < least) least = cost, plan.first = first;
  });
  return plan;
}

}  // namespace jobmap::query
