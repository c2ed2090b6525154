#pragma once
// CQL2 text to an Expression: recursive descent over the grammar of OGC 21-065r2, without arithmetic, arrays
// and functions of one's own.
//
//   auto e = parse("pay_min > 8000 AND NOT category = 'gig'", {.queryables = job_queryables()});
//   if (!e) return e.error();     // "at character 11: expected a value after >, not AND"
//
// Supported: = <> < <= > >=, AND, OR, NOT, IN, BETWEEN, LIKE (% any, _ one character, \ before either), IS
// NULL, CASEI, TRUE, FALSE, DATE, TIMESTAMP, INTERVAL, T_AFTER, T_BEFORE, T_DURING, T_EQUALS, T_INTERSECTS,
// T_DISJOINT, S_INTERSECTS, S_WITHIN, S_DISJOINT, POINT, MULTIPOINT, LINESTRING, POLYGON, MULTIPOLYGON, BBOX.
// Whoever compares a text with a number, or names what is no queryable, is told so by place, name and type.
#include "data/model/time_zone.hpp"
#include "geo/crs.hpp"
#include "server/query/syntax/cql2/syntax.hpp"
#include "server/query/syntax/error.hpp"

namespace jobmap::query::cql2 {

inline constexpr std::size_t max_bytes = 65'536;
inline constexpr int max_depth = 32;

// `draft` is the cql-text that clients older than the standard write, GDAL among them: a text stands for a
// time where it is compared with one, ILIKE ignores case, and a backslash is a character like any other.
// `plain` is CQL2 in which a backslash doesn't escape a quote: what cql2/json.hpp writes.
enum class Dialect : std::uint8_t { cql2, draft, plain };

struct Options {
  std::span<const Queryable> queryables;
  data::TimeZone zone = 0;                // a DATE is a day of its local time
  geo::Crs crs = geo::Crs::wgs84;         // of coordinates
  bool latitude_first = false;            // of two coordinates; the expression's text has x first
  std::string_view parameter = "filter";  // named in errors
  Dialect dialect = Dialect::cql2;
};

Result<Expression> parse(std::string_view text, const Options& options);
// Makes an expression of a tree whose nodes were checked: brings it into its one spelling.
Expression expression_of(Node root, std::span<const Queryable> queryables);

}  // namespace jobmap::query::cql2
