#pragma once
// The streets as a graph in memory: junctions and the pieces of street between them, for walking and cycling,
// with a packed tree over the pieces that finds the nearest one. Built once, never changed, free to share.
//
//   StreetGraph graph(hilbert_ordered(std::move(network)));
//   if (auto snap = graph.snap({1202000000, 302500000}, TravelMode::walk, 250))    // within 250 m, else nothing
//     use(snap.offset_mm);                                            // the way from the point to the street
//
// Lengths are whole millimetres, so sums are exact and don't depend on their order; a time is a length by a
// speed. What isn't walked (a ferry) has the length that would be walked in its time. Arcs lie by node (CSR);
// hilbert_ordered() puts nodes along the Hilbert curve and edges by their first node, so neighbours on the
// map are neighbours in memory and sixteen edges in turn make a leaf of the tree. Searches:
// geo/street_search.hpp.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "geo/coords.hpp"

namespace jobmap::geo {

enum class TravelMode : std::uint8_t { walk, bike };

struct StreetEdge {
  // Bits of `access`. `afloat`: a ferry, to which nothing snaps.
  enum : std::uint8_t {
    walk_forward = 1,
    walk_backward = 2,
    bike_forward = 4,
    bike_backward = 8,
    afloat = 16
  };
  static constexpr std::uint8_t walk = walk_forward | walk_backward, bike = bike_forward | bike_backward;

  std::uint32_t from = 0, to = 0;
  std::uint32_t length_mm = 0;
  std::uint8_t access = 0;
  bool operator==(const StreetEdge&) const = default;

  bool open_forward(TravelMode m) const { return access >> (m == TravelMode::walk ? 0 : 2) & 1; }
  bool open_backward(TravelMode m) const { return access >> (m == TravelMode::walk ? 1 : 3) & 1; }
};

// The network as a file holds it. shape_begin has a start for each edge and one end, or is empty where all are straight;
// shape are the points between the two ends of an edge.
struct StreetNetwork {
  std::vector<PointE7> nodes;
  std::vector<StreetEdge> edges;
  std::vector<std::uint32_t> shape_begin;
  std::vector<PointE7> shape;
  bool operator==(const StreetNetwork&) const = default;
};

StreetNetwork hilbert_ordered(StreetNetwork network);

// A place on an edge, along_mm from its first node, and the straight way there from the point it stands for.
struct Snap {
  static constexpr std::uint32_t no_edge = 0xFFFFFFFF;
  std::uint32_t edge = no_edge;
  std::uint32_t along_mm = 0;
  std::uint32_t offset_mm = 0;
  explicit operator bool() const { return edge != no_edge; }
  bool operator==(const Snap&) const = default;
};

class StreetGraph {
 public:
  struct Arc {
    std::uint32_t to_and_modes = 0;  // node << 2 | open to a walker | open to a cyclist << 1
    std::uint32_t length_mm = 0;
    std::uint32_t to() const { return to_and_modes >> 2; }
    bool open(TravelMode m) const { return to_and_modes >> static_cast<unsigned>(m) & 1; }
  };
  static constexpr std::uint32_t max_nodes = 1u << 30;

  StreetGraph() = default;
  // Throws std::runtime_error where an edge names a node that isn't there, or the counts don't agree.
  explicit StreetGraph(StreetNetwork network);

  std::uint32_t nodes() const { return static_cast<std::uint32_t>(network_.nodes.size()); }
  std::uint32_t edges() const { return static_cast<std::uint32_t>(network_.edges.size()); }
  bool empty() const { return network_.edges.empty(); }
  PointE7 node(std::uint32_t i) const { return network_.nodes[i]; }
  const StreetEdge& edge(std::uint32_t i) const { return network_.edges[i]; }
  std::span<const Arc> arcs(std::uint32_t node) const {
    return {arcs_.data() + arc_begin_[node], arcs_.data() + arc_begin_[node + 1]};
  }
  // The same for a loop that asks ahead: arcs begin[n] to begin[n + 1] leave node n.
  struct AllArcs {
    const std::uint32_t* begin;
    const Arc* arcs;
  };
  AllArcs all_arcs() const { return {arc_begin_.data(), arcs_.data()}; }
  std::span<const PointE7> shape(std::uint32_t edge) const;  // between the ends
  const StreetNetwork& network() const { return network_; }
  BoxE7 bounds() const;  // of all edges; holds nothing where there are none
  // No way along the streets is shorter than the straight line by more than this factor: about 1, and less
  // where a ferry outruns a walker.
  double least_detour() const { return least_detour_; }

  // The nearest place on an edge that is open to the mode (in either direction), within limit_m of p.
  // `near`: an edge that is likely close to it, which shortens the search and changes nothing else.
  Snap snap(PointE7 p, TravelMode mode, double limit_m, std::uint32_t near = Snap::no_edge) const;

  // Calls visit(edge) for the edges of every leaf of the tree that touches the box: all that do, and some
  // more.
  template <typename Visit>
  void edges_near(const BoxE7& box, Visit&& visit) const {
    if (!boxes_.empty()) visit_boxes(boxes_.size() - 1, 0, boxes_.back().size(), box, visit);
  }

  std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t fanout = 16;
  struct Sought;

  template <typename Visit>
  void visit_boxes(std::size_t level, std::size_t begin, std::size_t end, const BoxE7& box,
                   Visit& visit) const {
    for (auto i = begin; i < end; ++i) {
      if (!boxes_[level][i].intersects(box)) continue;
      const auto below = level ? boxes_[level - 1].size() : network_.edges.size();
      const auto last = std::min((i + 1) * fanout, below);
      if (level)
        visit_boxes(level - 1, i * fanout, last, box, visit);
      else
        for (auto e = i * fanout; e < last; ++e) visit(static_cast<std::uint32_t>(e));
    }
  }

  void make_arcs();
  void find_least_detour();
  void pack_boxes();
  void consider(Sought& sought, std::uint32_t edge) const;
  void search_boxes(Sought& sought, std::size_t level, std::size_t begin, std::size_t end) const;

  StreetNetwork network_;
  double least_detour_ = 1;
  std::vector<std::uint32_t> arc_begin_;
  std::vector<Arc> arcs_;
  std::vector<std::vector<BoxE7>> boxes_;  // leaves of sixteen edges first
};

// Metres a 1e-7 degree at a latitude, on the ellipsoid: what is flat enough for a few kilometres.
struct LocalScale {
  double x = 0, y = 0;
};
LocalScale local_scale(double lat);

// pieces() gives each node the representative of its connected component in that mode, whatever the directions;
// no_piece where the mode can't use the node.
inline constexpr std::uint32_t no_piece = 0xFFFFFFFF;
std::vector<std::uint32_t> pieces(const StreetNetwork& network, TravelMode mode);

// How many nodes lie in the largest piece of the network that hangs together in a mode, directions aside, of
// all that the mode can use.
struct Connected {
  std::uint32_t largest = 0, all = 0, pieces = 0;
  double share() const { return all ? static_cast<double>(largest) / all : 0; }
};
Connected connected(const StreetNetwork& network, TravelMode mode);

}  // namespace jobmap::geo
