#pragma once
// Which jobs lie within so many minutes on foot of their nearest service point: what `circle=service` asks,
// and what coverage counts.
//
//   ServiceCircle circle(snapshot, {}, 15);
//   std::uint64_t inside = circle.word(w);         // of rows [64 w, 64 w + 64)
//
// Along the streets where the snapshot has them, else by the straight line with its detour. Found when the
// snapshot was built, so a word is at most a few comparisons; the usual circle is a bitmap of its own.
#include "server/query/filter/row_filter.hpp"

namespace jobmap::query {

class ServiceCircle {
 public:
  // The snapshot must outlive it.
  ServiceCircle(const data::Snapshot& snapshot, const StraightLine& method, double minutes);

  std::uint64_t word(std::size_t w) const;
  bool contains(data::Row row) const;
  // All words, where they were found ahead; else null.
  const std::uint64_t* bitmap() const { return bitmap_; }

 private:
  std::uint64_t along_streets(std::size_t first, std::size_t n) const;

  const data::Snapshot& snapshot_;
  const data::JobTable& table_;
  const std::uint64_t* bitmap_ = nullptr;
  double metres_ = 0;
  bool streets_ = false;
  std::uint32_t mm_ = 0;  // along the streets
};

// The circle of a query as a predicate, where no bitmap answers it; else null.
std::shared_ptr<const RowFilter> service_circle_filter(const JobQuery& query, const data::Snapshot& snapshot);

}  // namespace jobmap::query
