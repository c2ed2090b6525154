#pragma once
// Finding stations while their name is still being typed, and choosing those that a query names.
//
//   for (std::size_t i : search_stations(city, "longx")) city.stations[i].name;
//   // the same by 龍翔, lxq, longxq and Longxiang
//   auto chosen = choose_stations(city, "longxq");        // chosen.stations == {i}, chosen.is_clear
//
// Compared are name, English name, pinyin with and without its spaces, id, and initials, all folded as
// data::fold_name does (case, spaces, brackets, tone marks, ü and the form of ideographs don't count); and
// pinyin of which each syllable is written in full or by its beginning alone. Best first: the whole name, the
// whole initials or such a mixture of all syllables, the beginning of a name, the beginning of initials or of
// a mixture, then anywhere in a name; among equals the shorter name, then the order of the city. A trailing
// 站, 地铁站, station or zhan that leads nowhere is left off.
#include <cstdint>
#include <string_view>
#include <vector>

#include "data/model/city.hpp"

namespace jobmap::data {

std::vector<std::size_t> search_stations(const City& city, std::string_view text);

// `station=` means the stations of that id or name; else the one that the search finds alone, or first
// with nothing beside it that is written so in full. Where it isn't clear, the best candidates.
struct ChosenStations {
  std::vector<std::uint16_t> stations;
  bool is_clear = true;
  bool is_searched = false;  // through all stations, since the text is no id and no whole name
};
ChosenStations choose_stations(const City& city, std::string_view text);

}  // namespace jobmap::data
