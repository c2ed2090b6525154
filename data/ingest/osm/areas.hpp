#pragma once
// The areas of an extract that are drawn: water, and the districts of one admin_level, put together from the
// ways that go round them.
//
//   Areas areas(rules);
//   areas.way(id, nodes, tags);                                          // and relation(): the whole extract
//   if (areas.wants_ways()) osm::read(path, areas.second_reading());     // the ways of relations seen since
//   areas.assemble([&](std::int64_t node) { return extract.place_of(node); });
//   for (const Area& a : areas.found()) use(a.is_district, a.name, a.geometry);
//
// Relations come last in a file and their ways mostly have no tags of their own, so those are read again
// rather than all kept. Rings are closed where a walk along the ways comes back to a node it has been at;
// `outer` and no role are outer rings, `inner` holes of the smallest outer ring they lie in. An area with an
// open ring (the extract cuts it off), or one that GEOS finds not valid, is left out and counted.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/ingest/osm/reader.hpp"
#include "data/ingest/osm/street_rules.hpp"
#include "geo/geometry.hpp"

namespace jobmap::data::osm {

struct Area {
  std::string osm;  // way/123, relation/7
  bool is_district = false;
  std::string name, kind, code;  // kind: the value that makes it water; code: of a district, "" for none
  geo::MultiPolygon geometry;
};

class Areas {
 public:
  using PlaceOf = std::function<std::optional<geo::PointE7>(std::int64_t node)>;

  explicit Areas(const StreetRules& rules) : rules_(rules), ways_(*this) {}

  void way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags);
  void relation(std::int64_t id, std::span<const Member> members, Tags tags);
  bool wants_ways() const { return !member_ways_.empty(); }
  // The nodes of a way of another's relation, which the second reading finds; none where it isn't there.
  void want_way(std::int64_t id) { member_ways_[id]; }
  const std::vector<std::int64_t>& nodes_of(std::int64_t way) const { return member_ways_.at(way); }
  Sink& second_reading() { return ways_; }
  void assemble(const PlaceOf& place_of);

  const std::vector<Area>& found() const { return found_; }
  std::size_t left_out() const { return left_out_; }

 private:
  using Nodes = std::vector<std::int64_t>;
  struct Wanted {
    Area area;
    std::vector<std::int64_t> outer, inner;  // ways
    Nodes ring;                              // of a closed way, instead
  };
  class Ways : public Sink {
   public:
    explicit Ways(Areas& areas) : areas_(areas) {}
    void node(std::int64_t, geo::PointE7, Tags) override {}
    void way(std::int64_t id, std::span<const std::int64_t> nodes, Tags) override;
    void relation(std::int64_t, std::span<const Member>, Tags) override {}

   private:
    Areas& areas_;
  };

  std::optional<Area> wanted(Tags tags, bool relation) const;
  std::optional<std::vector<geo::Ring>> rings(const std::vector<std::int64_t>& ways,
                                              const PlaceOf& place_of) const;
  std::optional<geo::MultiPolygon> geometry(const Wanted& w, const PlaceOf& place_of) const;

  const StreetRules& rules_;
  Ways ways_;
  std::vector<Wanted> wanted_;
  std::map<std::int64_t, Nodes> member_ways_;
  std::vector<Area> found_;
  std::size_t left_out_ = 0;
};

// The rings that ways make end to end, each closed, as nodes; nothing where one stays open. For tests.
std::optional<std::vector<std::vector<std::int64_t>>> close_rings(
    const std::vector<std::vector<std::int64_t>>& ways);

}  // namespace jobmap::data::osm
