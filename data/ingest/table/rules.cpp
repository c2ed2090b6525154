#include "data/ingest/table/rules.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "data/model/city.hpp"
#include "data/model/fold.hpp"
#include "data/model/time.hpp"
#include "data/store/geometry_blob.hpp"

namespace jobmap::data {
namespace {

std::optional<geo::Box> extent_of_districts(Database& db) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  geo::Box box{inf, inf, -inf, -inf};
  Statement s = db.prepare("SELECT adcode, geom FROM districts");
  while (s.step()) {
    const auto area = decode_multipolygon(s.column_blob(1));
    if (!area)
      throw DatabaseError(db.path() + ": district " + std::string(s.column_text(0)) + " has no sound area",
                          0);
    for (const auto& polygon : *area)
      for (const auto& p : polygon.front())
        box = {std::min(box.min_x, p.lon), std::min(box.min_y, p.lat), std::max(box.max_x, p.lon),
               std::max(box.max_y, p.lat)};
  }
  if (box.min_x > box.max_x) return std::nullopt;
  return box;
}

}  // namespace

geo::Box parse_region(std::string_view text) {
  if (text == "any") return {-180, -90, 180, 90};
  const auto bad = [&] {
    return std::runtime_error("the region '" + std::string(text) +
                              "' is neither 'any' nor minx,miny,maxx,maxy in degrees with min below max");
  };
  double v[4];
  for (int i = 0; i < 4; ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v[i]);
    if (error != std::errc() || !std::isfinite(v[i])) throw bad();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (i < 3 ? !text.starts_with(',') : !text.empty()) throw bad();
    if (i < 3) text.remove_prefix(1);
  }
  if (v[0] >= v[2] || v[1] >= v[3] || !geo::is_valid({v[0], v[1]}) || !geo::is_valid({v[2], v[3]}))
    throw bad();
  return {v[0], v[1], v[2], v[3]};
}

void Rules::add_district(std::string adcode, std::string name) {
  if (const auto stem = short_district_name(name); !stem.empty())
    district_of_.emplace(fold_label(stem), adcode);
  full_names_[fold_label(name)] = adcode;
  district_of_[fold_label(name)] = adcode;
  adcodes_.add(adcode);
}
void Rules::add_abolished(std::string adcode, std::string name, std::string note) {
  abolished_.push_back({std::move(adcode), std::move(name), std::move(note)});
}
void Rules::add_station(std::string id, std::string name) {
  if (const auto [it, is_new] = station_of_.emplace(fold_label(name), id); !is_new && it->second != id)
    it->second = "";
  stations_.add(id);
}

void Rules::Ids::add(const std::string& id) {
  written_.insert(id);
  if (const auto [it, is_new] = folded_.emplace(fold_label(id), id); !is_new && it->second != id)
    it->second = "";
}
const std::string* Rules::Ids::find(std::string_view text) const {
  if (const auto it = written_.find(text); it != written_.end()) return &*it;
  const auto it = folded_.find(fold_label(text));
  return it == folded_.end() || it->second.empty() ? nullptr : &it->second;
}

bool Rules::in_region(geo::LonLat p) const {
  return p.lon >= region.min_x && p.lon <= region.max_x && p.lat >= region.min_y && p.lat <= region.max_y;
}

std::optional<geo::LonLat> Rules::place(geo::LonLat raw) const {
  if (!geo::is_valid(raw)) return std::nullopt;
  const auto p = geo::to_wgs84(datum, raw.lon, raw.lat);
  if (!p || !in_region(*p)) return std::nullopt;
  return geo::to_lonlat(geo::to_e7(*p));
}

std::optional<geo::LonLat> Rules::place(Fields& f, std::size_t lon, std::size_t lat) const {
  const auto x = f.number(lon), y = f.number(lat);
  if (f.failed()) return std::nullopt;
  if (!x || !y) {
    f.fail(x ? "has a lon but no lat" : y ? "has a lat but no lon" : "has neither lon nor lat");
    return std::nullopt;
  }
  const auto given = "lon " + std::string(f.raw(lon)) + ", lat " + std::string(f.raw(lat));
  if (*x == 0 && *y == 0) {
    f.fail(given + " is the empty place in the Gulf of Guinea");
    return std::nullopt;
  }
  const auto p = place({*x, *y});
  if (p) return p;
  const bool on_globe = geo::is_valid({*x, *y});
  const bool fits_swapped = geo::is_valid({*y, *x}) && place({*y, *x});
  f.fail(given + (on_globe ? " is out of the region" : " is not on the globe") +
         (fits_swapped ? ": swapped? The other way round it is in the region" : ""));
  return std::nullopt;
}

std::string Rules::explain(const Abolished& a) const {
  return a.adcode + " (" + a.name + ") is no longer in use: " + a.note;
}

const Rules::Abolished* Rules::find_abolished(std::string_view text) const {
  const auto sought = fold_label(text);
  const auto it = std::find_if(abolished_.begin(), abolished_.end(), [&](const Abolished& a) {
    return sought == fold_label(a.adcode) || sought == fold_label(a.name) ||
           sought == fold_label(short_district_name(a.name));
  });
  return it == abolished_.end() ? nullptr : &*it;
}

std::string Rules::district(Fields& f, std::size_t column) const {
  const std::string_view text = f.text(column, 60);
  if (text.empty()) return "";
  if (const auto* adcode = adcodes_.find(text)) return *adcode;
  if (const auto it = district_of_.find(fold_label(text)); it != district_of_.end()) return it->second;
  if (const auto* gone = find_abolished(text))
    f.fail(column, "is no longer in use: " + gone->note);
  else if (full_names_.empty() && text.find(',') == std::string_view::npos)
    return std::string(text);  // there is nothing to hold it against, so it is kept as it is
  else if (full_names_.empty())
    f.fail(column, "must be without a comma, for codes stand in comma-separated lists");
  else
    f.fail(column, "is not the adcode or the name of a district");
  return "";
}

std::string Rules::district_in(Fields& f, std::size_t address) const {
  std::string found;
  const std::string written = fold_label(f.raw(address));
  for (const auto& [name, adcode] : full_names_) {
    if (written.find(name) == std::string::npos || found == adcode) continue;
    if (!found.empty()) {
      f.fail(address, "names two districts");
      return "";
    }
    found = adcode;
  }
  if (found.empty())
    for (const auto& gone : abolished_)
      if (written.find(fold_label(gone.name)) != std::string::npos) f.fail(address, "names " + explain(gone));
  return found;
}

std::optional<std::string> Rules::station(std::string_view id_or_name) const {
  if (const auto* id = stations_.find(id_or_name)) return *id;
  const auto it = station_of_.find(fold_label(id_or_name));
  if (it == station_of_.end() || it->second.empty()) return std::nullopt;
  return it->second;
}

Rules read_rules(Database& db, geo::Crs datum, std::optional<std::string_view> region) {
  Rules rules;
  rules.datum = datum;
  const auto meta = [&](std::string_view key) {
    Statement s = db.prepare("SELECT value FROM meta WHERE layer = '' AND key = ?1");
    s.bind(1, key);
    return s.step() ? std::string(s.column_text(0)) : std::string();
  };
  const auto name = meta("time_zone");
  const auto zone = TimeZone::named(name.empty() ? meta("utc_offset") : name);
  if (!zone)
    throw DatabaseError(db.path() + ": its " +
                            (name.empty() ? "utc_offset is not one" : "time_zone " + name + " is not known") +
                            "; set one by jobmap init --time-zone",
                        0);
  rules.zone = *zone;
  const std::string own_region = meta("region");
  if (!region && !own_region.empty()) region = own_region;
  if (const auto extent = region ? parse_region(*region) : extent_of_districts(db)) {
    rules.region = *extent;
    rules.region_is_known = true;
  }
  for (Statement s = db.prepare("SELECT adcode, name FROM districts"); s.step();)
    rules.add_district(std::string(s.column_text(0)), std::string(s.column_text(1)));
  for (Statement s = db.prepare("SELECT adcode, name, note FROM abolished_districts"); s.step();)
    rules.add_abolished(std::string(s.column_text(0)), std::string(s.column_text(1)),
                        std::string(s.column_text(2)));
  for (Statement s = db.prepare("SELECT id, name FROM stations"); s.step();)
    rules.add_station(std::string(s.column_text(0)), std::string(s.column_text(1)));
  return rules;
}

}  // namespace jobmap::data
