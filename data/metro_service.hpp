#pragma once
// How the metro is assumed to run: data/metro_service.toml, compiled into the program.
//
//   const MetroService& service = shipped_metro_service();
//   service.line("hangzhou", "19").speed_kmh;
//   geo::MetroGraph graph = make_metro_graph(city);       // with these settings
//
// Every value of the file says why it was chosen; one that doesn't, an unknown name or a value out of range
// is a fault of ours: std::logic_error that names it. Times of day are minutes after local midnight.
#include <map>
#include <string>
#include <string_view>

#include "geo/metro_graph.hpp"

namespace jobmap::data {

struct City;

struct MetroService {
  int first_train = 0, last_train = 0;  // minutes after midnight
  geo::MetroStationService station;
  geo::MetroLineService any_line;
  std::map<std::pair<std::string, std::string>, geo::MetroLineService> lines;  // by city and id

  const geo::MetroLineService& line(const std::string& city, const std::string& id) const;
};

MetroService parse_metro_service(std::string_view toml);
const MetroService& shipped_metro_service();
geo::MetroGraph make_metro_graph(const City& city);

}  // namespace jobmap::data
