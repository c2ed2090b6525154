#include "server/query/parse/sortby.hpp"

#include <algorithm>

namespace jobmap::query {

std::vector<SortKey> read_sortby(Reader& r, const std::string& allowed,
                                 const std::function<std::optional<int>(std::string_view)>& index_of) {
  std::vector<SortKey> keys;
  const auto names = r.list("sortby");
  if (!names) return keys;
  for (const auto& given : *names) {
    std::string_view name = given;
    const char sign = name.front();
    if (sign == '+' || sign == '-' || sign == ' ') name.remove_prefix(1);
    const auto index = index_of(name);
    if (!index) {
      r.fail("sortby", given, "there is no such property to sort by", "with + or - before each: " + allowed);
      return {};
    }
    if (std::any_of(keys.begin(), keys.end(), [&](const SortKey& k) { return k.property == *index; })) {
      r.fail("sortby", given, "this property is named twice", "each property once");
      return {};
    }
    keys.push_back({*index, sign == '-'});
  }
  if (keys.size() <= most_sort_keys) return keys;
  r.fail("sortby", r.raw("sortby"), "these are too many properties to sort by",
         "at most " + std::to_string(most_sort_keys));
  return {};
}

}  // namespace jobmap::query
