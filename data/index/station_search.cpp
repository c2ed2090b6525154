#include "data/index/station_search.hpp"

#include <algorithm>
#include <string>

namespace jobmap::data {
namespace {

enum Rank : unsigned { whole_name, whole_initials, name_start, initials_start, in_name, no_match };

// How a folded name begins with, equals or holds what is sought.
Rank rank_in(const std::string& name, std::string_view sought, Rank whole, Rank start, Rank inside) {
  const auto at = name.find(sought);
  if (at == std::string::npos) return no_match;
  return at != 0 ? inside : name.size() == sought.size() ? whole : start;
}

// Syllables from the i-th on, each in full or by its first sound. The last one written may be unfinished.
Rank rank_of_syllables(const std::vector<std::string>& syllables, std::size_t i, std::string_view sought) {
  if (sought.empty()) return i == syllables.size() ? whole_initials : initials_start;
  if (i == syllables.size()) return no_match;
  const std::string_view syllable = syllables[i];
  Rank best = syllable.size() > sought.size() && syllable.starts_with(sought) ? initials_start : no_match;
  const std::size_t sound = syllable.size() > 1 && syllable[1] == 'h' ? 2 : 1;  // zh, ch, sh
  for (std::size_t written = syllable.size(); written > 0; written = written > sound ? sound : written - 1)
    if (sought.starts_with(syllable.substr(0, written)))
      best = std::min(best, rank_of_syllables(syllables, i + 1, sought.substr(written)));
  return best;
}

Rank rank_of(const City::StationSpelling& s, std::string_view sought) {
  Rank best = rank_in(s.initials, sought, whole_initials, initials_start, no_match);
  for (const auto* name : {&s.name, &s.name_en, &s.pinyin, &s.id})
    best = std::min(best, rank_in(*name, sought, whole_name, name_start, in_name));
  constexpr std::size_t most_syllables = 20;  // each may be read in two ways; no station has so many
  if (best <= whole_initials || s.syllables.size() > most_syllables) return best;
  return std::min(best, rank_of_syllables(s.syllables, 0, sought));
}

struct Match {
  Rank rank;
  std::size_t length, index;
  auto operator<=>(const Match&) const = default;
};

std::vector<Match> matches(const City& city, std::string_view sought) {
  std::vector<Match> found;
  for (std::size_t i = 0; i < city.station_spellings.size(); ++i)
    if (const Rank rank = rank_of(city.station_spellings[i], sought); rank != no_match)
      found.push_back({rank, city.stations[i].name.size(), i});
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<Match> search(const City& city, std::string_view text) {
  const std::string folded = fold_name(text);
  const std::string_view sought = folded;
  if (sought.empty()) return {};
  auto found = matches(city, sought);
  for (const std::string_view ending : {"地铁站", "站", "metrostation", "station", "zhan"})
    if (found.empty() && sought.ends_with(ending) && sought.size() > ending.size())
      found = matches(city, sought.substr(0, sought.size() - ending.size()));
  return found;
}

}  // namespace

std::vector<std::size_t> search_stations(const City& city, std::string_view text) {
  std::vector<std::size_t> indices;
  for (const Match& m : search(city, text)) indices.push_back(m.index);
  return indices;
}

ChosenStations choose_stations(const City& city, std::string_view text) {
  ChosenStations chosen{city.find_stations(text)};
  if (!chosen.stations.empty()) return chosen;
  chosen.is_searched = true;
  const auto found = search(city, text);
  for (const Match& m : found)
    if (m.rank == found[0].rank || found[0].rank > whole_initials)
      chosen.stations.push_back(static_cast<std::uint16_t>(m.index));
  chosen.is_clear = chosen.stations.size() == 1;
  return chosen;
}

}  // namespace jobmap::data
