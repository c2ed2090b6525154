#include "geo/street_search.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "geo/deadline.hpp"

namespace jobmap::geo {
namespace {

// The narrowest bucket is 16 m; wider ones where the limit would need more than this many.
constexpr unsigned narrowest_shift = 14;
constexpr std::uint32_t most_buckets = 1u << 16;
constexpr unsigned steps_a_bucket = 4;

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
  for (const auto node : nodes()) state_[node] = untouched;
  touched_count_ = waiting_count_ = 0;
  graph_ = &graph, mode_ = mode, limit_mm_ = limit_mm;
  if (state_.size() < graph.nodes()) state_.resize(graph.nodes(), untouched);
  for (shift_ = narrowest_shift; limit_mm >> shift_ >= most_buckets;) ++shift_;
  bucket_.assign((limit_mm >> shift_) + 1, none);
  start(seeds);
  for (std::size_t b = 0; b < bucket_.size(); ++b)
    while (bucket_[b] != none) {
      check_deadline(steps_a_bucket);
      settle(b);
    }
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
  make_room(1);
  if (state_[node] == untouched) touched_[touched_count_++] = node;
  state_[node] = way;
  auto& first = bucket_[mm >> shift_];
  waiting_[waiting_count_] = {node, static_cast<std::uint32_t>(mm), first};
  first = waiting_count_++;
}

void StreetSearch::make_room(std::size_t more) {
  if (touched_.size() < touched_count_ + more) touched_.resize(2 * (touched_count_ + more));
  if (waiting_.size() < waiting_count_ + more) waiting_.resize(2 * (waiting_count_ + more));
}

// The loop that a search spends its time in, which is the memory's: where the arcs of a node are is known one
// turn before they are wanted, and those of a node that is seen are fetched for the time it is settled. What
// comes to wait in the same bucket meanwhile waits for the next call.
void StreetSearch::settle(std::size_t b) {
  const auto [begin, arcs] = graph_->all_arcs();
  const unsigned open = 1u << static_cast<unsigned>(mode_);
  const auto shift = shift_;
  std::uint64_t* const state = state_.data();
  std::uint32_t* const bucket = bucket_.data();
  std::uint32_t next = std::exchange(bucket[b], none);
  Waiting w = waiting_[next];
  auto first = begin[w.node], last = begin[w.node + 1];
  while (next != none) {
    const Waiting now = w;
    const auto* arc = arcs + first;
    const auto* const end = arcs + last;
    if (next = now.next; next != none) w = waiting_[next], first = begin[w.node], last = begin[w.node + 1];
    const std::uint64_t way = state[now.node];
    if (way >> 32 != now.mm) continue;  // a shorter way was found since
    make_room(static_cast<std::size_t>(end - arc));
    std::uint32_t* touched = touched_.data() + touched_count_;
    Waiting* const waiting = waiting_.data();
    auto size = waiting_count_;
    const std::uint32_t rest = limit_mm_ - now.mm;
    for (; arc != end; ++arc) {
      const std::uint64_t found = way + (std::uint64_t{arc->length_mm} << 32);
      const auto to = arc->to();
      const std::uint64_t before = state[to];
      __builtin_prefetch(arcs + begin[to]);
      if (found >= before || arc->length_mm > rest || !(arc->to_and_modes & open)) continue;
      *touched = to, touched += before == untouched;
      state[to] = found;
      const auto mm = static_cast<std::uint32_t>(found >> 32);
      auto& head = bucket[mm >> shift];
      waiting[size] = {to, mm, head};
      head = size++;
    }
    waiting_count_ = size;
    touched_count_ = static_cast<std::size_t>(touched - touched_.data());
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
