#include "server/query/syntax/query_string.hpp"

#include <algorithm>

#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::query {

Result<Params> Params::parse(std::string_view query, Repeats repeats) {
  Params params;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto item = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (item.empty()) continue;
    if (params.items_.size() == most_params)
      return bad_request("", "", "the query string has too many parameters",
                         "at most " + std::to_string(most_params));
    const auto equals = item.find('=');
    auto name = percent_decode(item.substr(0, equals), true);
    auto value =
        equals == std::string_view::npos ? std::string() : percent_decode(item.substr(equals + 1), true);
    if (!name)
      return bad_request("", "", "a parameter name in the query string is malformed",
                         "percent-encoded UTF-8 without NUL");
    if (!value) return bad_request(*name, "", "the value is malformed", "percent-encoded UTF-8 without NUL");
    if (repeats == Repeats::last_wins)
      std::erase_if(params.items_, [&](const auto& earlier) { return earlier.first == *name; });
    if (params.find(*name))
      return bad_request(*name, *value, "the parameter is given twice",
                         "each parameter once; several values are comma-separated");
    params.items_.emplace_back(std::move(*name), std::move(*value));
  }
  return params;
}

const std::string* Params::find(std::string_view name) const {
  for (const auto& [key, value] : items_)
    if (key == name) return &value;
  return nullptr;
}

}  // namespace jobmap::query
