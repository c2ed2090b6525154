#include "geo/street_graph.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "geo/distance.hpp"
#include "geo/rtree.hpp"

namespace jobmap::geo {
namespace {

void check(const StreetNetwork& n) {
  if (n.nodes.size() >= StreetGraph::max_nodes)
    throw std::runtime_error("the street network has too many nodes: " + std::to_string(n.nodes.size()));
  for (const StreetEdge& e : n.edges)
    if (e.from >= n.nodes.size() || e.to >= n.nodes.size())
      throw std::runtime_error("the street network has an edge to a node that is not there");
  if (n.shape_begin.empty() && n.shape.empty()) return;
  if (n.shape_begin.size() != n.edges.size() + 1 || n.shape_begin.back() != n.shape.size() ||
      n.shape_begin.front() != 0 || !std::is_sorted(n.shape_begin.begin(), n.shape_begin.end()))
    throw std::runtime_error("the shapes of the street network don't fit its edges");
}

std::vector<std::uint32_t> inverse(const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> at(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) at[order[i]] = i;
  return at;
}

void grow(BoxE7& box, PointE7 p) {
  box = {std::min(box.min_lon, p.lon), std::min(box.min_lat, p.lat), std::max(box.max_lon, p.lon),
         std::max(box.max_lat, p.lat)};
}
void grow(BoxE7& box, const BoxE7& b) {
  grow(box, PointE7{b.min_lon, b.min_lat});
  grow(box, PointE7{b.max_lon, b.max_lat});
}
constexpr BoxE7 nothing{INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

}  // namespace

LocalScale local_scale(double lat) {
  const double f = lat * std::numbers::pi / 180;
  return {(111412.84 * std::cos(f) - 93.5 * std::cos(3 * f) + 0.118 * std::cos(5 * f)) / 1e7,
          (111132.92 - 559.82 * std::cos(2 * f) + 1.175 * std::cos(4 * f)) / 1e7};
}

StreetNetwork hilbert_ordered(StreetNetwork n) {
  check(n);
  const RTree tree = RTree::build(n.nodes);
  const auto at = inverse(tree.order());
  StreetNetwork out;
  out.nodes.reserve(n.nodes.size());
  for (const auto i : tree.order()) out.nodes.push_back(n.nodes[i]);
  for (StreetEdge& e : n.edges) e.from = at[e.from], e.to = at[e.to];
  std::vector<std::uint32_t> order(n.edges.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return n.edges[a].from < n.edges[b].from; });
  out.edges.reserve(n.edges.size());
  for (const auto i : order) out.edges.push_back(n.edges[i]);
  if (n.shape_begin.empty()) return out;
  out.shape.reserve(n.shape.size());
  out.shape_begin.reserve(n.shape_begin.size());
  for (const auto i : order) {
    out.shape_begin.push_back(static_cast<std::uint32_t>(out.shape.size()));
    out.shape.insert(out.shape.end(), n.shape.begin() + n.shape_begin[i],
                     n.shape.begin() + n.shape_begin[i + 1]);
  }
  out.shape_begin.push_back(static_cast<std::uint32_t>(out.shape.size()));
  return out;
}

StreetGraph::StreetGraph(StreetNetwork network) : network_(std::move(network)) {
  check(network_);
  make_arcs();
  find_least_detour();
  pack_boxes();
}

void StreetGraph::find_least_detour() {
  // Flat distances of a city are right to far less; beyond the least a search is simply not bounded.
  constexpr double margin = 0.999, least = 0.001;
  for (const StreetEdge& e : network_.edges) {
    const PointE7 a = node(e.from), b = node(e.to);
    const auto scale = local_scale((a.lat / 2.0 + b.lat / 2.0) / 1e7);
    const double metres = std::hypot(scale.x * (static_cast<double>(b.lon) - a.lon),
                                     scale.y * (static_cast<double>(b.lat) - a.lat));
    if (metres > 0) least_detour_ = std::min(least_detour_, e.length_mm / 1000.0 / metres);
  }
  least_detour_ = std::max(least, margin * least_detour_);
}

std::span<const PointE7> StreetGraph::shape(std::uint32_t edge) const {
  if (network_.shape_begin.empty()) return {};
  return {network_.shape.data() + network_.shape_begin[edge],
          network_.shape.data() + network_.shape_begin[edge + 1]};
}

void StreetGraph::make_arcs() {
  const auto modes = [](bool walk, bool bike) { return (walk ? 1u : 0u) | (bike ? 2u : 0u); };
  const auto forward = [&](const StreetEdge& e) {
    return modes(e.access & StreetEdge::walk_forward, e.access & StreetEdge::bike_forward);
  };
  const auto backward = [&](const StreetEdge& e) {
    return modes(e.access & StreetEdge::walk_backward, e.access & StreetEdge::bike_backward);
  };
  arc_begin_.assign(std::size_t{nodes()} + 1, 0);
  for (const StreetEdge& e : network_.edges) {
    if (forward(e)) ++arc_begin_[e.from + 1];
    if (backward(e)) ++arc_begin_[e.to + 1];
  }
  std::partial_sum(arc_begin_.begin(), arc_begin_.end(), arc_begin_.begin());
  arcs_.resize(arc_begin_.back());
  auto next = arc_begin_;
  for (const StreetEdge& e : network_.edges) {
    if (const auto m = forward(e)) arcs_[next[e.from]++] = {e.to << 2 | m, e.length_mm};
    if (const auto m = backward(e)) arcs_[next[e.to]++] = {e.from << 2 | m, e.length_mm};
  }
}

void StreetGraph::pack_boxes() {
  if (empty()) return;
  std::vector<BoxE7> leaves((network_.edges.size() + fanout - 1) / fanout, nothing);
  for (std::uint32_t e = 0; e < edges(); ++e) {
    BoxE7& box = leaves[e / fanout];
    grow(box, node(edge(e).from));
    grow(box, node(edge(e).to));
    for (const PointE7 p : shape(e)) grow(box, p);
  }
  boxes_.push_back(std::move(leaves));
  while (boxes_.back().size() > fanout) {
    const auto& below = boxes_.back();
    std::vector<BoxE7> level((below.size() + fanout - 1) / fanout, nothing);
    for (std::size_t i = 0; i < below.size(); ++i) grow(level[i / fanout], below[i]);
    boxes_.push_back(std::move(level));
  }
}

BoxE7 StreetGraph::bounds() const {
  BoxE7 box = nothing;
  if (!boxes_.empty())
    for (const BoxE7& b : boxes_.back()) grow(box, b);
  return box;
}

// The best so far: of equally near edges, the first.
struct StreetGraph::Sought {
  PointE7 p;
  std::uint8_t access;
  LocalScale scale;
  double best_m2;
  std::uint32_t edge = Snap::no_edge;
  std::uint32_t segment = 0;
  double along = 0;  // of the segment, 0 to 1

  double at_least_m2(const BoxE7& b) const {
    const std::int64_t x = p.lon, y = p.lat;
    const double dx = scale.x * static_cast<double>(
                                    std::max({std::int64_t{b.min_lon} - x, x - b.max_lon, std::int64_t{0}}));
    const double dy = scale.y * static_cast<double>(
                                    std::max({std::int64_t{b.min_lat} - y, y - b.max_lat, std::int64_t{0}}));
    return dx * dx + dy * dy;
  }
};

void StreetGraph::consider(Sought& s, std::uint32_t e) const {
  const StreetEdge& street = edge(e);
  if (!(street.access & s.access) || street.access & StreetEdge::afloat) return;
  const auto local = [&](PointE7 q) {
    return std::pair(s.scale.x * (static_cast<double>(q.lon) - s.p.lon),
                     s.scale.y * (static_cast<double>(q.lat) - s.p.lat));
  };
  double ax = 0, ay = 0;  // not a structured binding: clang 14 does not capture those
  std::tie(ax, ay) = local(node(street.from));
  std::uint32_t segment = 0;
  const auto step = [&](PointE7 q) {
    const auto [bx, by] = local(q);
    const double dx = bx - ax, dy = by - ay, length2 = dx * dx + dy * dy;
    const double t = length2 > 0 ? std::clamp(-(ax * dx + ay * dy) / length2, 0.0, 1.0) : 0;
    const double x = ax + t * dx, y = ay + t * dy, m2 = x * x + y * y;
    if (m2 < s.best_m2 || (m2 == s.best_m2 && e < s.edge))
      s.best_m2 = m2, s.edge = e, s.segment = segment, s.along = t;
    ax = bx, ay = by, ++segment;
  };
  for (const PointE7 q : shape(e)) step(q);
  step(node(street.to));
}

void StreetGraph::search_boxes(Sought& s, std::size_t level, std::size_t begin, std::size_t end) const {
  // Nearest box first, so that the rest mostly falls to the bound.
  struct Near {
    double m2;
    std::uint32_t box;
  };
  std::array<Near, fanout> found;
  std::size_t n = 0;
  for (auto i = begin; i < end; ++i) {
    const double m2 = s.at_least_m2(boxes_[level][i]);
    if (m2 > s.best_m2) continue;
    auto at = n++;
    for (; at > 0 && found[at - 1].m2 > m2; --at) found[at] = found[at - 1];
    found[at] = {m2, static_cast<std::uint32_t>(i)};
  }
  for (std::size_t k = 0; k < n && found[k].m2 <= s.best_m2; ++k) {
    const auto first = found[k].box * fanout;
    const auto last = std::min(first + fanout, level ? boxes_[level - 1].size() : network_.edges.size());
    if (level)
      search_boxes(s, level - 1, first, last);
    else
      for (auto e = first; e < last; ++e) consider(s, static_cast<std::uint32_t>(e));
  }
}

Snap StreetGraph::snap(PointE7 p, TravelMode mode, double limit_m, std::uint32_t near) const {
  if (empty()) return {};
  Sought s{p, mode == TravelMode::walk ? StreetEdge::walk : StreetEdge::bike, local_scale(p.lat / 1e7),
           limit_m * limit_m};
  if (near != Snap::no_edge) consider(s, near);
  search_boxes(s, boxes_.size() - 1, 0, boxes_.back().size());
  if (s.edge == Snap::no_edge) return {};
  // The share of its drawn length, so that it holds of a length that isn't the drawn one too.
  const StreetEdge& street = edge(s.edge);
  double before = 0, all = 0;
  PointE7 a = node(street.from);
  std::uint32_t segment = 0;
  const auto step = [&](PointE7 b) {
    const double m = std::hypot(s.scale.x * (static_cast<double>(b.lon) - a.lon),
                                s.scale.y * (static_cast<double>(b.lat) - a.lat));
    if (segment <= s.segment) before += segment < s.segment ? m : s.along * m;
    all += m, a = b, ++segment;
  };
  for (const PointE7 b : shape(s.edge)) step(b);
  step(node(street.to));
  const double share = all > 0 ? before / all : 0;
  return {s.edge, static_cast<std::uint32_t>(std::lround(share * street.length_mm)),
          static_cast<std::uint32_t>(std::lround(std::sqrt(s.best_m2) * 1000))};
}

std::size_t StreetGraph::memory_bytes() const {
  std::size_t bytes = network_.nodes.capacity() * sizeof(PointE7) +
                      network_.edges.capacity() * sizeof(StreetEdge) + network_.shape_begin.capacity() * 4 +
                      network_.shape.capacity() * sizeof(PointE7) + arc_begin_.capacity() * 4 +
                      arcs_.capacity() * sizeof(Arc);
  for (const auto& level : boxes_) bytes += level.capacity() * sizeof(BoxE7);
  return bytes;
}

std::vector<std::uint32_t> pieces(const StreetNetwork& n, TravelMode mode) {
  const std::uint8_t wanted = mode == TravelMode::walk ? StreetEdge::walk : StreetEdge::bike;
  std::vector<std::uint32_t> parent(n.nodes.size(), no_piece);
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const StreetEdge& e : n.edges) {
    if (!(e.access & wanted)) continue;
    for (const auto end : {e.from, e.to})
      if (parent[end] == no_piece) parent[end] = end;
    parent[root(e.from)] = root(e.to);
  }
  for (std::uint32_t i = 0; i < parent.size(); ++i)
    if (parent[i] != no_piece) parent[i] = root(i);
  return parent;
}

Connected connected(const StreetNetwork& n, TravelMode mode) {
  const auto piece = pieces(n, mode);
  std::vector<std::uint32_t> size(piece.size(), 0);
  Connected result;
  for (const auto p : piece) {
    if (p == no_piece) continue;
    ++result.all;
    result.pieces += size[p] == 0;
    result.largest = std::max(result.largest, ++size[p]);
  }
  return result;
}

}  // namespace jobmap::geo
