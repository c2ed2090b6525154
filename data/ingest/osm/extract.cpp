#include "data/ingest/osm/extract.hpp"

#include <algorithm>
#include <stdexcept>

namespace jobmap::data::osm {
namespace {

std::string sign_of(Tags tags) {
  const auto ref = value_of(tags, "ref");
  return std::string(ref.empty() ? value_of(tags, "name") : ref);
}

bool is_closed_way(std::span<const std::int64_t> nodes) {
  return nodes.size() >= 4 && nodes.front() == nodes.back();
}

}  // namespace

void Extract::node(std::int64_t id, geo::PointE7 at, Tags tags) {
  ++nodes_read_;
  places_.push_back({id, at});
  if (!rules_.may_stand_apart(tags)) return;
  if (const auto bits = rules_.closed_to(tags)) barred_.push_back({id, bits});
  const bool opening = rules_.is_opening(tags), entrance = rules_.is_entrance(tags);
  if (opening) openings_.push_back(id);
  if ((opening || entrance) && StreetRules::has_hours(tags)) ++with_hours_;
  if (entrance) entrances_.push_back({Kind::node, id, sign_of(tags), at});
  if (!entrance && rules_.may_be_entrance(tags)) doors_.insert({id, {Kind::node, id, sign_of(tags), at}});
  keep_station(Kind::node, id, tags);
}

void Extract::place(std::int64_t node, geo::PointE7 at) {
  places_by_ways_ = true;
  places_.push_back({node, at});
}

void Extract::way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) {
  ++ways_read_;
  areas_.way(id, nodes, tags);
  if (nodes.size() < 2 || tags.empty()) return;
  if (rules_.may_stand_apart(tags)) keep_apart(id, nodes, tags);
  const Passage passage = rules_.way(tags);
  const bool is_street = passage.access || !value_of(tags, "highway").empty();
  if (is_street && StreetRules::has_hours(tags)) ++with_hours_;
  if (!passage.access) return;
  const int level = StreetRules::level(tags);
  ways_.push_back({refs_.size(), refs_.size() + nodes.size(), passage, level});
  if (is_closed_way(nodes) && rules_.is_area(tags))
    open_ways_.push_back({{{refs_.size(), refs_.size() + nodes.size()}}, {}, {}, passage, level});
  refs_.insert(refs_.end(), nodes.begin(), nodes.end());
}

// Takes a way that is a station, an entrance or a wall, and no street.
void Extract::keep_apart(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) {
  keep_station(Kind::way, id, tags);
  if (rules_.is_entrance(tags)) entrance_ways_.push_back({id, sign_of(tags), {nodes.begin(), nodes.end()}});
  keep_wall(nodes, tags);
}

// A line across which nobody gets; and of any other barrier the nodes, through which one does.
void Extract::keep_wall(std::span<const std::int64_t> nodes, Tags tags) {
  if (value_of(tags, "barrier").empty()) return;
  if (!rules_.is_wall(tags)) {
    if (value_of(tags, "barrier").ends_with("gate"))
      openings_.insert(openings_.end(), nodes.begin(), nodes.end());
    return;
  }
  walls_.push_back({wall_refs_.size(), wall_refs_.size() + nodes.size(), StreetRules::level(tags)});
  wall_refs_.insert(wall_refs_.end(), nodes.begin(), nodes.end());
}

void Extract::keep_station(Kind kind, std::int64_t id, Tags tags) {
  const bool is_station = std::any_of(tags.begin(), tags.end(), [](const Tag& t) {
    if (t.key == "railway") return t.value == "station" || t.value == "halt";
    return (t.key == "station" && t.value == "subway") ||
           (t.key == "public_transport" && t.value == "station");
  });
  if (!is_station) return;
  if (const auto name = value_of(tags, "name"); !name.empty()) station_names_[{kind, id}] = name;
}

void Extract::relation(std::int64_t id, std::span<const Member> members, Tags tags) {
  areas_.relation(id, members, tags);
  const auto type = value_of(tags, "type");
  if (value_of(tags, "public_transport") == "stop_area") keep_stop_area(members, tags);
  if (type != "multipolygon") return;
  const Passage passage = rules_.way(tags);
  if (!passage.access || value_of(tags, "area") == "no") return;
  OpenWay open{{}, {}, {}, passage, StreetRules::level(tags)};
  for (const Member& m : members) {
    if (m.kind != Kind::way) continue;
    if (m.role.empty() || m.role == "outer") open.outer.push_back(m.id);
    if (m.role == "inner") open.inner.push_back(m.id);
    if (m.role.empty() || m.role == "outer" || m.role == "inner") areas_.want_way(m.id);
  }
  open_ways_.push_back(std::move(open));
}

// A stop area is named by itself, or after the station that is its member.
void Extract::keep_stop_area(std::span<const Member> members, Tags tags) {
  StopArea area;
  for (const auto key : {"name", "name:zh", "official_name", "alt_name", "name:en"})
    if (const auto name = value_of(tags, key); !name.empty()) area.names.emplace_back(name);
  for (const Member& m : members) {
    if (m.kind == Kind::relation) continue;
    if (const auto station = station_names_.find({m.kind, m.id}); station != station_names_.end())
      area.names.push_back(station->second);
    if (const auto door = doors_.find(m.id); m.kind == Kind::node && door != doors_.end()) {
      entrances_.push_back(std::move(door->second));
      doors_.erase(door);
    }
    area.members.push_back({m.kind, m.id, {}});
  }
  if (!area.names.empty() && !area.members.empty()) stop_areas_.push_back(std::move(area));
}

// Nodes of a way tend to follow each other in the file too, so the place after the last is looked at first.
std::uint32_t Extract::index_of(std::int64_t id, std::uint32_t guess) const {
  if (guess < places_.size() && places_[guess].id == id) return guess;
  const auto it = std::lower_bound(places_.begin(), places_.end(), id,
                                   [](const Place& p, std::int64_t wanted) { return p.id < wanted; });
  return it != places_.end() && it->id == id ? static_cast<std::uint32_t>(it - places_.begin())
                                             : missing_place;
}

std::vector<std::uint32_t> Extract::indices_of(const std::vector<std::int64_t>& ids) const {
  std::vector<std::uint32_t> indices(ids.size());
  std::uint32_t guess = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    indices[i] = index_of(ids[i], guess);
    if (indices[i] != missing_place) guess = indices[i] + 1;
  }
  return indices;
}

std::optional<geo::PointE7> Extract::place_of(std::int64_t node) const {
  const auto place = index_of(node, 0);
  if (place == missing_place) return std::nullopt;
  return places_[place].at;
}

void Extract::sort_places() {
  const auto by_id = [](const Place& a, const Place& b) { return a.id < b.id; };
  if (!std::is_sorted(places_.begin(), places_.end(), by_id))
    std::stable_sort(places_.begin(), places_.end(), by_id);
  if (places_by_ways_)
    places_.erase(std::unique(places_.begin(), places_.end(),
                              [](const Place& a, const Place& b) { return a.id == b.id; }),
                  places_.end());
  if (places_.size() >= missing_place) throw std::runtime_error("has more nodes than can be read");
}

// The outlines of a relation are walked along too, as that of a closed way is.
void Extract::add_ring_ways() {
  for (OpenWay& open : open_ways_) {
    if (!open.rings.empty()) continue;
    std::vector<std::vector<std::int64_t>> parts;
    bool whole = !open.outer.empty();
    for (const auto* ids : {&open.outer, &open.inner})
      for (const auto id : *ids) {
        parts.push_back(areas_.nodes_of(id));
        whole = whole && parts.back().size() >= 2;
      }
    const auto rings = whole ? close_rings(parts) : std::nullopt;
    if (!rings) {
      ++squares_cut_off_;
      continue;
    }
    for (const auto& ring : *rings) {
      ways_.push_back({refs_.size(), refs_.size() + ring.size(), open.passage, open.level});
      open.rings.emplace_back(refs_.size(), refs_.size() + ring.size());
      refs_.insert(refs_.end(), ring.begin(), ring.end());
    }
  }
}

void Extract::resolve() {
  sort_places();
  add_ring_ways();
  at_ = indices_of(refs_);
  refs_ = {};
  wall_at_ = indices_of(wall_refs_);
  wall_refs_ = {};
  missing_.of = at_.size();
  missing_.nodes = static_cast<std::uint64_t>(std::count(at_.begin(), at_.end(), missing_place));
  count_uses();
  close_at_walls();
  cross_squares();
}

void Extract::use(std::uint32_t place, int times) {
  used_[place] = static_cast<std::uint8_t>(std::min<int>(most_uses, used_[place] + times));
}

void Extract::count_uses() {
  used_.assign(places_.size(), 0);
  closed_.assign(places_.size(), 0);
  for (const Way& way : ways_)
    for (auto i = way.begin; i < way.end; ++i) {
      if (at_[i] == missing_place) continue;
      const bool end =
          i == way.begin || i + 1 == way.end || at_[i - 1] == missing_place || at_[i + 1] == missing_place;
      use(at_[i], end ? 2 : 1);
    }
  for (const Barred& b : barred_)
    if (const auto place = index_of(b.node, 0); place != missing_place) {
      closed_[place] |= b.bits;
      use(place, 2);
    }
}

// The middle of what is drawn of an entrance that isn't a node.
void Extract::finish_entrances() {
  for (const EntranceWay& way : entrance_ways_) {
    std::int64_t lon = 0, lat = 0, n = 0;
    const bool closed = way.nodes.front() == way.nodes.back();
    for (auto node = way.nodes.begin() + (closed ? 1 : 0); node != way.nodes.end(); ++node)
      if (const auto at = place_of(*node)) {
        lon += at->lon;
        lat += at->lat;
        ++n;
      }
    if (n == 0) continue;
    const geo::PointE7 middle{static_cast<std::int32_t>(lon / n), static_cast<std::int32_t>(lat / n)};
    entrances_.push_back({Kind::way, way.id, way.name, middle});
  }
  entrance_ways_.clear();
  doors_.clear();
}

}  // namespace jobmap::data::osm
