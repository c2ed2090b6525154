#include "geo/deadline.hpp"
#include "server/query/list/evaluation.hpp"
#include "server/query/list/property_order.hpp"

#include <cmath>

namespace jobmap::query {

using data::Row;
using data::RowRange;

std::vector<Evaluation::Key> Evaluation::choose_keys(const Totals& totals) {
  if (q_.sort == Sort::properties) {
    visits_.rows += found_.inside_rows;
    return first_by_properties();
  }
  if (q_.sort == Sort::distance && !q_.reverse) return nearest(totals.located);
  if (totals.ads <= few_rows) return first_of_all();
  if (q_.sort == Sort::minutes && !q_.reverse) return soonest_of_many();
  if (q_.sort == Sort::newest && !q_.reverse) return newest_of_many();
  return first_of_all();
}

Page Evaluation::page() {
  Page page;
  page.totals = find(keep_rows);
  page.plan = plan_;
  set_cursor();
  std::vector<Key> keys = choose_keys(page.totals);
  const bool more = keys.size() > q_.limit;
  if (more) keys.resize(q_.limit);
  page.hits.reserve(keys.size());
  if (more) __builtin_prefetch(&t_.text_at[keys.back().row]);  // for the cursor
  for (const Key& k : keys)
    __builtin_prefetch(&t_.numbers[k.row]);  // whoever encodes the page reads it first
  for (const Key& k : keys) {
    geo::check_deadline();
    Hit hit{k.row};
    if (q_.sort == Sort::distance)
      hit.distance_m = std::abs(k.value);
    else if (q_.has_distance())
      hit.distance_m = place_.anchors().metres(t_.tree.point(k.row));
    if (q_.has_minutes()) {
      const auto slowest = place_.slowest(k.row);
      hit.minutes = slowest.minutes;
      if (q_.reach.size() > 1) hit.place = static_cast<unsigned>(slowest.place + 1);
      if (q_.mode == TravelMode::metro) hit.legs = place_.legs(k.row, slowest.place);
    }
    page.hits.push_back(std::move(hit));
  }
  if (more) {
    Cursor last{q_.order_hash(), keys.back().value, t_.public_id(keys.back().row)};
    if (q_.sort == Sort::properties) {
      SortValues values;
      fill_values(s_, q_.order, keys.back().row, values);
      last.values = write_values(values);
    }
    page.next_cursor = write_cursor(last);
  }
  page.visits = visits_;
  return page;
}

Page evaluate(const JobQuery& query, const data::Snapshot& snapshot, std::optional<First> forced) {
  return Evaluation(query, snapshot, forced).page();
}

Totals count(const JobQuery& query, const data::Snapshot& snapshot, Visits* visits) {
  Evaluation evaluation(query, snapshot);
  const auto totals = evaluation.find(Evaluation::only_totals);
  if (visits) visits->nodes += evaluation.visits().nodes, visits->rows += evaluation.visits().rows;
  return totals;
}

std::vector<Row> matching_rows(const JobQuery& query, const data::Snapshot& snapshot, RowRange range) {
  std::vector<Row> rows;
  Matches(query, snapshot, range).each_row(range, [&](Row row) { rows.push_back(row); });
  return rows;
}

}  // namespace jobmap::query
