// Extract makes the network of the ways it has kept: barriers close, squares are crossed, pieces of street
// become edges.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <unordered_map>

#include "data/ingest/osm/extract.hpp"
#include "geo/distance.hpp"

namespace jobmap::data::osm {

using geo::StreetEdge;

namespace {

double angle_of(geo::PointE7 from, geo::PointE7 to) {
  return std::atan2(static_cast<double>(to.lat) - from.lat, static_cast<double>(to.lon) - from.lon);
}

// The sector between the arms that a direction lies in; nothing along an arm.
std::optional<std::size_t> sector(const std::vector<double>& arms, double angle) {
  std::size_t before = 0;
  for (const double arm : arms) {
    if (arm == angle) return std::nullopt;
    before += arm < angle;
  }
  return before % arms.size();
}

// A place as the walls and streets of a level meet it.
std::uint64_t meeting(std::uint32_t place, int level) {
  return std::uint64_t{place} << 32 | static_cast<std::uint32_t>(level);
}

}  // namespace

// A node that a wall and a street share, where the street comes from one side of the wall and goes on on the
// other, lets nobody through, unless the node says what is there: a gate, an entrance.
void Extract::close_at_walls() {
  if (walls_.empty()) return;
  std::vector<std::int64_t> open_ids = openings_;
  std::sort(open_ids.begin(), open_ids.end());
  std::unordered_map<std::uint64_t, std::vector<double>> arms;  // to the next nodes of the walls
  for (const Wall& wall : walls_)
    for (auto i = wall.begin; i < wall.end; ++i) {
      const auto here = wall_at_[i];
      if (here == missing_place || !used_[here] ||
          std::binary_search(open_ids.begin(), open_ids.end(), places_[here].id))
        continue;
      for (const auto next : {i > wall.begin ? wall_at_[i - 1] : missing_place,
                              i + 1 < wall.end ? wall_at_[i + 1] : missing_place})
        if (next != missing_place && next != here)
          arms[meeting(here, wall.level)].push_back(angle_of(places_[here].at, places_[next].at));
    }
  std::erase_if(arms, [](const auto& entry) { return entry.second.size() < 2; });
  for (const auto& [here, found] : arms) used_[here >> 32] |= walled;

  std::unordered_map<std::uint64_t, std::size_t> side;  // the one that streets were seen on
  for (const Way& way : ways_)
    for (auto i = way.begin; i < way.end; ++i) {
      const auto here = at_[i];
      if (here == missing_place || !(used_[here] & walled)) continue;
      const auto walls = arms.find(meeting(here, way.level));
      if (walls == arms.end()) continue;
      for (const auto next :
           {i > way.begin ? at_[i - 1] : missing_place, i + 1 < way.end ? at_[i + 1] : missing_place}) {
        if (next == missing_place || next == here) continue;
        const auto at = sector(walls->second, angle_of(places_[here].at, places_[next].at));
        if (!at) continue;
        if (side.emplace(walls->first, *at).first->second == *at || closed_[here]) continue;
        closed_[here] = StreetEdge::walk | StreetEdge::bike;
        ++closed_by_walls_;
      }
    }
  for (const auto& [here, found] : arms) {
    const auto place = static_cast<std::uint32_t>(here >> 32);
    used_[place] &= static_cast<std::uint8_t>(~walled);
    if (closed_[place]) use(place, 2);
  }
}

Squares Extract::squares() const {
  std::vector<Squares::End> ends;
  for (const Way& way : ways_)
    for (const auto i : {way.begin, way.end - 1})
      if (at_[i] != missing_place && used_[at_[i]] == 2 && !(way.passage.access & StreetEdge::afloat))
        ends.push_back({places_[at_[i]].at, at_[i], way.level});
  std::vector<Squares::Wall> pieces;
  for (const Wall& wall : walls_)
    for (auto i = wall.begin; i + 1 < wall.end; ++i)
      if (const auto a = wall_at_[i], b = wall_at_[i + 1]; a != missing_place && b != missing_place && a != b)
        pieces.push_back({places_[a].at, places_[b].at, a, b, wall.level});
  return {std::move(ends), std::move(pieces)};
}

void Extract::cross_squares() {
  if (open_ways_.empty()) return;
  const Squares all = squares();
  const auto is_door = [&](std::uint32_t place) { return used_[place] >= 2; };
  const auto place_at = [&](std::uint32_t place) { return places_[place].at; };
  for (const OpenWay& open : open_ways_) {
    if (open.rings.empty()) continue;  // counted as cut off
    Square square{{}, open.passage, open.level};
    bool whole = true;
    for (const auto& [begin, end] : open.rings) {
      auto& ring = square.rings.emplace_back();
      for (auto i = begin; i + 1 < end; ++i) {
        whole = whole && at_[i] != missing_place;
        if (whole && (ring.empty() || places_[ring.back()].at != places_[at_[i]].at)) ring.push_back(at_[i]);
      }
      if (whole && ring.size() > 1 && places_[ring.front()].at == places_[ring.back()].at) ring.pop_back();
    }
    if (!whole) {
      ++squares_cut_off_;
      continue;
    }
    const auto lines = all.across(square, is_door, place_at);
    squares_crossed_ += !lines.empty();
    for (const Line& line : lines) crossings_.push_back({line, open.passage});
  }
  for (const Crossing& c : crossings_) {
    use(c.line.from, 2);
    use(c.line.to, 2);
  }
}

class Extract::Network {
 public:
  explicit Network(const Extract& extract) : e_(extract), junction_(e_.places_.size(), missing_place) {}

  void add(const Way& way) {
    const double way_metres = way.passage.access & StreetEdge::afloat ? metres(way.begin, way.end) : 0;
    for (auto begin = way.begin; begin + 1 < way.end;) {
      if (at(begin) == missing_place) {
        ++begin;
        continue;
      }
      auto last = begin + 1;
      while (last < way.end && at(last) != missing_place && e_.used_[at(last)] < 2) ++last;
      if (last < way.end && at(last) != missing_place) add_piece(begin, last + 1, way.passage, way_metres);
      begin = last;
    }
  }

  void add(const Crossing& c) {
    auto access = c.passage.access;
    if (access & StreetEdge::walk) access |= StreetEdge::walk;  // whatever the direction of its outline
    if (access & StreetEdge::bike) access |= StreetEdge::bike;
    access &= static_cast<std::uint8_t>(~(e_.closed_[c.line.from] | e_.closed_[c.line.to]));
    if (!(access & (StreetEdge::walk | StreetEdge::bike))) return;
    const double m = geo::distance_m(lonlat(c.line.from), lonlat(c.line.to));
    push(number(c.line.from), number(c.line.to), m * c.passage.factor, access);
  }

  geo::StreetNetwork take() {
    out_.shape_begin.push_back(static_cast<std::uint32_t>(out_.shape.size()));
    if (out_.shape.empty()) out_.shape_begin.clear();
    return std::move(out_);
  }

 private:
  std::uint32_t at(std::size_t i) const { return e_.at_[i]; }
  geo::LonLat lonlat(std::uint32_t place) const { return geo::to_lonlat(e_.places_[place].at); }

  double metres(std::size_t begin, std::size_t end) const {
    double sum = 0;
    for (auto i = begin; i + 1 < end; ++i)
      if (at(i) != missing_place && at(i + 1) != missing_place)
        sum += geo::distance_m(lonlat(at(i)), lonlat(at(i + 1)));
    return sum;
  }

  std::uint32_t number(std::uint32_t place) {
    if (junction_[place] == missing_place) junction_[place] = new_node(place);
    return junction_[place];
  }
  std::uint32_t new_node(std::uint32_t place) {
    out_.nodes.push_back(e_.places_[place].at);
    return static_cast<std::uint32_t>(out_.nodes.size() - 1);
  }

  void push(std::uint32_t from, std::uint32_t to, double length_m, std::uint8_t open) {
    const double mm = std::round(length_m * 1000);
    if (mm > std::numeric_limits<std::uint32_t>::max())
      throw std::runtime_error("has a street longer than the earth");
    out_.edges.push_back({from, to, static_cast<std::uint32_t>(mm), open});
    out_.shape_begin.push_back(static_cast<std::uint32_t>(out_.shape.size()));
  }

  // Refs [begin, end), whose first and last are junctions and nothing between is.
  void add_piece(std::size_t begin, std::size_t end, const Passage& passage, double way_metres) {
    const auto first = at(begin), last = at(end - 1);
    constexpr std::uint8_t modes = StreetEdge::walk | StreetEdge::bike;
    auto access = static_cast<std::uint8_t>(passage.access & ~(e_.closed_[first] | e_.closed_[last]));
    // Up to a barrier that closes all of a street one may go: it ends there, and nothing else does.
    const bool barred = !(access & modes);
    if (barred) access = passage.access;
    const auto end_at = [&](std::uint32_t place) {
      return barred && e_.closed_[place] ? new_node(place) : number(place);
    };
    const double m = metres(begin, end);
    const auto add = [&](std::uint8_t open, double length_m) {
      const auto from = end_at(first), to = end_at(last);
      push(from, to, length_m, open);
      for (auto i = begin + 1; i + 1 < end; ++i) out_.shape.push_back(e_.places_[at(i)].at);
    };
    if (!(access & StreetEdge::afloat)) return add(access, m * passage.factor);
    // A crossing is as long as what one would walk, or ride, in its time: an edge for each.
    const auto& rules = e_.rules_;
    const double minutes =
        passage.minutes.value_or(way_metres * 0.06 / rules.ferry_kmh) + rules.ferry_wait_minutes;
    const double share = way_metres > 0 ? m / way_metres : 1;
    if (access & StreetEdge::walk) add(access & ~StreetEdge::bike, minutes * share * rules.walk_kmh / 0.06);
    if (access & StreetEdge::bike) add(access & ~StreetEdge::walk, minutes * share * rules.bike_kmh / 0.06);
  }

  const Extract& e_;
  std::vector<std::uint32_t> junction_;  // of each place: its node, or missing_place
  geo::StreetNetwork out_;
};

geo::StreetNetwork Extract::streets() {
  resolve();
  Network network(*this);
  for (const Way& way : ways_) network.add(way);
  for (const Crossing& c : crossings_) network.add(c);
  finish_entrances();
  return geo::hilbert_ordered(network.take());
}

}  // namespace jobmap::data::osm
