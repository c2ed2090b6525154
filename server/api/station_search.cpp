#include "api/station_search.hpp"

#include <algorithm>
#include <string>

namespace jobmap::api {
namespace {

enum Rank : unsigned { whole_name, whole_initials, name_start, initials_start, in_name, no_match };

// How a folded name begins with, equals or holds what is sought.
unsigned rank_in(const std::string& name, std::string_view sought, unsigned whole, unsigned start,
                 unsigned inside) {
  const std::string folded = data::fold_name(name);
  if (folded == sought) return whole;
  const auto at = folded.find(sought);
  return at == std::string::npos ? no_match : at == 0 ? start : inside;
}

unsigned rank_of(const data::Station& s, std::string_view sought) {
  unsigned best = rank_in(s.initials, sought, whole_initials, initials_start, no_match);
  for (const auto* name : {&s.name, &s.name_en, &s.pinyin, &s.id})
    best = std::min(best, rank_in(*name, sought, whole_name, name_start, in_name));
  return best;
}

std::vector<std::size_t> matches(const data::City& city, std::string_view sought) {
  struct Match {
    unsigned rank;
    std::size_t length, index;
    auto operator<=>(const Match&) const = default;
  };
  std::vector<Match> found;
  for (std::size_t i = 0; i < city.stations.size(); ++i)
    if (const unsigned rank = rank_of(city.stations[i], sought); rank != no_match)
      found.push_back({rank, city.stations[i].name.size(), i});
  std::sort(found.begin(), found.end());
  std::vector<std::size_t> indices;
  for (const Match& m : found) indices.push_back(m.index);
  return indices;
}

}  // namespace

std::vector<std::size_t> search_stations(const data::City& city, std::string_view text) {
  const std::string folded = data::fold_name(text);
  std::string_view sought = folded;
  if (sought.empty()) return {};
  auto found = matches(city, sought);
  for (std::string_view ending : {"地铁站", "站"})
    if (found.empty() && sought.ends_with(ending) && sought.size() > ending.size())
      found = matches(city, sought.substr(0, sought.size() - ending.size()));
  return found;
}

}  // namespace jobmap::api
