#pragma once
// How a city's metro runs: its hours, headways and run times. A database says it (jobmap import --layer
// metro-service); where it doesn't, and for what it leaves out, data/model/metro_service.toml is assumed, which is
// compiled into the program.
//
//   const MetroService service = parse_metro_service(toml, "hangzhou");
//   service.line("19").speed_kmh;
//   geo::MetroGraph graph = make_metro_graph(city);       // by city.metro_service
//
// A setting is a value, speed_kmh = 33, or a value with the reason why it is assumed, {value, assumed}.
// Tables are service, station, line (any line) and lines.<id> (what differs on a line); city.<name>.line.<id>
// is lines.<id> of one city. lines.<id>.runs are run times: [{from = "a", to = "b", minutes = 2.5}], either
// way. Times of day are minutes after local midnight; a train after midnight leaves at 24:30. What can't be
// read is a std::runtime_error that names the setting, its line and what is allowed.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "geo/metro_graph.hpp"

namespace jobmap::data {

struct City;

struct MetroRun {
  std::string from, to;  // ids of stations that follow each other on the line
  double minutes = 0;
};

struct MetroLine {
  geo::MetroLineService service;
  std::vector<MetroRun> runs;
};

struct MetroService {
  int first_train = 0, last_train = 0;  // minutes after midnight
  geo::MetroStationService station;
  geo::MetroLineService any_line;
  std::map<std::string, MetroLine, std::less<>> lines;  // by id: those that differ
  bool assumed = false;                                 // some value is

  const geo::MetroLineService& line(std::string_view id) const;
};

MetroService parse_metro_service(std::string_view toml, const std::string& city);
// The program's own, for a city by its name; a fault in it is a std::logic_error.
MetroService shipped_metro_service(const std::string& city);
std::string_view shipped_metro_service_text();
geo::MetroGraph make_metro_graph(const City& city);
// Throws std::runtime_error where lines or runs are not the city's.
void check_metro_service(const MetroService& service, const City& city);

}  // namespace jobmap::data
