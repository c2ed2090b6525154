#include "data/osm/extract.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "geo/distance.hpp"

namespace jobmap::data::osm {

using geo::StreetEdge;

void Extract::node(std::int64_t id, geo::PointE7 at, Tags tags) {
  ++nodes_read_;
  places_.push_back({id, at});
  if (tags.empty()) return;
  if (const auto bits = rules_.closed_to(tags)) barred_.push_back({id, bits});
  if (value_of(tags, "railway") == "subway_entrance" && value_of(tags, "access") != "no" &&
      value_of(tags, "entrance") != "emergency") {
    const auto ref = value_of(tags, "ref");
    entrances_.push_back({id, std::string(ref.empty() ? value_of(tags, "name") : ref), at});
  }
}

void Extract::place(std::int64_t node, geo::PointE7 at) {
  places_by_ways_ = true;
  places_.push_back({node, at});
}

void Extract::way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) {
  ++ways_read_;
  areas_.way(id, nodes, tags);
  if (nodes.size() < 2) return;
  const Passage passage = rules_.way(tags);
  if (!passage.access) return;
  ways_.push_back({refs_.size(), refs_.size() + nodes.size(), passage});
  refs_.insert(refs_.end(), nodes.begin(), nodes.end());
}

void Extract::relation(std::int64_t id, std::span<const Member> members, Tags tags) {
  areas_.relation(id, members, tags);
  if (value_of(tags, "public_transport") != "stop_area") return;
  StopArea area{std::string(value_of(tags, "name")), {}};
  for (const Member& m : members)
    if (m.kind == Kind::node) area.nodes.push_back(m.id);
  if (!area.name.empty() && !area.nodes.empty()) stop_areas_.push_back(std::move(area));
}

// Nodes of a way tend to follow each other in the file too, so the place after the last is looked at first.
std::uint32_t Extract::index_of(std::int64_t id, std::uint32_t guess) const {
  if (guess < places_.size() && places_[guess].id == id) return guess;
  const auto it = std::lower_bound(places_.begin(), places_.end(), id,
                                   [](const Place& p, std::int64_t wanted) { return p.id < wanted; });
  return it != places_.end() && it->id == id ? static_cast<std::uint32_t>(it - places_.begin())
                                             : missing_place;
}

std::optional<geo::PointE7> Extract::place_of(std::int64_t node) const {
  const auto place = index_of(node, 0);
  if (place == missing_place) return std::nullopt;
  return places_[place].at;
}

void Extract::resolve() {
  const auto by_id = [](const Place& a, const Place& b) { return a.id < b.id; };
  if (!std::is_sorted(places_.begin(), places_.end(), by_id))
    std::stable_sort(places_.begin(), places_.end(), by_id);
  if (places_by_ways_)
    places_.erase(std::unique(places_.begin(), places_.end(),
                              [](const Place& a, const Place& b) { return a.id == b.id; }),
                  places_.end());
  if (places_.size() >= missing_place) throw std::runtime_error("has more nodes than can be read");
  at_.resize(refs_.size());
  std::uint32_t guess = 0;
  for (std::size_t i = 0; i < refs_.size(); ++i) {
    at_[i] = index_of(refs_[i], guess);
    if (at_[i] != missing_place) guess = at_[i] + 1;
  }
  refs_ = {};
  missing_.of = at_.size();
  missing_.nodes = static_cast<std::uint64_t>(std::count(at_.begin(), at_.end(), missing_place));
  used_.assign(places_.size(), 0);
  closed_.assign(places_.size(), 0);
  const auto use = [&](std::uint32_t place, int times) {
    used_[place] = static_cast<std::uint8_t>(std::min(2, used_[place] + times));
  };
  for (const Way& way : ways_)
    for (auto i = way.begin; i < way.end; ++i) {
      if (at_[i] == missing_place) continue;
      const bool end =
          i == way.begin || i + 1 == way.end || at_[i - 1] == missing_place || at_[i + 1] == missing_place;
      use(at_[i], end ? 2 : 1);
    }
  for (const Barred& b : barred_)
    if (const auto place = index_of(b.node, 0); place != missing_place)
      closed_[place] |= b.bits, use(place, 2);
}

double Extract::metres(std::size_t begin, std::size_t end) const {
  double sum = 0;
  for (auto i = begin; i + 1 < end; ++i)
    if (at_[i] != missing_place && at_[i + 1] != missing_place)
      sum += geo::distance_m(geo::to_lonlat(places_[at_[i]].at), geo::to_lonlat(places_[at_[i + 1]].at));
  return sum;
}

// Refs [begin, end), whose first and last are junctions and nothing between is.
void Extract::add_edge(std::size_t begin, std::size_t end, const Passage& passage, double way_metres,
                       std::vector<std::uint32_t>& junction, geo::StreetNetwork& out) const {
  const auto number = [&](std::uint32_t place) {
    if (junction[place] == missing_place) {
      junction[place] = static_cast<std::uint32_t>(out.nodes.size());
      out.nodes.push_back(places_[place].at);
    }
    return junction[place];
  };
  const auto first = at_[begin], last = at_[end - 1];
  const auto access = static_cast<std::uint8_t>(passage.access & ~(closed_[first] | closed_[last]));
  if (!(access & (StreetEdge::walk | StreetEdge::bike))) return;
  const double m = metres(begin, end);
  const auto add = [&](std::uint8_t open, double length_m) {
    const double mm = std::round(length_m * 1000);
    if (mm > std::numeric_limits<std::uint32_t>::max())
      throw std::runtime_error("has a street longer than the earth");
    out.edges.push_back({number(first), number(last), static_cast<std::uint32_t>(mm), open});
    out.shape_begin.push_back(static_cast<std::uint32_t>(out.shape.size()));
    for (auto i = begin + 1; i + 1 < end; ++i) out.shape.push_back(places_[at_[i]].at);
  };
  if (!(access & StreetEdge::afloat)) return add(access, m * passage.factor);
  // A crossing is as long as what one would walk, or ride, in its time: an edge for each.
  const double minutes =
      passage.minutes.value_or(way_metres * 0.06 / rules_.ferry_kmh) + rules_.ferry_wait_minutes;
  const double share = way_metres > 0 ? m / way_metres : 1;
  if (access & StreetEdge::walk) add(access & ~StreetEdge::bike, minutes * share * rules_.walk_kmh / 0.06);
  if (access & StreetEdge::bike) add(access & ~StreetEdge::walk, minutes * share * rules_.bike_kmh / 0.06);
}

void Extract::add_way(const Way& way, std::vector<std::uint32_t>& junction, geo::StreetNetwork& out) const {
  const double way_metres = way.passage.access & StreetEdge::afloat ? metres(way.begin, way.end) : 0;
  for (auto begin = way.begin; begin + 1 < way.end;) {
    if (at_[begin] == missing_place) {
      ++begin;
      continue;
    }
    auto last = begin + 1;
    while (last < way.end && at_[last] != missing_place && used_[at_[last]] < 2) ++last;
    if (last < way.end && at_[last] != missing_place)
      add_edge(begin, last + 1, way.passage, way_metres, junction, out);
    begin = last;
  }
}

geo::StreetNetwork Extract::streets() {
  resolve();
  geo::StreetNetwork network;
  std::vector<std::uint32_t> junction(places_.size(), missing_place);
  for (const Way& way : ways_) add_way(way, junction, network);
  network.shape_begin.push_back(static_cast<std::uint32_t>(network.shape.size()));
  if (network.shape.empty()) network.shape_begin.clear();
  return geo::hilbert_ordered(std::move(network));
}

}  // namespace jobmap::data::osm
