#pragma once
// What is kept of an extract while it is read, and the street network made of it.
//
//   Extract extract(rules);
//   osm::read(path, extract);
//   geo::StreetNetwork network = extract.streets();        // in Hilbert order, for a StreetGraph
//   for (const Entrance& e : extract.entrances()) ...
//
// Areas that are drawn are kept apart (data/osm/areas.hpp). Kept are the place of every node (16 bytes each)
// and the nodes of the ways that are open to walkers or cyclists. A junction is where ways meet, end or are
// barred; the nodes between are the shape of an edge. A way that the extract cuts off ends where its nodes
// do, and missing() counts them. Nodes may come in any order, after their ways, or with them.
#include <cstdint>
#include <string>
#include <vector>

#include "data/osm/areas.hpp"
#include "data/osm/reader.hpp"
#include "data/osm/street_rules.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data::osm {

struct Entrance {
  std::int64_t node;
  std::string name;  // A, C2: its ref, else its name
  geo::PointE7 at;
};
// A stop area's entrances and its name, which is a station's.
struct StopArea {
  std::string name;
  std::vector<std::int64_t> nodes;
};

class Extract : public Sink {
 public:
  explicit Extract(const StreetRules& rules) : rules_(rules), areas_(rules) {}

  void node(std::int64_t id, geo::PointE7 at, Tags tags) override;
  void place(std::int64_t node, geo::PointE7 at) override;
  void way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) override;
  void relation(std::int64_t id, std::span<const Member> members, Tags tags) override;

  // Once, at the end.
  geo::StreetNetwork streets();
  // After that.
  std::optional<geo::PointE7> place_of(std::int64_t node) const;

  const std::vector<Entrance>& entrances() const { return entrances_; }
  const std::vector<StopArea>& stop_areas() const { return stop_areas_; }
  struct Missing {
    std::uint64_t nodes = 0, of = 0;  // of the nodes that streets name, each time
  };
  const Missing& missing() const { return missing_; }
  std::uint64_t nodes_read() const { return nodes_read_; }
  std::uint64_t ways_read() const { return ways_read_; }
  Areas& areas() { return areas_; }

 private:
  struct Place {
    std::int64_t id;
    geo::PointE7 at;
  };
  struct Barred {
    std::int64_t node;
    std::uint8_t bits;
  };
  struct Way {
    std::size_t begin, end;  // of refs_
    Passage passage;
  };
  static constexpr std::uint32_t missing_place = 0xFFFFFFFF;

  std::uint32_t index_of(std::int64_t id, std::uint32_t guess) const;
  void resolve();
  void add_way(const Way& way, std::vector<std::uint32_t>& junction, geo::StreetNetwork& out) const;
  void add_edge(std::size_t begin, std::size_t end, const Passage& passage, double way_metres,
                std::vector<std::uint32_t>& junction, geo::StreetNetwork& out) const;
  double metres(std::size_t begin, std::size_t end) const;

  const StreetRules& rules_;
  Areas areas_;
  std::vector<Place> places_;
  bool places_by_ways_ = false;  // a node may be there several times
  std::vector<std::int64_t> refs_;
  std::vector<std::uint32_t> at_;     // of each ref: its place, or missing_place
  std::vector<std::uint8_t> used_;    // of each place: by how many ways, 2 for more; an end counts twice
  std::vector<std::uint8_t> closed_;  // of each place: bits it bars
  std::vector<Way> ways_;
  std::vector<Barred> barred_;
  std::vector<Entrance> entrances_;
  std::vector<StopArea> stop_areas_;
  Missing missing_;
  std::uint64_t nodes_read_ = 0, ways_read_ = 0;
};

}  // namespace jobmap::data::osm
