#pragma once
// Areas that callers draw: kept under an id made of their content, so that `within=<id>` names one in any
// query and the same area always has the same id.
//
//   Areas areas(64 << 20);
//   auto kept = areas.keep(polygon);           // Result<shared_ptr<const Area>>
//   areas.find(kept->id);                      // null for an id that isn't kept (any more)
//   areas.oldest_ends_in();                    // how long a refusal for want of room lasts
//
// Read by the even-odd rule over all rings, closed, edges straight in longitude and latitude
// (geo/polygon_index.hpp): what a ring that crosses itself goes round twice is outside, as in `filter`. So
// neither where a ring begins, nor its sense, nor the order of rings makes another area. An area stays for at
// least a day from when it was last kept; younger ones are never dropped, so where they fill the budget the
// next is refused (Code::unavailable); so is for ever what is larger than the whole budget (Code::too_large).
// Safe to call from any thread.
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "geo/polygon_index.hpp"
#include "query/error.hpp"

namespace jobmap::query {

struct Area {
  std::string id;
  std::string content;         // the rings in one order, that tells areas of one id apart
  geo::MultiPolygon polygons;  // as first posted
  geo::PolygonIndex index;

  std::size_t bytes() const;
};

class Areas {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kept_for = std::chrono::hours(24);

  explicit Areas(std::size_t budget_bytes) : budget_(budget_bytes) {}

  // Refuses what has a geo::structure_error, and rings without an area.
  Result<std::shared_ptr<const Area>> keep(const geo::MultiPolygon& area,
                                           Clock::time_point now = Clock::now());
  std::shared_ptr<const Area> find(const std::string& id) const;
  // Zero where none is kept, or the oldest may go already.
  std::chrono::seconds oldest_ends_in(Clock::time_point now = Clock::now()) const;

 private:
  struct Kept {
    std::shared_ptr<const Area> area;
    Clock::time_point at;
  };
  bool make_room(std::size_t bytes, Clock::time_point now);

  mutable std::mutex mutex_;
  const std::size_t budget_;
  std::size_t used_ = 0;
  std::map<std::string, Kept> kept_;
};

}  // namespace jobmap::query
