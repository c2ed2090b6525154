#include "data/metro_service.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <set>
#include <stdexcept>

#include "data/city.hpp"

namespace jobmap::embedded {
extern const std::string_view metro_service_toml;
}

namespace jobmap::data {
namespace {

[[noreturn]] void fault(const std::string& what) { throw std::logic_error("metro_service.toml: " + what); }

// One table of settings; whatever was not asked for is a misspelling.
class Settings {
 public:
  Settings(const toml::table& table, std::string name) : table_(table), name_(std::move(name)) {}

  void number(std::string_view key, double min, double max, double& value) {
    const auto* node = find(key);
    if (!node) return;
    const auto given = node->value<double>();
    if (!given || !(*given >= min && *given <= max)) fault(path(key) + " is not a number in its range");
    value = *given;
  }
  void time(std::string_view key, int& minutes) {
    const auto* node = find(key);
    if (!node) return;
    const auto text = node->value<std::string>().value_or("");
    int h = -1, m = -1;
    if (text.size() == 5 && text[2] == ':' && text.find_first_not_of("0123456789:") == std::string::npos)
      h = std::stoi(text.substr(0, 2)), m = std::stoi(text.substr(3));
    if (h < 0 || h > 23 || m < 0 || m > 59) fault(path(key) + " is not a time HH:MM");
    minutes = h * 60 + m;
  }
  void finish() const {
    for (const auto& [key, node] : table_)
      if (!asked_.contains(key.str())) fault(path(key.str()) + " is no setting");
  }

 private:
  std::string path(std::string_view key) const { return name_ + "." + std::string(key); }
  const toml::node* find(std::string_view key) {
    asked_.insert(std::string(key));
    const auto* entry = table_[key].as_table();
    if (!entry)
      return table_.contains(key) ? (fault(path(key) + " has no value and reason"), nullptr) : nullptr;
    if ((*entry)["assumed"].value_or(std::string()).empty()) fault(path(key) + " does not say why");
    const auto* value = entry->get("value");
    if (!value || entry->size() != 2) fault(path(key) + " is not {value, assumed}");
    return value;
  }

  const toml::table& table_;
  std::string name_;
  std::set<std::string, std::less<>> asked_;
};

geo::MetroLineService read_line(const toml::table& table, const std::string& name,
                                geo::MetroLineService line) {
  Settings s(table, name);
  s.number("speed_kmh", 10, 200, line.speed_kmh);
  s.number("headway_minutes", 0.5, 120, line.headway_minutes);
  s.number("track_factor", 1, 2, line.track_factor);
  s.finish();
  return line;
}

const toml::table& table_of(const toml::table& parent, std::string_view key) {
  const auto* table = parent[key].as_table();
  if (!table) fault("there is no table " + std::string(key));
  return *table;
}

}  // namespace

const geo::MetroLineService& MetroService::line(const std::string& city, const std::string& id) const {
  const auto it = lines.find({city, id});
  return it == lines.end() ? any_line : it->second;
}

MetroService parse_metro_service(std::string_view text) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& e) {
    fault(std::string(e.description()));
  }
  MetroService out;
  Settings service(table_of(root, "service"), "service");
  service.time("first_train", out.first_train);
  service.time("last_train", out.last_train);
  service.finish();
  if (out.first_train >= out.last_train) fault("service.first_train is not before last_train");
  Settings station(table_of(root, "station"), "station");
  station.number("access_minutes", 0, 30, out.station.access_minutes);
  station.number("egress_minutes", 0, 30, out.station.egress_minutes);
  station.number("transfer_minutes", 0, 30, out.station.transfer_minutes);
  station.number("walk_between_m", 0, 3000, out.station.walk_between_m);
  station.finish();
  if (out.station.transfer_minutes > out.station.access_minutes + out.station.egress_minutes)
    fault("station.transfer_minutes is more than out and in again");
  out.any_line = read_line(table_of(root, "line"), "line", out.any_line);
  if (const auto* cities = root["city"].as_table())
    for (const auto& [city, node] : *cities) {
      const auto* city_table = node.as_table();
      if (!city_table) fault("city is not a table of cities");
      for (const auto& [id, line] : table_of(*city_table, "line")) {
        if (!line.is_table()) fault("a line is not a table");
        const std::string c(city.str()), l(id.str());
        out.lines[{c, l}] = read_line(*line.as_table(), "city." + c + ".line." + l, out.any_line);
      }
    }
  for (const auto& [key, node] : root)
    if (key != "service" && key != "station" && key != "line" && key != "city")
      fault(std::string(key.str()) + " is no table of settings");
  return out;
}

const MetroService& shipped_metro_service() {
  static const MetroService service = parse_metro_service(embedded::metro_service_toml);
  return service;
}

geo::MetroGraph make_metro_graph(const City& city) {
  const auto& service = shipped_metro_service();
  std::vector<geo::PointE7> stations;
  for (const auto& s : city.stations) stations.push_back(s.at);
  std::vector<geo::MetroBranch> branches;
  for (std::uint16_t l = 0; l < city.lines.size(); ++l)
    for (const auto& stops : city.lines[l].branches)
      branches.push_back({l, stops, service.line(city.name, city.lines[l].id)});
  return geo::MetroGraph(stations, branches, service.station);
}

}  // namespace jobmap::data
