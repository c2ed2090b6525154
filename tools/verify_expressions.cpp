#include "tools/verify_expressions.hpp"

#include <algorithm>
#include <cmath>

#include "data/model/time.hpp"
#include "server/query/syntax/number_text.hpp"
#include "tools/verify_words.hpp"

namespace jobmap::tools {
namespace {

using query::JobProperty;

// A queryable, and the same of the jobs' columns: an empty text or a time of zero says nothing.
struct Column {
  JobProperty property;
  std::string_view name, sql;
};

constexpr Column texts[] = {
    {JobProperty::id, "id", "(source || ':' || id)"},
    {JobProperty::source, "source", "source"},
    {JobProperty::title, "title", "title"},
    {JobProperty::description, "description", "nullif(description, '')"},
    {JobProperty::category, "category", "category"},
    {JobProperty::employer, "employer", "employer"},
    {JobProperty::uscc, "uscc", "nullif(uscc, '')"},
    {JobProperty::pay_unit, "pay_unit", "pay_unit"},
    {JobProperty::settlement, "settlement", "settlement"},
    {JobProperty::shifts, "shifts", "nullif(shifts, '')"},
    {JobProperty::education, "education", "education"},
    {JobProperty::occupation, "occupation", "nullif(occupation, '')"},
    {JobProperty::industry, "industry", "industry"},
    {JobProperty::address, "address", "nullif(address, '')"},
    {JobProperty::precision, "precision", "precision"},
    {JobProperty::apply_url, "apply_url", "nullif(apply_url, '')"},
    {JobProperty::contact, "contact", "nullif(contact, '')"},
};
// Those that are one of a list of names: CQL2 refuses any other.
constexpr bool is_listed(JobProperty p) {
  return p == JobProperty::category || p == JobProperty::pay_unit || p == JobProperty::settlement ||
         p == JobProperty::education || p == JobProperty::precision;
}
constexpr Column numbers[] = {
    {JobProperty::openings, "openings", "openings"},
    {JobProperty::pay_min, "pay_min", "(pay_min / 100.0)"},
    {JobProperty::pay_max, "pay_max", "(pay_max / 100.0)"},
    {JobProperty::months, "months", "nullif(months, 0)"},
    {JobProperty::stipend, "stipend", "(stipend / 100.0)"},
    {JobProperty::experience, "experience", "experience"},
};
constexpr Column times[] = {
    {JobProperty::published_at, "published_at", "nullif(published_at, 0)"},
    {JobProperty::expires_at, "expires_at", "expires_at"},
};

std::string operator+(std::string_view a, const std::string& b) { return std::string(a) + b; }

// % and _ of CQL2's LIKE as GLOB has them, which minds the case as CQL2 does.
std::string glob_of(std::string_view pattern) {
  std::string glob;
  for (const char c : pattern) switch (c) {
      case '%':
        glob += '*';
        break;
      case '_':
        glob += '?';
        break;
      case '*':
      case '?':
      case '[':
        (glob += '[') += c, glob += ']';
        break;
      default:
        glob += c;
    }
  return glob;
}

std::string timestamp(std::int64_t seconds) {
  std::string text(data::time_size, '\0');
  data::format_time(seconds, text.data());
  return "'" + text + "'";
}

}  // namespace

std::string some_polygon(geo::LonLat middle, std::mt19937& random) {
  const auto part = [&] { return static_cast<double>(random() % 1000) / 1000; };
  const double size = std::pow(10.0, -3.5 + 2.5 * part());
  // An area ends at the antimeridian and at the poles.
  middle = {std::clamp(middle.lon, -180 + size, 180 - size), std::clamp(middle.lat, -90 + size, 90 - size)};
  const auto ring = [&](double least, double most) {
    const unsigned corners = 3 + static_cast<unsigned>(random() % 20);
    std::string first, text;
    for (unsigned i = 0; i < corners; ++i) {
      const double angle = 6.283185307 * i / corners, r = size * (least + (most - least) * part());
      char at[64];
      std::snprintf(at, sizeof at, "%.7f %.7f", middle.lon + r * std::cos(angle),
                    middle.lat + r * std::sin(angle));
      if (first.empty()) first = at;
      text += at, text += ',';
    }
    return "(" + text + first + ")";
  };
  std::string text = "POLYGON(" + ring(0.5, 1);
  if (random() % 3 == 0) text += "," + ring(0.05, 0.2);
  return text + ")";
}

SaidTwice ExpressionAsker::ask(unsigned depth) {
  if (depth > 0 && pick(4)) {
    const auto a = ask(depth - 1);
    if (pick(3) == 0) return {"NOT (" + a.cql + ")", "NOT (" + a.sql + ")"};
    const auto b = ask(depth - 1);
    const std::string joint = pick(2) ? ") AND (" : ") OR (";
    return {"(" + a.cql + joint + b.cql + ")", "(" + a.sql + joint + b.sql + ")"};
  }
  switch (pick(7)) {
    case 0:
    case 1:
      return text();
    case 2:
    case 3:
      return number();
    case 4:
      return time();
    case 5:
      return place();
    default:
      return null();
  }
}

query::cql2::Value ExpressionAsker::some_value(JobProperty property) {
  if (s_.jobs->size == 0) return {};
  return query::JobProperties(s_, pick(s_.jobs->size)).get(static_cast<int>(property));
}

// Some job's value; a backslash is left out, since CQL2 gives it a meaning.
std::string ExpressionAsker::some_text(JobProperty property) {
  for (int i = 0; i < 20; ++i) {
    if (s_.jobs->size == 0) break;
    const query::JobProperties job(s_, pick(s_.jobs->size));
    const auto value = job.get(static_cast<int>(property));
    const auto* text = std::get_if<std::string_view>(&value);
    if (text && text->find('\\') == std::string_view::npos) return std::string(*text);
  }
  return is_listed(property) ? "" : "a text that no job has";
}

SaidTwice ExpressionAsker::text() {
  static constexpr std::string_view signs[] = {"=", "<>", "<", "<=", ">", ">="};
  const auto& c = texts[pick(std::size(texts))];
  const auto one = some_text(c.property), other = some_text(c.property);
  if (one.empty() || other.empty()) return number();
  const auto name = std::string(c.name), sql = std::string(c.sql);
  switch (pick(4)) {
    case 0: {
      const auto list = " IN (" + literal(one) + ", " + literal(other) + ")";
      return {name + list, sql + list};
    }
    case 1: {
      if (is_listed(c.property)) break;
      // A piece of whole characters with something before and after it.
      auto from = pick(one.size()), to = from + 1 + pick(one.size() - from);
      const auto inside = [&](std::size_t at) { return at < one.size() && (one[at] & 0xC0) == 0x80; };
      while (inside(from)) --from;
      while (inside(to)) ++to;
      const auto pattern = (pick(4)   ? "%"
                            : pick(2) ? "_"
                                      : "") +
                           one.substr(from, to - from) + (pick(4) ? "%" : "");
      return {name + " LIKE " + literal(pattern), sql + " GLOB " + literal(glob_of(pattern))};
    }
    case 2: {
      if (is_listed(c.property)) break;
      return {"CASEI(" + name + ") = CASEI(" + literal(one) + ")",
              "lower(" + sql + ") = lower(" + literal(one) + ")"};
    }
    default:
      break;
  }
  const auto rest = " " + (signs[pick(is_listed(c.property) ? 2 : std::size(signs))] + (" " + literal(one)));
  return {name + rest, sql + rest};
}

std::string ExpressionAsker::some_number(JobProperty property) {
  const auto value = some_value(property);
  const auto* number = std::get_if<double>(&value);
  return query::shortest_decimal((number ? *number : pick(100)) + (pick(4) ? 0 : pick(2) ? 0.5 : -1));
}

SaidTwice ExpressionAsker::number() {
  static constexpr std::string_view signs[] = {"=", "<>", "<", "<=", ">", ">="};
  const auto& c = numbers[pick(std::size(numbers))];
  const auto name = std::string(c.name), sql = std::string(c.sql);
  if (pick(10) == 0) return {"pay_min < pay_max", "pay_min < pay_max"};
  const auto one = some_number(c.property), other = some_number(c.property);
  const std::string rest = pick(4) == 0   ? " BETWEEN " + one + " AND " + other
                           : pick(4) == 0 ? " IN (" + one + ", " + other + ")"
                                          : " " + (signs[pick(std::size(signs))] + (" " + one));
  return {name + rest, sql + rest};
}

std::int64_t ExpressionAsker::some_time(JobProperty property) {
  const auto value = some_value(property);
  const auto* span = std::get_if<query::cql2::Span>(&value);
  return span ? span->begin : s_.minute * 60;
}

SaidTwice ExpressionAsker::time() {
  const auto& c = times[pick(std::size(times))];
  const auto name = std::string(c.name), sql = std::string(c.sql);
  auto from = some_time(c.property), to = some_time(c.property);
  if (from > to) std::swap(from, to);
  const auto first = std::to_string(from), last = std::to_string(to);
  switch (pick(5)) {
    case 0:
      return {"T_AFTER(" + name + ", TIMESTAMP(" + timestamp(from) + "))", sql + " > " + first};
    case 1:
      return {"T_BEFORE(" + name + ", TIMESTAMP(" + timestamp(from) + "))", sql + " < " + first};
    case 2:
      return {"T_DURING(" + name + ", INTERVAL(" + timestamp(from) + ", " + timestamp(to) + "))",
              "(" + sql + " > " + first + " AND " + sql + " < " + last + ")"};
    case 3:
      return {name + " >= TIMESTAMP(" + timestamp(from) + ")", sql + " >= " + first};
    default: {  // a day of the city's time
      const auto day = s_.city->zone.day_of(from);
      return {name + " = DATE(" + timestamp(day * data::day_seconds).substr(0, 11) + "')",
              sql + " BETWEEN " + std::to_string(s_.city->zone.begin_of_day(day)) + " AND " +
                  std::to_string(s_.city->zone.begin_of_day(day + 1) - 1)};
    }
  }
}

SaidTwice ExpressionAsker::place() {
  if (s_.jobs->located == 0) return null();
  const auto polygon = some_polygon(geo::to_lonlat(s_.jobs->tree.point(pick(s_.jobs->located))), random_);
  const auto area = "GeomFromText('" + polygon + "', 4326)";
  // For a geometry that is null SpatiaLite answers -1, which SQL takes for true.
  const auto asked = [](const std::string& what) {
    return "CASE WHEN geom IS NOT NULL THEN " + what + " END";
  };
  switch (pick(3)) {
    case 0:
      return {"S_INTERSECTS(geometry, " + polygon + ")", asked("ST_Intersects(" + area + ", geom) = 1")};
    case 1:
      return {"S_WITHIN(geometry, " + polygon + ")", asked("ST_Within(geom, " + area + ") = 1")};
    default:
      return {"S_DISJOINT(geometry, " + polygon + ")", asked("ST_Disjoint(geom, " + area + ") = 1")};
  }
}

SaidTwice ExpressionAsker::null() {
  const std::string is = pick(2) ? " IS NULL" : " IS NOT NULL";
  if (pick(8) == 0) return {"geometry" + is, "geom" + is};
  const auto& c = pick(2)   ? texts[pick(std::size(texts))]
                  : pick(4) ? numbers[pick(std::size(numbers))]
                            : times[0];
  return {c.name + is, c.sql + is};
}

}  // namespace jobmap::tools
