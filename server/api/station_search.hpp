#pragma once
// Finding stations while their name is still being typed.
//
//   for (std::size_t i : search_stations(city, "longx")) city.stations[i].name;    // also 龙翔, lxq,
//   Longxiang
//
// Compared are name, English name, pinyin with and without its spaces, id, and initials, all folded as
// data::fold_name does (case, spaces and ü don't count). Best first: the whole name, the whole initials, the
// beginning of a name, the beginning of initials, then anywhere in a name; among equals the shorter name,
// then the order of the city. A trailing 站 or 地铁站 that leads nowhere is left off.
#include <string_view>
#include <vector>

#include "data/city.hpp"

namespace jobmap::api {

std::vector<std::size_t> search_stations(const data::City& city, std::string_view text);

}  // namespace jobmap::api
