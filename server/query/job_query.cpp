#include "query/job_query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "data/time.hpp"

namespace jobmap::query {
namespace {

using data::Snapshot;

template <std::size_t N>
std::string joined(const std::array<std::string_view, N>& names) {
  std::string out;
  for (const auto name : names)
    if (!name.empty()) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

std::string plain(double v) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, v).ptr};
}

// One spelling of a filter: name=value pairs in a fixed order, values normalised and sorted.
class Canonical {
 public:
  void add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    (text_ += name) += '=';
    text_ += percent_encode(value, ",:");
  }
  void add(std::string_view name, double value) { add(name, std::string_view(plain(value))); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

void read_crs(Reader& r, JobQuery& q) {
  const auto name = r.text("crs");
  if (!name) return;
  if (const auto crs = geo::parse_crs(*name))
    q.crs = *crs;
  else
    r.fail("crs", *name, "this coordinate reference system is not served", std::string(geo::crs_names()));
}

// Reads one filter; each function is one group of parameters and what it adds to the canonical form.
class FilterParser {
 public:
  FilterParser(Reader& reader, const Snapshot& snapshot) : r_(reader), city_(*snapshot.city) {}

  JobQuery parse() {
    r_.refuse_unsupported({"q", "reach", "minutes", "mode", "speed_kmh", "detour", "depart", "shift", "cell",
                           "within", "filter", "filter-lang"});
    read_crs(r_, q_);
    what();
    pay();
    anchor();
    circle();
    bbox();
    districts();
    if (q_.crs != geo::Crs::wgs84) canonical_.add("crs", geo::name_of(q_.crs));
    q_.canonical = canonical_.take();
    return std::move(q_);
  }

 private:
  void what() {
    if (const auto names = r_.list("category")) {
      for (const auto& name : *names) {
        if (const auto c = data::parse_category(name))
          q_.categories = static_cast<std::uint8_t>(q_.categories | 1u << static_cast<unsigned>(*c));
        else
          r_.fail("category", name, "there is no such category", joined(data::category_names));
      }
      std::string value;
      for (unsigned c = 0; c < 3; ++c)
        if (q_.categories >> c & 1)
          value += (value.empty() ? "" : ",") + std::string(data::category_names[c]);
      canonical_.add("category", value);
    }
    if (const auto name = r_.text("education")) {
      q_.education = data::parse_education(*name);
      if (!q_.education)
        r_.fail("education", *name, "there is no such level",
                joined(data::education_names) + ", or a GB/T 4658 code");
      else
        canonical_.add("education", name_of(*q_.education));
    }
    if (const auto years = r_.integer("experience_max", 0, 60)) {
      q_.experience_max = static_cast<int>(*years);
      canonical_.add("experience_max", static_cast<double>(*years));
    }
    industry();
    if (const auto prefix = r_.text("occupation")) {
      const bool ok = prefix->size() <= 16 && std::all_of(prefix->begin(), prefix->end(), [](char c) {
                        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
                      });
      if (!ok)
        r_.fail("occupation", *prefix, "this is not the beginning of an occupation code",
                "digits, capital letters and hyphens, as in 2-02");
      q_.occupation_prefix = *prefix;
      canonical_.add("occupation", *prefix);
    }
    if (const auto text = r_.text("posted_since")) {
      const auto offset = data::parse_utc_offset(city_.utc_offset).value_or(0);
      if (const auto time = data::parse_time(*text, offset)) {
        q_.posted_since = time->seconds;
        char text_of[data::time_size];
        data::format_time(time->seconds, text_of);
        canonical_.add("posted_since", std::string_view(text_of, data::time_size));
      } else {
        r_.fail("posted_since", *text, "this is not a time",
                "an RFC 3339 date or time: 2026-11-23 or 2026-11-23T08:00:00+08:00");
      }
    }
    if (const auto name = r_.text("precision")) {
      q_.precision = data::parse_precision(*name);
      if (!q_.precision)
        r_.fail("precision", *name, "there is no such precision", joined(data::precision_names));
      else
        canonical_.add("precision", name_of(*q_.precision));
    }
  }

  void industry() {
    const auto letters = r_.list("industry");
    if (!letters) return;
    for (const auto& l : *letters) {
      if (l.size() == 1 && l[0] >= 'A' && l[0] <= 'T')
        q_.industries |= 1u << (l[0] - 'A');
      else
        r_.fail("industry", l, "there is no such industry", "letters A to T of GB/T 4754, comma-separated");
    }
    std::string value;
    for (unsigned i = 0; i < 20; ++i)
      if (q_.industries >> i & 1)
        value += (value.empty() ? "" : ",") + std::string(1, static_cast<char>('A' + i));
    canonical_.add("industry", value);
  }

  void pay() {
    const auto unit = r_.text("pay_unit");
    const auto least = r_.number("pay_min", 0, 10'000'000);
    if (unit) {
      const auto parsed = data::parse_pay_unit(*unit);
      if (!parsed) return r_.fail("pay_unit", *unit, "there is no such unit", joined(data::pay_unit_names));
      q_.pay_unit = *parsed;
      canonical_.add("pay_unit", *unit);
    }
    if (!least) return;
    if (!unit)
      return r_.fail("pay_min", plain(*least), "pay_min needs pay_unit, since units are never converted",
                     "pay_unit=" + joined(data::pay_unit_names));
    // Pay is kept in fen; a limit between two fen is reached by the upper one.
    q_.pay_min = static_cast<std::int32_t>(std::ceil(*least * 100 - 1e-6));
    canonical_.add("pay_min", *q_.pay_min / 100.0);
  }

  // One position in the query's crs, as "x,y".
  std::optional<geo::LonLat> position(std::string_view name) {
    const auto xy = r_.numbers(name, 2);
    if (!xy) return std::nullopt;
    const auto p = geo::to_wgs84(q_.crs, (*xy)[0], (*xy)[1]);
    if (p && geo::is_valid(*p)) {
      canonical_.add(name, plain((*xy)[0]) + "," + plain((*xy)[1]));
      return p;
    }
    r_.fail(name, plain((*xy)[0]) + "," + plain((*xy)[1]),
            "this is no place on the earth in " + std::string(geo::name_of(q_.crs)),
            geo::is_geographic(q_.crs) ? "longitude -180 to 180, latitude -90 to 90, longitude first"
                                       : "east, north in metres, within the system's area");
    return std::nullopt;
  }

  void anchor() {
    static constexpr std::string_view names[] = {"near", "station", "line"};
    std::string_view given;
    for (const auto name : names) {
      if (!r_.has(name)) continue;
      if (!given.empty())
        return r_.fail(name, r_.raw(name), "a query has one anchor; " + std::string(given) + " is given too",
                       "near, station or line");
      given = name;
    }
    if (given.empty()) {
      if (const auto radius = r_.number("radius", 1, 50000))
        r_.fail("radius", plain(*radius), "a radius needs an anchor", "near, station or line");
      return;
    }
    const auto radius = r_.number("radius", 1, 50000);
    if (given == "near") {
      q_.anchor = AnchorKind::near;
      if (const auto p = position("near")) q_.anchors.push_back(*p);
    } else {
      stations(given);
    }
    q_.radius_m = radius.value_or(given == "near" ? 1000 : 800);
    canonical_.add("radius", q_.radius_m);
  }

  void stations(std::string_view parameter) {
    q_.anchor = parameter == "line" ? AnchorKind::line : AnchorKind::station;
    std::vector<std::uint16_t> found;
    std::vector<std::string> ids;
    for (const auto& name : r_.list(parameter).value_or(std::vector<std::string>{})) {
      if (q_.anchor == AnchorKind::line) {
        const auto line = city_.find_line(name);
        if (!line) return r_.fail("line", name, "there is no such line", "an id or a name of /v1/lines");
        ids.push_back(city_.lines[*line].id);
        for (const auto& branch : city_.lines[*line].branches)
          found.insert(found.end(), branch.begin(), branch.end());
      } else {
        const auto matches = city_.find_stations(name);
        if (matches.empty())
          return r_.fail("station", name, "there is no such station", "an id or a name of /v1/stations");
        found.insert(found.end(), matches.begin(), matches.end());
        for (const auto s : matches) ids.push_back(city_.stations[s].id);
      }
    }
    if (found.empty())
      return r_.fail(parameter, "", "the line has no stations", "a line of /v1/lines with stations");
    sort_unique(found), sort_unique(ids);
    for (const auto s : found) q_.anchors.push_back(geo::to_lonlat(city_.stations[s].at));
    std::string value;
    for (const auto& id : ids) value += (value.empty() ? "" : ",") + id;
    canonical_.add(parameter, value);
  }

  void circle() {
    const auto names = r_.list("circle");
    const auto minutes = r_.number("circle_minutes", 1, 60);
    if (!names) {
      if (minutes)
        r_.fail("circle_minutes", plain(*minutes), "circle_minutes needs circle",
                "circle=service, or ids of service points");
      return;
    }
    q_.circle_minutes = minutes.value_or(15);
    std::string value;
    if (names->size() == 1 && (*names)[0] == "service") {
      q_.circle_service = true;
      value = "service";
    } else {
      for (const auto& id : *names) {
        const auto point = city_.find_service_point(id);
        if (!point)
          return r_.fail("circle", id, "there is no such service point",
                         "service, or ids of /v1/service-points");
        q_.circle_points.push_back(*point);
      }
      sort_unique(q_.circle_points);
      for (const auto p : q_.circle_points) value += (value.empty() ? "" : ",") + city_.service_points[p].id;
    }
    canonical_.add("circle", value);
    canonical_.add("circle_minutes", q_.circle_minutes);
  }

  void bbox() {
    const auto v = r_.numbers("bbox", 4);
    if (!v) return;
    const geo::Box box{(*v)[0], (*v)[1], (*v)[2], (*v)[3]};
    const std::string value =
        plain(box.min_x) + "," + plain(box.min_y) + "," + plain(box.max_x) + "," + plain(box.max_y);
    const bool degrees = geo::is_geographic(q_.crs);
    if (degrees && !(geo::is_valid({box.min_x, box.min_y}) && geo::is_valid({box.max_x, box.max_y})))
      return r_.fail("bbox", value, "the box leaves the earth",
                     "minx,miny,maxx,maxy with longitudes -180 to 180 and latitudes -90 to 90");
    if (box.min_y > box.max_y)
      return r_.fail("bbox", value, "miny is greater than maxy", "minx,miny,maxx,maxy");
    if (box.min_x > box.max_x && !geo::is_wgs84(q_.crs))
      return r_.fail("bbox", value,
                     "minx is greater than maxx, which only crosses the antimeridian in degrees of WGS84",
                     "minx,miny,maxx,maxy");
    q_.bbox = box;
    canonical_.add("bbox", value);
  }

  void districts() {
    const auto names = r_.list("district");
    if (!names) return;
    std::string value;
    for (const auto& name : *names) {
      const auto d = city_.find_district(name);
      if (!d) return r_.fail("district", name, abolished(name), "an adcode or a name of /v1/districts");
      q_.districts.push_back(static_cast<std::uint8_t>(*d));
    }
    sort_unique(q_.districts);
    for (const auto d : q_.districts) value += (value.empty() ? "" : ",") + city_.districts[d].adcode;
    canonical_.add("district", value);
  }

  std::string abolished(const std::string& name) const {
    for (const auto& d : city_.abolished)
      if (d.adcode == name || d.name == name) return "this district is abolished: " + d.note;
    return "there is no such district";
  }

  Reader& r_;
  const data::City& city_;
  JobQuery q_;
  Canonical canonical_;
};

std::optional<Sort> parse_sort(Reader& r, std::string_view text, const JobQuery& q) {
  constexpr std::string_view allowed = "distance, newest, pay; with - in front the other way round";
  if (text == "newest") return Sort::newest;
  if (text == "distance") {
    if (q.anchor != AnchorKind::none) return Sort::distance;
    r.fail("sort", text, "distance needs near, station or line", std::string(allowed));
  } else if (text == "pay") {
    if (q.pay_unit != data::PayUnit::none) return Sort::pay;
    r.fail("sort", text, "pay needs pay_unit, since units are never converted", std::string(allowed));
  } else if (text == "minutes" || text == "relevance") {
    r.fail("sort", text, "not supported yet", std::string(allowed));
  } else {
    r.fail("sort", text, "there is no such order", std::string(allowed));
  }
  return std::nullopt;
}

void parse_fields(Reader& r, JobQuery& q) {
  const auto names = r.list("fields");
  if (!names) return;
  q.fields = 0;
  for (const auto& name : *names) {
    const auto it = std::find(field_names.begin(), field_names.end(), name);
    if (it == field_names.end())
      return r.fail("fields", name, "there is no such property", joined(field_names));
    q.fields |= 1ull << (it - field_names.begin());
  }
}

constexpr std::array<std::string_view, 3> sort_names{"newest", "distance", "pay"};

std::string canonical_fields(const JobQuery& q) {
  if (q.fields == all_fields) return {};
  std::string names;
  for (std::size_t i = 0; i < field_names.size(); ++i)
    if (q.fields >> i & 1) names += (names.empty() ? "" : ",") + std::string(field_names[i]);
  return "&fields=" + names;
}

}  // namespace

void parse_presentation(Reader& r, JobQuery& q) {
  read_crs(r, q);
  parse_fields(r, q);
  q.canonical = "crs=" + percent_encode(geo::name_of(q.crs), ":") + canonical_fields(q);
}

std::uint64_t JobQuery::order_hash() const {
  return hash_text(canonical + "|" + std::to_string(static_cast<int>(sort)) + (reverse ? "-" : ""));
}

JobQuery parse_filter(Reader& reader, const data::Snapshot& snapshot) {
  return FilterParser(reader, snapshot).parse();
}

void parse_listing(Reader& r, JobQuery& q, const data::Snapshot&) {
  r.refuse_unsupported({"explain"});
  q.sort = q.anchor != AnchorKind::none ? Sort::distance : Sort::newest;
  if (const auto text = r.text("sort")) {
    std::string_view name = *text;
    if (name.starts_with('-')) {
      q.reverse = true;
      name.remove_prefix(1);
    }
    if (const auto sort = parse_sort(r, name, q)) q.sort = *sort;
  }
  if (const auto limit = r.integer("limit", 1, 1000)) q.limit = static_cast<std::uint32_t>(*limit);
  parse_fields(r, q);
  if (const auto text = r.text("cursor")) {
    q.after = read_cursor(*text);
    if (!q.after)
      r.fail("cursor", *text, "this is not a cursor", "the cursor of a next link, unchanged");
    else if (q.after->query != q.order_hash())
      r.fail("cursor", *text, "this cursor belongs to another query", "the next link of this very query");
  }
  q.canonical_list = "sort=" + std::string(q.reverse ? "-" : "") +
                     std::string(sort_names[static_cast<std::size_t>(q.sort)]) +
                     "&limit=" + std::to_string(q.limit) + canonical_fields(q);
}

}  // namespace jobmap::query
