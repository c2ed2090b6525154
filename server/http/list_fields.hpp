#pragma once
// Fields that may come in several lines and then mean one list (RFC 9110, 5.3). Of those we read, these are
// joined before anybody looks: Accept, Accept-Encoding, If-None-Match.
//
//   JoinedLists storage;                  // lives as long as the fields
//   join_lists(fields, storage);          // {accept: a}, {accept: b}  ->  {accept: "a, b"}, {accept: b}
//
// The first line of a name has the whole list; the others stay. A request without repeats costs one pass.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/request.hpp"

namespace jobmap::http {

inline constexpr std::array<std::string_view, 3> list_names{"accept", "accept-encoding", "if-none-match"};
using JoinedLists = std::array<std::string, list_names.size()>;

inline void join_lists(std::vector<api::Header>& fields, JoinedLists& storage) {
  std::array<api::Header*, list_names.size()> first{};
  for (auto& field : fields)
    for (std::size_t i = 0; i < list_names.size(); ++i) {
      if (field.name != list_names[i]) continue;
      if (!first[i]) {
        first[i] = &field;
        continue;
      }
      if (first[i]->value.data() != storage[i].data()) storage[i] = first[i]->value;
      storage[i].append(", ").append(field.value);
      first[i]->value = storage[i];
    }
}

}  // namespace jobmap::http
