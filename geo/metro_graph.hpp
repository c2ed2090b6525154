#pragma once
// A metro network, and the earliest minutes at every station from wherever one walks in.
//
//   MetroGraph metro(station_points, branches, station_service);
//   MetroTimes t = metro.search({{{station, 4.5}}, 0.0156, 45});   // at its door after 4.5 minutes
//   t.minutes(other);                                     // to the other one's door; infinite: not reached in time
//   for (const MetroLeg& leg : t.legs(other)) use(leg);   // how, in order
//
// Nodes are the streets at the stations and, for each branch, its trains at each stop; branches of one line
// are separate trains, so that nobody rides through a fork. From street to train: access and half the
// headway. From train to train at one station: the transfer walk (none between branches of a line) and half
// the headway. From street to street on foot where stations are close. Rides take the run time that is
// given, else the straight line between stops times a track factor, at the line's commercial speed. No
// timetable: minutes are expectations, times are doubles in minutes from departure, lengths in metres.
// Dijkstra 1959 with a binary heap. Immutable and safe to share between threads.
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "geo/coords.hpp"

namespace jobmap::geo {

struct MetroLineService {
  double speed_kmh = 33, headway_minutes = 5, track_factor = 1.1;
};
struct MetroStationService {
  double access_minutes = 2, egress_minutes = 1.5, transfer_minutes = 4;
  double walk_between_m = 800;  // straight line
};
struct MetroBranch {
  std::uint16_t line = 0;
  std::vector<std::uint16_t> stations;  // in order
  MetroLineService service;
  // Where run times are known: minutes from each station to the next, either way; NaN: by distance and speed.
  std::vector<double> run_minutes = {};
};

// When trains can be boarded, in minutes from departure.
struct MetroHours {
  double first = -std::numeric_limits<double>::infinity();
  double last = std::numeric_limits<double>::infinity();
};

struct MetroSeed {
  std::uint16_t station = 0;
  double minutes = 0;  // at its door
};

enum class MetroLegKind : std::uint8_t { walk, board, ride, transfer, exit };
struct MetroLeg {
  MetroLegKind kind;
  std::uint16_t from, to;  // stations
  std::uint16_t line;      // of board, ride, transfer (the one changed to), exit
  double minutes, metres;  // metres of walks (straight line) and rides (track)
};

class MetroGraph;

class MetroTimes {
 public:
  double minutes(std::uint16_t station) const { return minutes_[station]; }
  // The legs from the seed's door to this station's. Empty at a seed itself, and where the station is not reached.
  std::vector<MetroLeg> legs(std::uint16_t station) const;
  // The station of the seed that the way to this station begins at.
  std::uint16_t seed_of(std::uint16_t station) const;

 private:
  friend class MetroGraph;
  const MetroGraph* graph_ = nullptr;  // must outlive this
  std::vector<double> minutes_;        // by node
  std::vector<std::uint32_t> parent_;  // by node; itself at a seed
};

class MetroGraph {
 public:
  MetroGraph() = default;  // no stations
  MetroGraph(std::span<const PointE7> stations, std::span<const MetroBranch> branches,
             const MetroStationService& service);

  struct Search {
    std::vector<MetroSeed> seeds;
    double minutes_per_metre = 0;  // on foot, over the straight line between two stations
    double limit = 0;              // minutes; what takes longer is not looked for
    MetroHours hours = {};
  };
  MetroTimes search(const Search& search) const;

  std::size_t stations() const { return platform_begin_.empty() ? 0 : platform_begin_.size() - 1; }

 private:
  friend class MetroTimes;
  static constexpr std::uint32_t none = ~0u;
  struct Platform {
    std::uint16_t station, line;
    double wait;            // minutes: half the headway
    std::uint32_t next[2];  // nodes to either side on the branch, or none
    double ride_minutes[2], ride_m[2];
  };
  struct Neighbour {
    std::uint16_t station;
    double metres;
  };
  std::uint32_t node_of(std::uint32_t platform) const {
    return static_cast<std::uint32_t>(stations()) + platform;
  }
  bool is_street(std::uint32_t node) const { return node < stations(); }
  const Platform& platform(std::uint32_t node) const { return platforms_[node - stations()]; }
  std::uint16_t station_of(std::uint32_t node) const {
    return is_street(node) ? static_cast<std::uint16_t>(node) : platform(node).station;
  }
  void add_branch(const MetroBranch& branch, std::span<const PointE7> stations);
  void index_platforms(std::size_t stations);
  void find_neighbours(std::span<const PointE7> stations);
  // Calls use(node, minutes) for each step that leaves `node`, where one arrives there at minute t.
  template <typename Use>
  void each_step(std::uint32_t node, double t, const Search& search, Use&& use) const;
  MetroLeg leg(std::uint32_t from, std::uint32_t to, double minutes) const;

  MetroStationService service_;
  std::vector<Platform> platforms_;            // one a stop of each branch
  std::vector<std::uint32_t> platform_begin_;  // of each station in platform_at_, and the end
  std::vector<std::uint32_t> platform_at_;
  std::vector<std::uint32_t> neighbour_begin_;  // of each station in neighbours_, and the end
  std::vector<Neighbour> neighbours_;
};

}  // namespace jobmap::geo
