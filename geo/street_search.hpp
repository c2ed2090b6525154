#pragma once
// How far it is along the streets from one place, or the nearest of many, to every node within a limit, and
// from there to any snapped point.
//
//   StreetSearch& search = StreetSearch::of_this_thread();
//   const Seed home{graph.snap(p, TravelMode::walk, 250), 0};
//   search.run(graph, TravelMode::walk, {&home, 1}, millimetres(15, 4.68));
//   if (auto way = search.to(job_snap)) use(minutes(way->mm, 4.68));
//
// Dijkstra with buckets some metres wide that are worked through until they are empty (Dial 1969; Meyer and
// Sanders 2003, "Delta-stepping", run by one thread), so lengths are exact whatever the width. A seed may
// have a cost already spent (a ride before the walk). Every distance holds the way from the seed's point to
// the street, and to() the way from the street to the point. Of equally near seeds the first counts. The
// state is kept from run to run and only what was touched is cleared: a run costs what it reaches, not what
// there is.
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "geo/street_graph.hpp"

namespace jobmap::geo {

struct Seed {
  Snap at;  // one that is nothing is passed over
  std::uint32_t cost_mm = 0;
};

struct Way {
  std::uint32_t mm = 0;
  std::uint32_t seed = 0;  // index into the seeds of the run
  bool operator==(const Way&) const = default;
};

// 1 km/h is 50/3 m a minute. Both ways agree to half a millimetre.
std::uint32_t millimetres(double minutes, double speed_kmh);
inline double minutes(std::uint32_t mm, double speed_kmh) { return mm * 0.00006 / speed_kmh; }

class StreetSearch {
 public:
  static constexpr std::uint32_t no_limit = 4'000'000'000;  // 4,000 km

  static StreetSearch& of_this_thread();

  // The graph must outlive the questions below. At most 2^32 - 1 seeds; limit_mm up to no_limit.
  void run(const StreetGraph& graph, TravelMode mode, std::span<const Seed> seeds, std::uint32_t limit_mm);

  std::span<const Seed> seeds() const { return seeds_; }  // of the run
  // The nodes within the limit, in no order that means anything.
  std::span<const std::uint32_t> nodes() const { return {touched_.data(), touched_count_}; }
  std::optional<Way> to_node(std::uint32_t node) const {
    if (state_[node] == untouched) return std::nullopt;
    return unpack(state_[node]);
  }
  // The whole way, along the edge itself where seed and point lie on the same one. Nothing beyond the limit.
  std::optional<Way> to(const Snap& point) const;
  // The same to a place on an edge, without an offset.
  std::optional<Way> along(std::uint32_t edge, std::uint32_t along_mm) const {
    return to({edge, along_mm, 0});
  }

 private:
  // Distance above, seed below: one comparison orders both.
  static constexpr std::uint64_t untouched = std::numeric_limits<std::uint64_t>::max();
  static Way unpack(std::uint64_t s) {
    return {static_cast<std::uint32_t>(s >> 32), static_cast<std::uint32_t>(s)};
  }
  struct Waiting {
    std::uint32_t node, mm, next;
  };
  struct OnEdge {
    std::uint32_t edge, seed;
  };
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  void start(std::span<const Seed> seeds);
  void reach(std::uint32_t node, std::uint64_t mm, std::uint32_t seed);
  void make_room(std::size_t more);
  void settle(std::size_t bucket);

  const StreetGraph* graph_ = nullptr;
  TravelMode mode_ = TravelMode::walk;
  std::uint32_t limit_mm_ = 0;
  unsigned shift_ = 0;  // a bucket is 2^shift_ mm wide
  std::vector<std::uint64_t> state_;
  std::vector<std::uint32_t> touched_;  // with room behind, as waiting_
  std::vector<Waiting> waiting_;
  std::size_t touched_count_ = 0;
  std::uint32_t waiting_count_ = 0;
  std::vector<std::uint32_t> bucket_;  // of each: the first that waits
  std::vector<Seed> seeds_;
  std::vector<OnEdge> on_edge_;  // seeds by edge
};

}  // namespace jobmap::geo
