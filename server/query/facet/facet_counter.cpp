#include "server/query/facet/facet_counter.hpp"

#include <algorithm>
#include <cmath>

#include "data/model/time.hpp"

namespace jobmap::query {
namespace {

using data::Row;

// Yuan, by unit; every step is closed below and open above, as pay_min is.
constexpr std::array<std::array<std::int32_t, 9>, 5> pay_steps{{
    {},
    {0, 3000, 5000, 8000, 10000, 15000, 20000, 30000, 50000},  // a month
    {0, 100, 150, 200, 250, 300, 400, 500, 1000},              // a day
    {0, 15, 20, 25, 30, 40, 50, 100, 200},                     // an hour
    {0, 1, 2, 5, 10, 20, 50, 100, 500},                        // a piece
}};
constexpr std::array<std::int32_t, 5> experience_steps{0, 1, 3, 5, 10};

constexpr std::size_t max_minutes = 120;  // that a query can ask for

std::size_t step_of(const std::vector<std::int32_t>& edges, std::int32_t value) {
  std::size_t step = 0;
  while (step + 1 < edges.size() && value >= edges[step + 1]) ++step;
  return step;
}

}  // namespace

FacetCounter::FacetCounter(FacetBy by, const JobQuery& query, const data::Snapshot& snapshot)
    : by_(by), s_(snapshot), t_(*snapshot.jobs) {
  std::size_t values = 0;
  switch (by) {
    case FacetBy::category:
      values = data::category_names.size();
      break;
    case FacetBy::district:
      values = s_.districts();
      break;
    case FacetBy::station:
      values = s_.city->stations.size();
      break;
    case FacetBy::line:
      values = s_.city->lines.size();
      break;
    case FacetBy::education:
      values = data::education_names.size();
      break;
    case FacetBy::experience:
      edges_.assign(experience_steps.begin(), experience_steps.end());
      values = edges_.size();
      break;
    case FacetBy::pay:
      for (const auto yuan : pay_steps[static_cast<std::size_t>(query.pay_unit)])
        edges_.push_back(yuan * 100);
      values = edges_.size();
      break;
    case FacetBy::industry:
      values = 20;
      break;
    case FacetBy::precision:
      values = data::precision_names.size();
      break;
    case FacetBy::posted:
      prepare_days();
      values = slots_.size();
      break;
    case FacetBy::minutes:
      reaches_ = reaches_of(query, snapshot);
      values = max_minutes;
      break;
  }
  slots_.resize(values + 1);
  if (by == FacetBy::station || by == FacetBy::line) seen_.resize(values);
}

// From the oldest posting that says when to the newest.
void FacetCounter::prepare_days() {
  const auto& zone = s_.city->zone;
  const auto& rows = t_.by_published;
  const auto end =
      std::partition_point(rows.begin(), rows.end(), [&](Row row) { return t_.published[row] > 0; });
  if (end == rows.begin()) return;
  first_day_ = zone.day_of(t_.published[*(end - 1)]);
  const auto last_day = zone.day_of(t_.published[rows.front()]);
  slots_.resize(static_cast<std::size_t>(last_day - first_day_ + 1));
  one_offset_ = zone.offset_throughout(zone.begin_of_day(first_day_), zone.begin_of_day(last_day + 1));
}

std::int64_t FacetCounter::day_of(std::uint32_t published) const {
  if (!one_offset_) return s_.city->zone.day_of(published);
  // Never negative: a day more is taken off again.
  return (std::int64_t{published} + *one_offset_ + data::day_seconds) / data::day_seconds - 1;
}

// The row is in time for every place.
std::size_t FacetCounter::minute_of(Row row) const {
  double most = 0;
  for (const auto& reach : reaches_) most = std::max(most, reach->minutes(row));
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(most)), 1, max_minutes) - 1;
}

template <typename Value>
void FacetCounter::add_by(std::span<const Row> rows, Value&& value) {
  for (const Row row : rows) {
    auto& slot = slots_[value(row)];
    ++slot.ads, slot.openings += static_cast<std::uint64_t>(t_.openings[row]);
  }
}

void FacetCounter::add_near(std::span<const Row> rows) {
  for (const Row row : rows) {
    const auto openings = static_cast<std::uint64_t>(t_.openings[row]);
    bool any = false;
    const auto count = [&](std::size_t slot) {
      any = true;
      if (seen_[slot] == row + std::size_t{1}) return;
      seen_[slot] = row + std::size_t{1};
      ++slots_[slot].ads, slots_[slot].openings += openings;
    };
    if (row < t_.located)
      for (auto i = t_.station_begin[row]; i < t_.station_begin[row + 1]; ++i) {
        if (by_ == FacetBy::station)
          count(t_.station[i]);
        else
          for (const auto line : s_.city->stations[t_.station[i]].lines) count(line);
      }
    if (!any) ++slots_.back().ads, slots_.back().openings += openings;
  }
}

void FacetCounter::add(std::span<const Row> rows) {
  const std::size_t none = slots_.size() - 1;
  const auto known = [none](std::uint8_t value) { return value == 255 ? none : value; };
  counted_.ads += rows.size();
  for (const Row row : rows) counted_.openings += static_cast<std::uint64_t>(t_.openings[row]);
  switch (by_) {
    case FacetBy::category:
      return add_by(rows, [&](Row row) { return t_.category[row]; });
    case FacetBy::district:
      return add_by(rows, [&](Row row) { return known(t_.district[row]); });
    case FacetBy::station:
    case FacetBy::line:
      return add_near(rows);
    case FacetBy::education:
      return add_by(rows, [&](Row row) { return known(t_.education[row]); });
    case FacetBy::experience:
      return add_by(
          rows, [&](Row row) { return t_.experience[row] < 0 ? none : step_of(edges_, t_.experience[row]); });
    case FacetBy::pay:
      return add_by(
          rows, [&](Row row) { return t_.pay_reach[row] < 0 ? none : step_of(edges_, t_.pay_reach[row]); });
    case FacetBy::industry:
      return add_by(rows, [&](Row row) { return known(t_.industry[row]); });
    case FacetBy::precision:
      return add_by(rows, [&](Row row) { return t_.precision[row]; });
    case FacetBy::posted:
      return add_by(rows, [&](Row row) {
        return t_.published[row] == 0 ? none
                                      : static_cast<std::size_t>(day_of(t_.published[row]) - first_day_);
      });
    case FacetBy::minutes:
      return add_by(rows, [&](Row row) { return minute_of(row); });
  }
}

FacetValue FacetCounter::value(std::size_t slot) const {
  const auto& city = *s_.city;
  const auto step = [&](std::int32_t unit) {
    const auto last = slot + 1 == edges_.size() ? std::string() : std::to_string(edges_[slot + 1] / unit);
    return std::to_string(edges_[slot] / unit) + "-" + last;
  };
  switch (by_) {
    case FacetBy::category:
      return {std::string(data::category_names[slot]), {}, {}};
    case FacetBy::district:
      return {std::string(s_.district_code(slot)), std::string(s_.district_name(slot)), {}};
    case FacetBy::station:
      return {city.stations[slot].id, city.stations[slot].name, {}};
    case FacetBy::line:
      return {city.lines[slot].id, city.lines[slot].name, {}};
    case FacetBy::education:
      return {std::string(data::education_names[slot]), {}, {}};
    case FacetBy::experience: {
      const bool end = slot + 1 == edges_.size();
      const auto last = end ? 0 : edges_[slot + 1] - 1;
      if (!end && last == edges_[slot]) return {std::to_string(last), {}, {}};
      return {std::to_string(edges_[slot]) + "-" + (end ? std::string() : std::to_string(last)), {}, {}};
    }
    case FacetBy::pay:
      return {step(100), {}, {}};
    case FacetBy::industry:
      return {std::string(1, static_cast<char>('A' + slot)), {}, {}};
    case FacetBy::precision:
      return {std::string(data::precision_names[slot]), {}, {}};
    case FacetBy::posted: {
      char text[data::time_size];
      data::format_time((first_day_ + static_cast<std::int64_t>(slot)) * data::day_seconds, text);
      return {{text, 10}, {}, {}};
    }
    case FacetBy::minutes:
      return {std::to_string(slot + 1), {}, {}};
  }
  return {};
}

Facet FacetCounter::facet() const {
  Facet facet{by_, counted_, slots_.back(), {}};
  for (std::size_t slot = 0; slot + 1 < slots_.size(); ++slot) {
    if (slots_[slot].ads == 0) continue;
    facet.values.push_back(value(slot));
    facet.values.back().sums = slots_[slot];
  }
  if (by_ == FacetBy::district || by_ == FacetBy::station || by_ == FacetBy::line || by_ == FacetBy::industry)
    std::sort(facet.values.begin(), facet.values.end(), [](const FacetValue& a, const FacetValue& b) {
      return a.sums.ads != b.sums.ads ? a.sums.ads > b.sums.ads : a.id < b.id;
    });
  return facet;
}

}  // namespace jobmap::query
