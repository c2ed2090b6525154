#pragma once
// Which predicate of a query is walked first: the place by the tree, the words of q by their rows, or the
// rows of one value of a small column, such as a district. All others are asked of what that walk yields, so
// the answer is the same whichever is first, and only the work differs.
//
//   Estimates e{.rows = 1e6};
//   e.of[First::place] = 150'000;
//   e.of[First::q] = 12;
//   Plan plan = choose_plan(e);                  // plan.first == First::q
//
// Costs are microseconds of one core, roughly: they are compared, never promised. Rows that are common lie in
// nearly every word of 64, so walking them first would save nothing; they aren't considered.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace jobmap::query {

enum class First : std::uint8_t { place, q, category, district, industry, pay_unit, education, precision };
// As the parameters are called; place is any of those that name one, or all rows where none does.
inline constexpr std::array<std::string_view, 8> first_names{
    "place", "q", "category", "district", "industry", "pay_unit", "education", "precision"};

// Something for each predicate that the query has.
template <typename T>
struct OfPredicates : std::array<std::optional<T>, first_names.size()> {
  std::optional<T>& operator[](First f) { return this->at(static_cast<std::size_t>(f)); }
  const std::optional<T>& operator[](First f) const { return this->at(static_cast<std::size_t>(f)); }
};

struct Estimates {
  double rows = 0;            // of the table
  bool names_place = false;   // else `place` is all rows, and words of them are all there is to look at
  bool costly_place = false;  // an outline, or what is in reach by minutes
  OfPredicates<double> of{};  // rows; place is absent where it comes first whatever it has
};

struct Plan {
  First first = First::place;
  Estimates estimates;
  OfPredicates<double> cost_us;  // of those that were considered
};

// Rows fewer than this are worth walking first.
inline double rare_rows(double table_rows) { return table_rows / 16; }
// How many rows a place may have and still be walked before all other predicates; nothing where none of them
// is rare, so that the place comes first whatever it has.
std::optional<double> break_even_rows(const Estimates& estimates);
Plan choose_plan(const Estimates& estimates);

// Counts what an evaluation looked at: boxes of the tree, and rows (64 at a time where bitmaps answer).
struct Visits {
  std::uint64_t nodes = 0, rows = 0;
};

}  // namespace jobmap::query
