#pragma once
// The literals of CQL2 that are more than one word: geometries and times.
//
//   auto r = read_geometry(tokens, options);     // POLYGON((120 30, 121 30, 121 31, 120 30)), BBOX(…), …
//   auto p = read_period(tokens, options);       // DATE('2026-11-23'), TIMESTAMP('…Z'), INTERVAL('…','..')
//
// Both throw SyntaxError.
#include <memory>
#include <optional>

#include "server/query/syntax/cql2/parser.hpp"
#include "server/query/syntax/cql2/tokens.hpp"

namespace jobmap::query::cql2 {

bool begins_geometry(const Tokens& tokens);
bool begins_period(const Tokens& tokens);
std::shared_ptr<const Region> read_geometry(Tokens& tokens, const Options& options);
Period read_period(Tokens& tokens, const Options& options);
// A bare date as a DATE, a time as a TIMESTAMP; nothing where the text is neither.
std::optional<Period> period_of(std::string_view text, const data::TimeZone& zone);

}  // namespace jobmap::query::cql2
