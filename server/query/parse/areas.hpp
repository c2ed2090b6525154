#pragma once
// Areas that callers draw: kept under an id made of their content, so that `within=<id>` names one in any
// query and the same area always has the same id.
//
//   Areas areas(64 << 20, 8 << 20);            // bytes in all, and of one client
//   auto kept = areas.keep(polygon, client);   // Result<shared_ptr<const Area>>; or of several parts
//   areas.find((*kept)->id);                   // null for an id that isn't kept (any more)
//   areas.oldest_ends_in({});                  // how long a refusal for want of room lasts
//
// Read by the even-odd rule over all rings, closed, edges straight in longitude and latitude
// (geo/polygon_index.hpp): what a ring that crosses itself goes round twice is outside, as in `filter`. So
// neither where a ring begins, nor its sense, nor the order of rings makes another area. Of several parts
// each is read that way by itself, and the area is their union; their order makes no other area either. An
// area stays for at least a day from when it was last kept; younger ones are never dropped, so where they
// fill the budget the next is refused (Code::unavailable), and so is one beyond the share of the client who
// posts it (Code::too_much), so that no single one fills the room; for ever what is larger than either
// (Code::too_large). An area counts for whoever posted it first. A client is a number; nobody has no share.
// Safe to call from any thread.
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "geo/polygon_union.hpp"
#include "server/query/syntax/error.hpp"

namespace jobmap::query {

struct Area {
  std::string id;
  std::string content;                   // the rings in one order, that tells areas of one id apart
  std::vector<geo::MultiPolygon> parts;  // as few as can be: each is read by the even-odd rule
  geo::PolygonUnion index;

  std::size_t bytes() const;
};

struct AreaPart {
  geo::MultiPolygon polygons;
  std::string at = {};  // where an error says it stands: "features[3].geometry."
};

class Areas {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kept_for = std::chrono::hours(24);

  using Client = std::optional<std::uint64_t>;
  explicit Areas(std::size_t budget_bytes) : Areas(budget_bytes, budget_bytes) {}
  Areas(std::size_t budget_bytes, std::size_t client_bytes) : budget_(budget_bytes), share_(client_bytes) {}

  // Refuses what has a geo::structure_error, and rings without an area.
  Result<std::shared_ptr<const Area>> keep(const std::vector<AreaPart>& parts, Client client = {},
                                           Clock::time_point now = Clock::now());
  Result<std::shared_ptr<const Area>> keep(const geo::MultiPolygon& area, Client client = {},
                                           Clock::time_point now = Clock::now()) {
    return keep(std::vector{AreaPart{area}}, client, now);
  }
  std::shared_ptr<const Area> find(const std::string& id) const;
  // How long the oldest area of a client, or of all, stays. Zero if none is kept, or if it may go already.
  std::chrono::seconds oldest_ends_in(Client client, Clock::time_point now = Clock::now()) const;

 private:
  struct Kept {
    std::shared_ptr<const Area> area;
    Clock::time_point at;
    Client client;  // whose share it counts to
  };
  std::size_t used_by(Client client) const;
  std::optional<Error> make_room(std::size_t bytes, Client client, Clock::time_point now);

  mutable std::mutex mutex_;
  const std::size_t budget_, share_;
  std::size_t used_ = 0;
  std::map<std::uint64_t, std::size_t> used_by_;
  std::map<std::string, Kept> kept_;
};

}  // namespace jobmap::query
