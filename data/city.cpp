#include "data/city.hpp"

#include <algorithm>

#include "data/metro_service.hpp"
#include "data/text.hpp"

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

}  // namespace

std::string fold_name(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
    if (c == ' ') continue;
    if (c == 0xC3 && (next == 0xBC || next == 0x9C)) {  // ü, Ü
      out += 'u';
      ++i;
    } else if (c == 0xCC && next == 0x88) {  // the dots alone, after a u
      ++i;
    } else if (c >= 'A' && c <= 'Z') {
      out += c == 'V' ? 'u' : static_cast<char>(c - 'A' + 'a');
    } else {
      out += c == 'v' ? 'u' : static_cast<char>(c);
    }
  }
  return out;
}

void City::finish() {
  for (auto* keys : {&station_keys, &line_keys, &district_keys, &service_point_keys}) keys->clear();
  for (std::size_t i = 0; i < stations.size(); ++i)
    for (const auto& spelling : {stations[i].id, stations[i].name, stations[i].name_en, stations[i].pinyin})
      add(station_keys, fold_name(spelling), i);
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (const auto& spelling : {lines[i].id, lines[i].name}) add(line_keys, spelling, i);
  for (std::size_t i = 0; i < districts.size(); ++i) {
    for (const auto& spelling : {districts[i].adcode, districts[i].name}) add(district_keys, spelling, i);
    add(district_keys, std::string(without_last_character(districts[i].name)), i);
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
  return first_of<std::uint16_t>(line_keys, text);
}

std::optional<std::uint16_t> City::find_district(std::string_view text) const {
  return first_of<std::uint16_t>(district_keys, text);
}

std::optional<std::uint32_t> City::find_service_point(std::string_view id) const {
  return first_of<std::uint32_t>(service_point_keys, id);
}

}  // namespace jobmap::data
