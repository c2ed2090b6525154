#pragma once
// Keeps what is needed of an extract while it is read, and makes the street network of it.
//
//   Extract extract(rules);
//   osm::read(path, extract);
//   if (extract.wants_ways()) osm::read(path, extract.second_reading());   // the ways of relations
//   geo::StreetNetwork network = extract.streets();        // in Hilbert order, for a StreetGraph
//   for (const Entrance& e : extract.entrances()) use(e);
//
// Areas that are drawn are kept apart (data/ingest/osm/areas.hpp). Kept are the place of every node (16 bytes each)
// and the nodes of the ways that are open to walkers or cyclists. A junction is where ways meet, end or are
// barred; the nodes between are the shape of an edge. At a barrier that lets nobody through each street ends
// by itself. Open areas are walked across (data/ingest/osm/squares.hpp). A way that the extract cuts off ends where
// its nodes do, and missing() counts them. Nodes may come in any order, after their ways, or with them.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "data/ingest/osm/areas.hpp"
#include "data/ingest/osm/reader.hpp"
#include "data/ingest/osm/squares.hpp"
#include "data/ingest/osm/street_rules.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::data::osm {

struct Entrance {
  Kind kind;  // node or way
  std::int64_t id;
  std::string name;  // A, C2: its ref, else its name
  geo::PointE7 at;
};
// A stop area's entrances and its names, one of which is a station's.
struct StopArea {
  std::vector<std::string> names;
  std::vector<Member> members;  // nodes and ways; roles are gone
};

class Extract : public Sink {
 public:
  explicit Extract(const StreetRules& rules) : rules_(rules), areas_(rules) {}

  void node(std::int64_t id, geo::PointE7 at, Tags tags) override;
  void place(std::int64_t node, geo::PointE7 at) override;
  void way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) override;
  void relation(std::int64_t id, std::span<const Member> members, Tags tags) override;

  bool wants_ways() const { return areas_.wants_ways(); }
  Sink& second_reading() { return areas_.second_reading(); }

  // Once, at the end.
  geo::StreetNetwork streets();
  // After that.
  std::optional<geo::PointE7> place_of(std::int64_t node) const;
  const std::vector<Entrance>& entrances() const { return entrances_; }
  const std::vector<StopArea>& stop_areas() const { return stop_areas_; }

  struct Missing {
    std::uint64_t nodes = 0, of = 0;  // of the nodes that streets name, each time
    double share() const { return of ? static_cast<double>(nodes) / static_cast<double>(of) : 0; }
  };
  const Missing& missing() const { return missing_; }
  std::uint64_t nodes_read() const { return nodes_read_; }
  std::uint64_t ways_read() const { return ways_read_; }
  std::uint64_t with_hours() const { return with_hours_; }  // gates, streets, entrances: hours aren't read
  std::uint64_t squares_crossed() const { return squares_crossed_; }
  std::uint64_t squares_cut_off() const { return squares_cut_off_; }
  std::uint64_t closed_by_walls() const { return closed_by_walls_; }
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
    int level = 0;
  };
  struct Wall {
    std::size_t begin, end;  // of wall_refs_
    int level;
  };
  struct OpenWay {  // an open area: one closed way, or those of a relation
    std::vector<std::pair<std::size_t, std::size_t>> rings;  // of refs_
    std::vector<std::int64_t> outer, inner;
    Passage passage;
    int level;
  };
  struct EntranceWay {
    std::int64_t id;
    std::string name;
    std::vector<std::int64_t> nodes;
  };
  struct Crossing {
    Line line;  // places
    Passage passage;
  };
  class Network;
  static constexpr std::uint32_t missing_place = 0xFFFFFFFF;
  static constexpr std::uint8_t most_uses = 3, walled = 0x80;  // of used_

  void keep_apart(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags);
  void keep_wall(std::span<const std::int64_t> nodes, Tags tags);
  void keep_station(Kind kind, std::int64_t id, Tags tags);
  void keep_stop_area(std::span<const Member> members, Tags tags);
  std::uint32_t index_of(std::int64_t id, std::uint32_t guess) const;
  std::vector<std::uint32_t> indices_of(const std::vector<std::int64_t>& ids) const;
  void sort_places();
  void add_ring_ways();
  void resolve();
  void count_uses();
  void use(std::uint32_t place, int times);
  void close_at_walls();
  void cross_squares();
  Squares squares() const;
  void finish_entrances();

  const StreetRules& rules_;
  Areas areas_;
  std::vector<Place> places_;
  bool places_by_ways_ = false;  // a node may be there several times
  std::vector<std::int64_t> refs_, wall_refs_;
  std::vector<std::uint32_t> at_, wall_at_;  // of each ref: its place, or missing_place
  std::vector<std::uint8_t> used_;  // of each place: how often by ways, up to most_uses; an end counts twice
  std::vector<std::uint8_t> closed_;  // of each place: bits it bars
  std::vector<Way> ways_;
  std::vector<Wall> walls_;
  std::vector<OpenWay> open_ways_;
  std::vector<Crossing> crossings_;
  std::vector<Barred> barred_;
  std::vector<std::int64_t> openings_;  // nodes where a wall is passed
  std::vector<Entrance> entrances_;
  std::map<std::int64_t, Entrance> doors_;  // entrances of any building, by node
  std::vector<EntranceWay> entrance_ways_;
  std::vector<StopArea> stop_areas_;
  std::map<std::pair<Kind, std::int64_t>, std::string> station_names_;
  Missing missing_;
  std::uint64_t nodes_read_ = 0, ways_read_ = 0, with_hours_ = 0;
  std::uint64_t squares_crossed_ = 0, squares_cut_off_ = 0, closed_by_walls_ = 0;
};

}  // namespace jobmap::data::osm
