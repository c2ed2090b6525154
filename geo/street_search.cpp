#include "geo/street_search.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace jobmap::geo {
namespace {

// The narrowest bucket is 8 m; wider ones where the limit would need more than this many.
constexpr unsigned narrowest_shift = 13;
constexpr std::uint32_t most_buckets = 1u << 16;

}  // namespace

std::uint32_t millimetres(double minutes, double speed_kmh) {
  return static_cast<std::uint32_t>(
      std::lround(std::min(minutes * speed_kmh * 1e6 / 60, double{StreetSearch::no_limit})));
}

StreetSearch& StreetSearch::of_this_thread() {
  static thread_local StreetSearch search;
  return search;
}

void StreetSearch::run(const StreetGraph& graph, TravelMode mode, std::span<const Seed> seeds,
                       std::uint32_t limit_mm) {
  assert(limit_mm <= no_limit);
  for (const auto node : touched_) state_[node] = untouched;
  touched_.clear();
  waiting_.clear();
  graph_ = &graph, mode_ = mode, limit_mm_ = limit_mm;
  if (state_.size() < graph.nodes()) state_.resize(graph.nodes(), untouched);
  for (shift_ = narrowest_shift; limit_mm >> shift_ >= most_buckets;) ++shift_;
  bucket_.assign((limit_mm >> shift_) + 1, none);
  start(seeds);
  settle_all();
}

void StreetSearch::start(std::span<const Seed> seeds) {
  seeds_.assign(seeds.begin(), seeds.end());
  on_edge_.clear();
  for (std::uint32_t i = 0; i < seeds.size(); ++i) {
    const Snap& at = seeds[i].at;
    if (!at) continue;
    on_edge_.push_back({at.edge, i});
    const StreetEdge& e = graph_->edge(at.edge);
    const std::uint64_t before = std::uint64_t{seeds[i].cost_mm} + at.offset_mm;
    if (e.open_backward(mode_)) reach(e.from, before + at.along_mm, i);
    if (e.open_forward(mode_)) reach(e.to, before + e.length_mm - at.along_mm, i);
  }
  std::sort(on_edge_.begin(), on_edge_.end(), [](const OnEdge& a, const OnEdge& b) {
    return a.edge != b.edge ? a.edge < b.edge : a.seed < b.seed;
  });
}

void StreetSearch::reach(std::uint32_t node, std::uint64_t mm, std::uint32_t seed) {
  if (mm > limit_mm_) return;
  const std::uint64_t way = mm << 32 | seed;
  if (way >= state_[node]) return;
  if (state_[node] == untouched) touched_.push_back(node);
  state_[node] = way;
  auto& first = bucket_[mm >> shift_];
  waiting_.push_back({node, static_cast<std::uint32_t>(mm), first});
  first = static_cast<std::uint32_t>(waiting_.size() - 1);
}

// The loop that a search spends its time in: nothing is reread that can stay in a register, and room for what
// may wait is made once a node.
void StreetSearch::settle_all() {
  std::uint64_t* const state = state_.data();
  std::uint32_t* const bucket = bucket_.data();
  std::uint32_t size = static_cast<std::uint32_t>(waiting_.size());
  const auto limit = limit_mm_;
  for (std::size_t b = 0; b < bucket_.size(); ++b)
    while (bucket[b] != none) {
      const Waiting w = waiting_[bucket[b]];
      bucket[b] = w.next;
      const Way way = unpack(state[w.node]);
      if (way.mm != w.mm) continue;  // a shorter way was found since
      const auto arcs = graph_->arcs(w.node);
      if (waiting_.size() < size + arcs.size()) waiting_.resize(2 * (size + arcs.size()));
      for (const auto& arc : arcs) {
        const std::uint64_t mm = std::uint64_t{w.mm} + arc.length_mm;
        if (mm > limit || !arc.open(mode_)) continue;
        const auto to = arc.to();
        const std::uint64_t found = mm << 32 | way.seed;
        if (found >= state[to]) continue;
        if (state[to] == untouched) touched_.push_back(to);
        state[to] = found;
        waiting_[size] = {to, static_cast<std::uint32_t>(mm), bucket[mm >> shift_]};
        bucket[mm >> shift_] = size++;
      }
    }
}

std::optional<Way> StreetSearch::to(const Snap& point) const {
  if (!point) return std::nullopt;
  const StreetEdge& e = graph_->edge(point.edge);
  std::uint64_t best = untouched;
  const auto consider = [&](std::uint64_t mm, std::uint32_t seed) {
    if (mm <= limit_mm_) best = std::min(best, mm << 32 | seed);
  };
  const auto from_node = [&](std::uint32_t node, std::uint32_t rest_mm) {
    if (state_[node] == untouched) return;
    const Way way = unpack(state_[node]);
    consider(std::uint64_t{way.mm} + rest_mm + point.offset_mm, way.seed);
  };
  if (e.open_forward(mode_)) from_node(e.from, point.along_mm);
  if (e.open_backward(mode_)) from_node(e.to, e.length_mm - point.along_mm);
  auto on = std::lower_bound(on_edge_.begin(), on_edge_.end(), point.edge,
                             [](const OnEdge& o, std::uint32_t edge) { return o.edge < edge; });
  for (; on != on_edge_.end() && on->edge == point.edge; ++on) {
    const Seed& seed = seeds_[on->seed];
    const std::int64_t ahead = std::int64_t{point.along_mm} - seed.at.along_mm;
    if (ahead > 0 ? !e.open_forward(mode_) : ahead < 0 && !e.open_backward(mode_)) continue;
    consider(std::uint64_t{seed.cost_mm} + seed.at.offset_mm + static_cast<std::uint64_t>(std::abs(ahead)) +
                 point.offset_mm,
             on->seed);
  }
  if (best == untouched) return std::nullopt;
  return unpack(best);
}

}  // namespace jobmap::geo
