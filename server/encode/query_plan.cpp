#include "server/encode/query_plan.hpp"

#include <cmath>

namespace jobmap::encode {
namespace {

template <typename Use>  // use(name, rows, cost): of each predicate that was estimated, in a fixed order
void each_predicate(const query::Plan& plan, Use&& use) {
  for (std::size_t i = 0; i < query::first_names.size(); ++i) {
    const auto first = static_cast<query::First>(i);
    if (const auto& rows = plan.estimates.of[first])
      use(query::first_names[i], std::llround(*rows), plan.cost_us[first]);
  }
}

std::string_view first_of(const query::Plan& plan) {
  return query::first_names[static_cast<std::size_t>(plan.first)];
}

}  // namespace

void write_plan(JsonWriter& w, const query::Page& page) {
  w.raw(R"("plan":{"first":")"), w.raw(first_of(page.plan));
  w.raw(R"(","rows":)"), w.integer(std::llround(page.plan.estimates.rows));
  w.raw(R"(,"predicates":[)");
  bool any = false;
  each_predicate(page.plan, [&](std::string_view name, std::int64_t rows, std::optional<double> cost_us) {
    w.raw(any ? R"(,{"name":")" : R"({"name":")"), w.raw(name), any = true;
    w.raw(R"(","rows":)"), w.integer(rows);
    if (cost_us) w.raw(R"(,"cost_us":)"), w.real(*cost_us, decimals::microseconds);
    w.raw("}");
  });
  w.raw(R"(],"nodes_visited":)"), w.integer(static_cast<std::int64_t>(page.visits.nodes));
  w.raw(R"(,"rows_visited":)"), w.integer(static_cast<std::int64_t>(page.visits.rows));
  w.raw("}");
}

void write_plan(WireWriter& w, unsigned field, const query::Page& page) {
  constexpr std::size_t expected_bytes = 120;
  const auto plan = w.begin(field, expected_bytes);
  w.string(1, first_of(page.plan));
  w.uint(2, static_cast<std::uint64_t>(std::llround(page.plan.estimates.rows)));
  each_predicate(page.plan, [&](std::string_view name, std::int64_t rows, std::optional<double> cost_us) {
    const auto predicate = w.begin(3, 40);
    w.string(1, name);
    if (rows) w.uint(2, static_cast<std::uint64_t>(rows));
    if (cost_us) w.real(3, *cost_us, decimals::microseconds);
    w.end(predicate);
  });
  if (page.visits.nodes) w.uint(4, page.visits.nodes);
  if (page.visits.rows) w.uint(5, page.visits.rows);
  w.end(plan);
}

}  // namespace jobmap::encode
