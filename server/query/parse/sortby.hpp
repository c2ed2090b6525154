#pragma once
// sortby=+pay_min,-published_at: the order of a list by properties (OGC API Features, part 8).
//
//   auto keys = read_sortby(reader, "name, id", index_of);    // index_of("name"): its property, or nothing
//
// A + may be left out, and comes as a blank where it wasn't percent-encoded. What is wrong fails the reader.
#include <functional>

#include "server/query/parse/job_query.hpp"

namespace jobmap::query {

inline constexpr std::size_t most_sort_keys = 4;

std::vector<SortKey> read_sortby(Reader& reader, const std::string& allowed,
                                 const std::function<std::optional<int>(std::string_view)>& index_of);

}  // namespace jobmap::query
