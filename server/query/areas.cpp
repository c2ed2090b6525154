#include "query/areas.hpp"

#include <algorithm>
#include <cstring>

#include "geo/polygon.hpp"
#include "query/list/cursor.hpp"

namespace jobmap::query {
namespace {

using Points = std::vector<geo::PointE7>;

bool comes_before(geo::PointE7 a, geo::PointE7 b) { return a.lon != b.lon ? a.lon < b.lon : a.lat < b.lat; }

// On the grid, open, no point twice in a row, from its least point on towards the lesser neighbour.
Points in_one_order(const geo::Ring& ring) {
  Points points;
  for (const auto p : ring)
    if (const auto e = geo::to_e7(p); points.empty() || !(points.back() == e)) points.push_back(e);
  while (points.size() > 1 && points.front() == points.back()) points.pop_back();
  std::rotate(points.begin(), std::min_element(points.begin(), points.end(), comes_before), points.end());
  if (points.size() > 2 && comes_before(points.back(), points[1]))
    std::reverse(points.begin() + 1, points.end());
  return points;
}

// Whether all points are on one straight line. Differences and their products are exact in 64 bits, but for
// the sign, of latitudes and longitudes on the grid.
bool is_flat(const Points& points) {
  const auto first = points.front();
  const auto other = std::find_if(points.begin(), points.end(), [&](auto p) { return !(p == first); });
  return other == points.end() || std::all_of(other, points.end(), [&](geo::PointE7 p) {
           return (std::int64_t{other->lon} - first.lon) * (std::int64_t{p.lat} - first.lat) ==
                  (std::int64_t{p.lon} - first.lon) * (std::int64_t{other->lat} - first.lat);
         });
}

std::string content_of(std::vector<Points> rings) {
  std::sort(rings.begin(), rings.end(), [](const Points& a, const Points& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), comes_before);
  });
  std::string content;
  const auto add = [&](std::int64_t number) { (content += std::to_string(number)) += ' '; };
  for (const auto& ring : rings) {
    for (const auto p : ring) add(p.lon), add(p.lat);
    content += ';';
  }
  return content;
}

std::string id_of(const std::string& content) {
  std::string id;
  for (const auto hash : {hash_text(content), hash_text("area " + content)})
    for (int shift = 60; shift >= 0; shift -= 4) id += "0123456789abcdef"[hash >> shift & 15];
  return id;
}

}  // namespace

std::size_t Area::bytes() const {
  std::size_t bytes = sizeof(Area) + id.size() + content.size() + index.bytes();
  for (const auto& polygon : polygons) {
    bytes += sizeof polygon;
    for (const auto& ring : polygon) bytes += sizeof ring + ring.size() * sizeof ring[0];
  }
  return bytes;
}

Result<std::shared_ptr<const Area>> Areas::keep(const geo::MultiPolygon& polygons, Client client,
                                                Clock::time_point now) {
  if (const auto why = geo::structure_error(polygons))
    return Error{Code::bad_request, *why, "coordinates", "",
                 "closed rings of four points and more, at most 10,000 points and 64 rings"};
  std::vector<Points> rings;
  for (const auto& polygon : polygons)
    for (const auto& ring : polygon) {
      rings.push_back(in_one_order(ring));
      if (is_flat(rings.back()))
        return Error{Code::bad_request, "all points of a ring are on one line: it has no area", "coordinates",
                     "", "rings that go round something"};
    }
  auto area = std::make_shared<Area>();
  area->content = content_of(std::move(rings));
  area->id = id_of(area->content);

  {
    const std::lock_guard lock(mutex_);
    if (const auto it = kept_.find(area->id); it != kept_.end()) {
      if (it->second.area->content != area->content)
        return Error{Code::unavailable, "another area has the id of this one", "coordinates", "",
                     "an area that differs a little"};
      it->second.at = now;
      return it->second.area;
    }
  }
  area->polygons = polygons;
  area->index = geo::PolygonIndex(polygons);  // takes a while, so not under the lock
  if (area->bytes() > (client ? std::min(budget_, share_) : budget_))
    return Error{Code::too_large, "the area takes more than all the room for areas", "coordinates", "",
                 "fewer vertices"};
  const std::lock_guard lock(mutex_);
  if (const auto it = kept_.find(area->id); it != kept_.end()) return it->second.area;  // by another just now
  if (auto error = make_room(area->bytes(), client, now)) return *std::move(error);
  used_ += area->bytes();
  if (client) used_by_[*client] += area->bytes();
  kept_.emplace(area->id, Kept{area, now, client});
  return std::shared_ptr<const Area>(area);
}

std::shared_ptr<const Area> Areas::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto it = kept_.find(id);
  return it == kept_.end() ? nullptr : it->second.area;
}

std::chrono::seconds Areas::oldest_ends_in(Client client, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  std::optional<Clock::time_point> oldest;
  for (const auto& [id, kept] : kept_)
    if (!client || kept.client == client) oldest = std::min(oldest.value_or(kept.at), kept.at);
  if (!oldest) return {};
  return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(*oldest + kept_for - now));
}

std::size_t Areas::used_by(Client client) const {
  const auto it = client ? used_by_.find(*client) : used_by_.end();
  return it == used_by_.end() ? 0 : it->second;
}

std::optional<Error> Areas::make_room(std::size_t bytes, Client client, Clock::time_point now) {
  const auto full = [&] { return used_ + bytes > budget_; };
  const auto over_share = [&] { return client && used_by(client) + bytes > share_; };
  if (full() || over_share())
    std::erase_if(kept_, [&](const auto& item) {
      const auto& [area, at, owner] = item.second;
      if (now - at < kept_for) return false;
      used_ -= area->bytes();
      if (owner && (used_by_[*owner] -= area->bytes()) == 0) used_by_.erase(*owner);
      return true;
    });
  if (over_share())
    return Error{Code::too_much, "this client's share of the room for areas is full; each is kept for a day",
                 "", "", ""};
  if (full())
    return Error{Code::unavailable, "the room for areas is full; each is kept for a day", "", "", ""};
  return std::nullopt;
}

}  // namespace jobmap::query
