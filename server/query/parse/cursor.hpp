#pragma once
// Where a page ended: the sort key and the id of its last job, and a hash of the query it belongs to. As text
// it is base64url; it names a place in the order, not a count, so it stays right when data is published in
// between.
//
//   std::string text = write_cursor({hash, 123.4, "synthetic:17"});
//   std::optional<Cursor> c = read_cursor(text);     // nothing where the text is not a cursor
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jobmap::query {

struct Cursor {
  std::uint64_t query = 0;  // hash of the canonical filter and order
  double key = 0;           // distance in metres, seconds, or fen
  std::string id;           // "source:id"
  std::string values = {};  // of an order by properties (server/query/parse/sort_values.hpp)
};

std::string write_cursor(const Cursor& cursor);
std::optional<Cursor> read_cursor(std::string_view text);
std::uint64_t hash_text(std::string_view text);  // FNV-1a, 64 bits

}  // namespace jobmap::query
