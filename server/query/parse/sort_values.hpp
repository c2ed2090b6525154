#pragma once
// The values that one feature is sorted by, and their place in a cursor.
//
//   SortValues a{3.0, std::string("龙翔桥")}, b{std::monostate(), std::string("凤起路")};
//   compare(a, b, keys) < 0;                 // no value comes last, whichever way the order goes
//   read_values(write_values(a), 2) == a;
//
// Texts compare by bytes, and by the first sort_bytes of them, so that a cursor stays short; the id decides
// among those that are equal.
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

inline constexpr std::size_t sort_bytes = 120;

using SortValue = std::variant<std::monostate, double, std::string>;
using SortValues = std::vector<SortValue>;

// Negative, zero or positive, as a comes before b, beside it or after it.
int compare(const SortValues& a, const SortValues& b, std::span<const SortKey> keys);

std::string write_values(const SortValues& values);
// Nothing where the bytes are not so many values.
std::optional<SortValues> read_values(std::string_view bytes, std::size_t count);

}  // namespace jobmap::query
