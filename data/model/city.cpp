#include "data/model/city.hpp"

#include <algorithm>

#include "data/model/fold.hpp"
#include "data/model/metro_service.hpp"
#include "data/model/split.hpp"

namespace jobmap::data {
namespace {

void add(std::vector<City::Key>& keys, std::string text, std::size_t index) {
  if (!text.empty()) keys.push_back({std::move(text), static_cast<std::uint32_t>(index)});
}

void sort_unique(std::vector<City::Key>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

auto range_of(const std::vector<City::Key>& keys, std::string_view text) {
  struct ByText {
    bool operator()(const City::Key& key, std::string_view t) const { return key.text < t; }
    bool operator()(std::string_view t, const City::Key& key) const { return t < key.text; }
  };
  return std::equal_range(keys.begin(), keys.end(), text, ByText{});
}

template <typename Index>
std::optional<Index> first_of(const std::vector<City::Key>& keys, std::string_view text) {
  const auto [begin, end] = range_of(keys, text);
  if (begin == end) return std::nullopt;
  return static_cast<Index>(begin->index);
}

// The one that is spelt so to the letter among those that are spelt alike; where none is, the first.
template <typename Index, typename IsExact>
std::optional<Index> first_alike(const std::vector<City::Key>& keys, std::string_view text,
                                 IsExact&& is_exact) {
  const std::string folded = fold_label(text);
  const auto [begin, end] = range_of(keys, folded);
  if (begin == end) return std::nullopt;
  const auto exact = std::find_if(begin, end, [&](const auto& key) { return is_exact(key.index); });
  return static_cast<Index>((exact == end ? begin : exact)->index);
}

}  // namespace

std::string fold_name(std::string_view text) {
  std::string out = fold_label(text);
  std::replace(out.begin(), out.end(), 'v', 'u');  // how ü is typed
  return out;
}

void City::finish() {
  for (auto* keys : {&station_keys, &line_keys, &district_keys, &service_point_keys}) keys->clear();
  station_spellings.clear();
  for (const Station& s : stations) {
    const auto i = station_spellings.size();
    station_spellings.push_back({fold_name(s.id),
                                 fold_name(s.name),
                                 fold_name(s.name_en),
                                 fold_name(s.pinyin),
                                 fold_name(s.initials),
                                 {}});
    auto& spelling = station_spellings.back();
    for (const auto syllable : split(s.pinyin, ' '))
      if (auto folded = fold_name(syllable); !folded.empty()) spelling.syllables.push_back(std::move(folded));
    for (const auto* key : {&spelling.id, &spelling.name, &spelling.name_en, &spelling.pinyin})
      add(station_keys, *key, i);
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (const auto& spelling : {lines[i].id, lines[i].name}) add(line_keys, fold_label(spelling), i);
  for (std::size_t i = 0; i < districts.size(); ++i) {
    for (const auto& spelling : {districts[i].adcode, districts[i].name})
      add(district_keys, fold_label(spelling), i);
    add(district_keys, fold_label(short_district_name(districts[i].name)), i);
  }
  for (std::size_t i = 0; i < service_points.size(); ++i) add(service_point_keys, service_points[i].id, i);
  for (auto* keys : {&station_keys, &line_keys, &district_keys, &service_point_keys}) sort_unique(*keys);
  zone = TimeZone::named(time_zone.empty() ? utc_offset : time_zone).value_or(TimeZone());
  if (!metro_service) metro_service = std::make_shared<const MetroService>(shipped_metro_service(name));
  metro = make_metro_graph(*this);
  place_population();
}

std::vector<std::uint16_t> City::find_stations(std::string_view text) const {
  const auto [begin, end] = range_of(station_keys, fold_name(text));
  std::vector<std::uint16_t> found;
  for (auto key = begin; key != end; ++key) {
    const auto index = static_cast<std::uint16_t>(key->index);
    // An id finds its own station alone, even where another is spelt so: ids are what links are written with.
    if (stations[index].id == text) return {index};
    found.push_back(index);
  }
  return found;
}

std::optional<std::uint16_t> City::find_line(std::string_view text) const {
  return first_alike<std::uint16_t>(line_keys, text,
                                    [&](auto i) { return lines[i].id == text || lines[i].name == text; });
}

std::optional<std::uint16_t> City::find_district(std::string_view text) const {
  return first_alike<std::uint16_t>(
      district_keys, text, [&](auto i) { return districts[i].adcode == text || districts[i].name == text; });
}

std::optional<std::uint32_t> City::find_service_point(std::string_view id) const {
  return first_of<std::uint32_t>(service_point_keys, id);
}

std::string_view short_district_name(std::string_view name) {
  auto drop = [](std::string_view s) {
    while (!s.empty() && (static_cast<unsigned char>(s.back()) & 0xC0) == 0x80) s.remove_suffix(1);
    if (!s.empty()) s.remove_suffix(1);
    return s;
  };
  if (!name.empty() && static_cast<unsigned char>(name.back()) < 0x80) return {};
  const auto rest = drop(name);
  return drop(rest).empty() ? std::string_view{} : rest;
}

}  // namespace jobmap::data
