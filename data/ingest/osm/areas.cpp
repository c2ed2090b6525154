#include "data/ingest/osm/areas.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "geo/polygon.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::data::osm {
namespace {

using Nodes = std::vector<std::int64_t>;

std::optional<geo::Ring> drawn(const Nodes& nodes, const Areas::PlaceOf& place_of) {
  geo::Ring ring;
  std::optional<geo::PointE7> last;
  for (const auto node : nodes) {
    const auto at = place_of(node);
    if (!at) return std::nullopt;
    if (at != last) ring.push_back(geo::to_lonlat(*at));
    last = at;
  }
  if (ring.size() < 4) return std::nullopt;
  return ring;
}

struct Outer {
  geo::PolygonIndex index;
  double area;
  std::size_t polygon;
};

// The area on the map, good enough to compare rings.
double extent(const geo::Ring& ring) {
  double doubled = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    doubled += ring[i].lon * ring[i + 1].lat - ring[i + 1].lon * ring[i].lat;
  return std::abs(doubled);
}

// A hole may touch its outer ring in nodes, so it is one of its other nodes that tells.
bool lies_in(const geo::Ring& hole, const geo::PolygonIndex& outer) {
  for (const auto& p : hole)
    if (const auto place = outer.locate(geo::to_e7(p)); place != geo::Place::edge)
      return place == geo::Place::inside;
  return false;
}

std::optional<geo::MultiPolygon> nested(std::vector<geo::Ring> outer_rings, std::vector<geo::Ring> holes) {
  geo::MultiPolygon area;
  std::vector<Outer> outers;
  for (auto& ring : outer_rings) {
    outers.push_back({geo::PolygonIndex({{ring}}), extent(ring), area.size()});
    area.push_back({std::move(ring)});
  }
  for (auto& hole : holes) {
    const Outer* smallest = nullptr;
    for (const Outer& o : outers)
      if ((!smallest || o.area < smallest->area) && lies_in(hole, o.index)) smallest = &o;
    if (!smallest) return std::nullopt;
    area[smallest->polygon].push_back(std::move(hole));
  }
  if (area.empty() || geo::invalid_reason(area, geo::import_limits)) return std::nullopt;
  return area;
}

}  // namespace

std::optional<std::vector<Nodes>> close_rings(const std::vector<Nodes>& ways) {
  std::unordered_map<std::int64_t, std::vector<std::size_t>> at;  // the ways that end at a node
  for (std::size_t i = 0; i < ways.size(); ++i)
    if (ways[i].front() != ways[i].back()) at[ways[i].front()].push_back(i), at[ways[i].back()].push_back(i);
  std::vector<char> used(ways.size(), 0);
  std::vector<Nodes> rings;
  for (std::size_t first = 0; first < ways.size(); ++first) {
    if (std::exchange(used[first], 1)) continue;
    Nodes path = ways[first];
    if (path.front() == path.back()) {
      rings.push_back(std::move(path));
      continue;
    }
    std::vector<std::size_t> joints{0};  // in path, where ways met
    while (!joints.empty()) {
      const auto end = path.back();
      if (const auto joint =
              std::find_if(joints.begin(), joints.end(), [&](auto j) { return path[j] == end; });
          joint != joints.end()) {
        rings.emplace_back(path.begin() + static_cast<std::ptrdiff_t>(*joint), path.end());
        path.resize(*joint + 1);
        joints.erase(joint, joints.end());
        if (joints.empty()) break;
        continue;
      }
      const auto& here = at[end];
      const auto next = std::find_if(here.begin(), here.end(), [&](auto i) { return !used[i]; });
      if (next == here.end()) return std::nullopt;
      used[*next] = 1;
      joints.push_back(path.size() - 1);
      const Nodes& way = ways[*next];
      if (way.front() == end)
        path.insert(path.end(), way.begin() + 1, way.end());
      else
        path.insert(path.end(), way.rbegin() + 1, way.rend());
    }
  }
  return rings;
}

std::optional<Area> Areas::wanted(Tags tags, bool relation) const {
  Area area;
  area.name = value_of(tags, "name");
  if (rules_.is_district(tags)) {
    area.is_district = true, area.code = rules_.district_code(tags);
    return area;
  }
  if (relation && value_of(tags, "type") != "multipolygon") return std::nullopt;
  area.kind = rules_.water(tags);
  if (area.kind.empty()) return std::nullopt;
  return area;
}

void Areas::way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) {
  if (nodes.size() < 4 || nodes.front() != nodes.back()) return;
  if (auto area = wanted(tags, false)) {
    area->osm = "way/" + std::to_string(id);
    wanted_.push_back({*std::move(area), {}, {}, {nodes.begin(), nodes.end()}});
  }
}

void Areas::relation(std::int64_t id, std::span<const Member> members, Tags tags) {
  auto area = wanted(tags, true);
  if (!area) return;
  area->osm = "relation/" + std::to_string(id);
  Wanted w{*std::move(area), {}, {}, {}};
  for (const Member& m : members) {
    if (m.kind != Kind::way) continue;
    if (m.role.empty() || m.role == "outer") w.outer.push_back(m.id), member_ways_[m.id];
    if (m.role == "inner") w.inner.push_back(m.id), member_ways_[m.id];
  }
  wanted_.push_back(std::move(w));
}

void Areas::Ways::way(std::int64_t id, std::span<const std::int64_t> nodes, Tags) {
  if (const auto it = areas_.member_ways_.find(id); it != areas_.member_ways_.end())
    it->second.assign(nodes.begin(), nodes.end());
}

std::optional<std::vector<geo::Ring>> Areas::rings(const std::vector<std::int64_t>& ways,
                                                   const PlaceOf& place_of) const {
  std::vector<Nodes> parts;
  for (const auto id : ways) {
    const Nodes& nodes = member_ways_.at(id);
    if (nodes.size() < 2) return std::nullopt;  // beyond the edge of the extract
    parts.push_back(nodes);
  }
  const auto closed = close_rings(parts);
  if (!closed) return std::nullopt;
  std::vector<geo::Ring> rings;
  for (const Nodes& nodes : *closed) {
    auto ring = drawn(nodes, place_of);
    if (!ring) return std::nullopt;
    rings.push_back(*std::move(ring));
  }
  return rings;
}

std::optional<geo::MultiPolygon> Areas::geometry(const Wanted& w, const PlaceOf& place_of) const {
  if (!w.ring.empty()) {
    auto ring = drawn(w.ring, place_of);
    if (!ring) return std::nullopt;
    return nested({*std::move(ring)}, {});
  }
  auto outer = rings(w.outer, place_of), inner = rings(w.inner, place_of);
  if (!outer || !inner) return std::nullopt;
  return nested(*std::move(outer), *std::move(inner));
}

void Areas::assemble(const PlaceOf& place_of) {
  for (Wanted& w : wanted_) {
    auto area = geometry(w, place_of);
    if (!area) {
      ++left_out_;
      continue;
    }
    found_.push_back(std::move(w.area));
    found_.back().geometry = *std::move(area);
  }
  wanted_.clear();
}

}  // namespace jobmap::data::osm
