#include "server/query/syntax/cql2/literals.hpp"

#include <limits>

#include "data/model/time.hpp"
#include "geo/polygon.hpp"
#include "server/query/syntax/box.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query::cql2 {
namespace {

constexpr std::string_view geometry_names[] = {"POINT",   "MULTIPOINT",   "LINESTRING",
                                               "POLYGON", "MULTIPOLYGON", "BBOX"};

class GeometryReader {
 public:
  GeometryReader(Tokens& tokens, const Options& options) : t_(tokens), o_(options) {}

  Region read() {
    at_ = t_.peek().at;
    const std::string name = upper_case(t_.take().text);
    text_ = name;
    Region region = read(name);
    region.text = std::move(text_);
    return region;
  }

 private:
  template <typename Read>
  auto list(Read&& read) {
    std::vector<decltype(read())> items;
    t_.expect("("), text_ += '(';
    do {
      if (!items.empty()) text_ += ',';
      items.push_back(read());
    } while (t_.accept(","));
    t_.expect(")"), text_ += ')';
    return items;
  }
  Region read(const std::string& name) {
    if (name == "BBOX") return box();
    if (name == "POINT") return Region::points(list([this] { return position(); }));
    // The points of a MULTIPOINT may each stand in parentheses of their own.
    if (name == "MULTIPOINT")
      return Region::points(list([this] {
        const bool own = t_.accept("(");
        const auto p = position();
        if (own) t_.expect(")");
        return p;
      }));
    if (name == "LINESTRING") {
      const auto line = ring();
      if (line.size() < 2) Tokens::fail_at(at_, "a line has at least two points");
      return Region::line(line);
    }
    if (name == "POLYGON") return area(geo::MultiPolygon{polygon()});
    return area(list([this] { return polygon(); }));
  }

  geo::Ring ring() {
    return list([this] { return position(); });
  }
  geo::Polygon polygon() {
    return list([this] { return ring(); });
  }

  double number() {
    if (t_.peek().kind != Token::Kind::number) t_.fail("a number");
    return t_.take().number;
  }
  geo::LonLat place(double a, double b, std::size_t at) const {
    const auto p = geo::to_wgs84(o_.crs, a, b);
    if (!p || !geo::is_valid(*p))
      Tokens::fail_at(at, "this is no place on the earth in " + std::string(geo::name_of(o_.crs)));
    return *p;
  }
  geo::LonLat position() {
    const auto at = t_.peek().at;
    double a = number(), b = number();
    if (o_.latitude_first) std::swap(a, b);
    text_ += shortest_decimal(a) + ' ' + shortest_decimal(b);
    if (++vertices_ > geo::PolygonLimits{}.vertices)
      Tokens::fail_at(at,
                      "a geometry has at most " + std::to_string(geo::PolygonLimits{}.vertices) + " points");
    return place(a, b, at);
  }

  Region area(const geo::MultiPolygon& area) const {
    if (const auto error = geo::structure_error(area)) Tokens::fail_at(at_, *error);
    const geo::PolygonIndex index(area);
    if (index.empty()) Tokens::fail_at(at_, "all points of the area are one");
    return Region::area(area);
  }

  // In a system of metres or of a shifted datum a box is no box of degrees: its edges are walked in small
  // steps.
  Region box() {
    double v[4];
    t_.expect("(");
    for (int i = 0; i < 4; ++i) {
      if (i) t_.expect(",");
      v[i] = number();
    }
    t_.expect(")");
    if (o_.latitude_first) std::swap(v[0], v[1]), std::swap(v[2], v[3]);
    if (v[1] > v[3]) Tokens::fail_at(at_, "the box has its north below its south");
    const auto one = on_one_world(o_.crs, {v[0], v[1], v[2], v[3]});
    v[0] = one.min_x, v[2] = one.max_x;
    text_ += '(' + shortest_decimal(v[0]) + ',' + shortest_decimal(v[1]) + ',' + shortest_decimal(v[2]) +
             ',' + shortest_decimal(v[3]) + ')';
    if (geo::is_wgs84(o_.crs)) {
      if (!geo::is_valid({v[0], v[1]}) || !geo::is_valid({v[2], v[3]}))
        Tokens::fail_at(at_, "the box leaves the earth");
      return Region::box({v[0], v[1], v[2], v[3]});
    }
    if (v[0] <= v[2]) return area({geo::Polygon{edge_of({v[0], v[1], v[2], v[3]})}});
    if (o_.crs != geo::Crs::epsg3857) Tokens::fail_at(at_, "the box has its east before its west");
    const double half = half_turn(o_.crs).value();
    return area(
        {geo::Polygon{edge_of({v[0], v[1], half, v[3]})}, geo::Polygon{edge_of({-half, v[1], v[2], v[3]})}});
  }

  geo::Ring edge_of(const geo::Box& box) {
    constexpr int steps = 32;
    const double corners[5][2] = {{box.min_x, box.min_y},
                                  {box.max_x, box.min_y},
                                  {box.max_x, box.max_y},
                                  {box.min_x, box.max_y},
                                  {box.min_x, box.min_y}};
    geo::Ring ring;
    for (int side = 0; side < 4; ++side)
      for (int i = 0; i < steps; ++i) {
        const double part = static_cast<double>(i) / steps;
        ring.push_back(place(corners[side][0] + (corners[side + 1][0] - corners[side][0]) * part,
                             corners[side][1] + (corners[side + 1][1] - corners[side][1]) * part, at_));
      }
    ring.push_back(ring.front());
    return ring;
  }

  Tokens& t_;
  const Options& o_;
  std::size_t at_ = 0, vertices_ = 0;
  std::string text_;
};

data::ParsedTime time(std::string_view text, std::size_t at, const Options& o) {
  if (const auto time = data::parse_time(text, o.zone)) return *time;
  Tokens::fail_at(at, '\'' + std::string(text) + "' is no date or time from 1970 to 2105",
                  "2026-11-23 or 2026-11-23T08:00:00Z");
}

std::string spelled(const data::ParsedTime& time, std::string_view given) {
  if (time.is_date) return std::string(given);
  std::string text(data::time_size, ' ');
  data::format_time(time.seconds, text.data());
  return text;
}

Token text_in(Tokens& t) {
  if (t.peek().kind != Token::Kind::text) t.fail("a text in quotes");
  return t.take();
}

Period interval(Tokens& t, const Options& o) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min() / 2, highest = -lowest;
  Period p;
  const auto at = t.peek().at;
  const Token from = text_in(t);
  t.expect(",");
  const Token to = text_in(t);
  std::string begin = "..", end = "..";
  p.span = p.during = {lowest, highest};
  if (from.text != "..") {
    const auto time_from = time(from.text, from.at, o);
    p.span.begin = time_from.seconds;
    p.during.begin = time_from.is_date ? p.span.begin : p.span.begin + 1;
    begin = spelled(time_from, from.text);
  }
  if (to.text != "..") {
    const auto time_to = time(to.text, to.at, o);
    p.span.end = time_to.is_date ? time_to.end - 1 : time_to.seconds;
    p.during.end = time_to.is_date ? p.span.end : p.span.end - 1;
    end = spelled(time_to, to.text);
  }
  if (p.span.begin > p.span.end) Tokens::fail_at(at, "the interval ends before it begins");
  p.text = "INTERVAL('" + begin + "','" + end + "')";
  return p;
}

Period period(const data::ParsedTime& time, std::string_view given) {
  Period p;
  p.span = {time.seconds, time.is_date ? time.end - 1 : time.seconds};
  p.during = time.is_date ? p.span : Span{p.span.begin + 1, p.span.end - 1};  // nothing is during an instant
  p.text = (time.is_date ? "DATE('" : "TIMESTAMP('") + spelled(time, given) + "')";
  return p;
}

}  // namespace

bool begins_geometry(const Tokens& tokens) {
  if (!tokens.is_function()) return false;
  for (const auto name : geometry_names)
    if (tokens.is_word(name)) return true;
  return false;
}

bool begins_period(const Tokens& tokens) {
  return tokens.is_function() &&
         (tokens.is_word("DATE") || tokens.is_word("TIMESTAMP") || tokens.is_word("INTERVAL"));
}

std::shared_ptr<const Region> read_geometry(Tokens& tokens, const Options& options) {
  return std::make_shared<const Region>(GeometryReader(tokens, options).read());
}

std::optional<Period> period_of(std::string_view text, const data::TimeZone& zone) {
  const auto time = data::parse_time(text, zone);
  return time ? std::optional(period(*time, text)) : std::nullopt;
}

Period read_period(Tokens& t, const Options& o) {
  const std::string name = upper_case(t.take().text);
  t.expect("(");
  Period p;
  if (name == "INTERVAL") {
    p = interval(t, o);
  } else {
    const Token given = text_in(t);
    const auto parsed = time(given.text, given.at, o);
    if (parsed.is_date != (name == "DATE"))
      Tokens::fail_at(given.at,
                      name == "DATE" ? "a DATE has no time of day" : "a TIMESTAMP has a time of day",
                      "DATE('2026-11-23') or TIMESTAMP('2026-11-23T08:00:00Z')");
    p = period(parsed, given.text);
  }
  t.expect(")");
  return p;
}

}  // namespace jobmap::query::cql2
