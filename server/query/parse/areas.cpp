#include "server/query/parse/areas.hpp"

#include <algorithm>
#include <cstring>

#include "geo/polygon.hpp"
#include "server/query/parse/cursor.hpp"

namespace jobmap::query {
namespace {

using Points = std::vector<geo::PointE7>;

bool comes_before(geo::PointE7 a, geo::PointE7 b) { return a.lon != b.lon ? a.lon < b.lon : a.lat < b.lat; }

// Puts a ring on the grid, open, no point twice in a row, from its least point towards the lesser neighbour.
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

// Polygons that are read together by the even-odd rule.
struct Group {
  geo::MultiPolygon polygons;
  std::vector<Points> rings;
  std::string content;
  std::vector<geo::BoxE7> boxes;  // of what came to it as parts
};

Result<Group> group_of(const AreaPart& part) {
  if (const auto why = geo::structure_error(part.polygons))
    return Error{Code::bad_request, *why, part.at + "coordinates", "",
                 "closed rings of four points and more, at most 10,000 points and 64 rings"};
  Group group{part.polygons, {}, {}, {}};
  std::optional<geo::BoxE7> box;
  for (const auto& polygon : part.polygons)
    for (const auto& ring : polygon) {
      group.rings.push_back(in_one_order(ring));
      if (is_flat(group.rings.back()))
        return Error{Code::bad_request, "all points of a ring are on one line: it has no area",
                     part.at + "coordinates", "", "rings that go round something"};
      for (const auto p : group.rings.back()) {
        if (!box) box = geo::BoxE7{p.lon, p.lat, p.lon, p.lat};
        box = geo::BoxE7{std::min(box->min_lon, p.lon), std::min(box->min_lat, p.lat),
                         std::max(box->max_lon, p.lon), std::max(box->max_lat, p.lat)};
      }
    }
  group.content = content_of(group.rings);
  group.boxes = {*box};
  return group;
}

bool overlap(const geo::BoxE7& a, const geo::BoxE7& b) {
  return a.min_lon < b.max_lon && b.min_lon < a.max_lon && a.min_lat < b.max_lat && b.min_lat < a.max_lat;
}

// Joins parts to as few groups as a greedy pass finds, since each is searched by itself. Parts whose boxes don't overlap may
// be read by the even-odd rule together, which for them is the union. The pass goes by content, so the order
// of the parts makes no difference, and a part that is there twice counts once.
std::vector<Group> joined_groups(std::vector<Group> parts) {
  std::sort(parts.begin(), parts.end(), [](const Group& a, const Group& b) { return a.content < b.content; });
  std::vector<Group> groups;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && parts[i].content == parts[i - 1].content) continue;
    const auto& box = parts[i].boxes.front();
    const auto free = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return std::none_of(group.boxes.begin(), group.boxes.end(),
                          [&](const geo::BoxE7& other) { return overlap(box, other); });
    });
    if (free == groups.end()) {
      groups.push_back(parts[i]);
      continue;
    }
    free->polygons.insert(free->polygons.end(), parts[i].polygons.begin(), parts[i].polygons.end());
    free->rings.insert(free->rings.end(), parts[i].rings.begin(), parts[i].rings.end());
    free->boxes.push_back(box);
  }
  for (auto& group : groups) group.content = content_of(std::move(group.rings));
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return a.content < b.content; });
  return groups;
}

}  // namespace

std::size_t Area::bytes() const {
  std::size_t bytes = sizeof(Area) + id.size() + content.size() + index.bytes();
  for (const auto& polygons : parts) {
    bytes += sizeof polygons;
    for (const auto& polygon : polygons) {
      bytes += sizeof polygon;
      for (const auto& ring : polygon) bytes += sizeof ring + ring.size() * sizeof ring[0];
    }
  }
  return bytes;
}

Result<std::shared_ptr<const Area>> Areas::keep(const std::vector<AreaPart>& parts, Client client,
                                                Clock::time_point now) {
  std::vector<Group> found;
  for (const auto& part : parts) {
    auto group = group_of(part);
    if (!group) return group.error();
    found.push_back(*std::move(group));
  }
  auto groups = joined_groups(std::move(found));
  auto area = std::make_shared<Area>();
  for (const auto& group : groups) (area->content += area->content.empty() ? "" : "|") += group.content;
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
  for (auto& group : groups) area->parts.push_back(std::move(group.polygons));
  area->index = geo::PolygonUnion(area->parts);  // takes a while, so not under the lock
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
