#include "data/model/metro_service.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <limits>
#include <set>
#include <stdexcept>

#include "data/model/city.hpp"

namespace jobmap::embedded {
extern const std::string_view metro_service_toml;
}

namespace jobmap::data {
namespace {

constexpr int longest_day = 30 * 60;  // minutes after midnight that a last train may leave at

[[noreturn]] void fault(const std::string& what) { throw std::runtime_error(what); }

std::string line_of(const toml::node& node) {
  return " (line " + std::to_string(node.source().begin.line) + ")";
}

std::string plain(double value) {
  auto text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// One table of settings. Whatever was not asked for is a misspelling.
class Settings {
 public:
  Settings(const toml::table& table, std::string name, bool& assumed)
      : table_(table), name_(std::move(name)), assumed_(assumed) {}

  // Whether it is said.
  bool number(std::string_view key, double min, double max, double& value) {
    const auto* node = find(key);
    if (!node) return false;
    const auto given = node->value<double>();
    if (!given || !(*given >= min && *given <= max))
      fault(path(key) + line_of(*node) + " must be a number from " + plain(min) + " to " + plain(max));
    value = *given;
    return true;
  }
  bool time(std::string_view key, int& minutes) {
    const auto* node = find(key);
    if (!node) return false;
    const auto text = node->value<std::string>().value_or("");
    int h = -1, m = -1;
    if (text.size() == 5 && text[2] == ':' &&
        (text.substr(0, 2) + text.substr(3)).find_first_not_of("0123456789") == std::string::npos)
      h = std::stoi(text.substr(0, 2)), m = std::stoi(text.substr(3));
    if (h < 0 || m < 0 || m > 59 || h * 60 + m > longest_day)
      fault(path(key) + line_of(*node) + " must be a time HH:MM, after midnight as 24:30, up to 30:00");
    minutes = h * 60 + m;
    return true;
  }
  void knows(std::string_view key) { asked_.insert(std::string(key)); }
  void finish() const {
    for (const auto& [key, node] : table_)
      if (!asked_.contains(key.str())) {
        std::string allowed;
        for (const auto& name : asked_) allowed += (allowed.empty() ? "" : ", ") + name;
        fault(path(key.str()) + line_of(node) + " is no setting; allowed are " + allowed);
      }
  }

 private:
  std::string path(std::string_view key) const { return name_ + "." + std::string(key); }
  // The value itself, or that of {value, assumed}.
  const toml::node* find(std::string_view key) {
    knows(key);
    const auto* node = table_.get(key);
    const auto* reasoned = node ? node->as_table() : nullptr;
    if (!reasoned) return node;
    const auto* value = reasoned->get("value");
    if (!value || reasoned->size() != 2 || (*reasoned)["assumed"].value_or(std::string()).empty())
      fault(path(key) + line_of(*node) + " must be a value, or {value, assumed} with the reason in assumed");
    assumed_ = true;
    return value;
  }

  const toml::table& table_;
  std::string name_;
  bool& assumed_;
  std::set<std::string, std::less<>> asked_;
};

const toml::table* table_of(const toml::table& parent, std::string_view key, const std::string& name) {
  const auto* node = parent.get(key);
  if (!node) return nullptr;
  if (!node->is_table()) fault(name + line_of(*node) + " must be a table");
  return node->as_table();
}

// Says what a table says, and whether it says all three.
bool read_line_settings(Settings& s, geo::MetroLineService& line) {
  const bool speed = s.number("speed_kmh", 10, 200, line.speed_kmh);
  const bool headway = s.number("headway_minutes", 0.5, 120, line.headway_minutes);
  const bool track = s.number("track_factor", 1, 2, line.track_factor);
  return speed && headway && track;
}

std::vector<MetroRun> read_runs(const toml::table& table, const std::string& name) {
  std::vector<MetroRun> runs;
  const auto* node = table.get("runs");
  if (!node) return runs;
  const auto* list = node->as_array();
  if (!list) fault(name + ".runs" + line_of(*node) + " must be a list of {from, to, minutes}");
  for (const auto& item : *list) {
    const auto* run = item.as_table();
    MetroRun out;
    if (run)
      out = {(*run)["from"].value_or(std::string()), (*run)["to"].value_or(std::string()),
             (*run)["minutes"].value_or(0.0)};
    if (!run || run->size() != 3 || out.from.empty() || out.to.empty() ||
        !(out.minutes >= 0.1 && out.minutes <= 240))
      fault(name + ".runs" + line_of(item) +
            " must be {from, to, minutes}: two ids of stations, and 0.1 to 240 minutes");
    runs.push_back(std::move(out));
  }
  return runs;
}

void read_line_services(const toml::table& lines, const std::string& name, MetroService& out) {
  for (const auto& [id, node] : lines) {
    const auto own = name + "." + std::string(id.str());
    if (!node.is_table()) fault(own + line_of(node) + " must be a table");
    const auto& table = *node.as_table();
    MetroLine line{out.any_line, {}};
    Settings s(table, own, out.assumed);
    s.knows("runs");
    read_line_settings(s, line.service);
    line.runs = read_runs(table, own);
    s.finish();
    out.lines[std::string(id.str())] = std::move(line);
  }
}

void read_service(const toml::table& root, MetroService& out) {
  bool first = false, last = false;
  if (const auto* table = table_of(root, "service", "service")) {
    Settings s(*table, "service", out.assumed);
    first = s.time("first_train", out.first_train), last = s.time("last_train", out.last_train);
    s.finish();
    if (out.first_train >= out.last_train)
      fault("service.first_train" + line_of(*table) + " must be before last_train, which may be 24:30");
  }
  out.assumed |= !first || !last;
}

void read_station(const toml::table& root, MetroService& out) {
  bool all = false;
  if (const auto* table = table_of(root, "station", "station")) {
    Settings s(*table, "station", out.assumed);
    all = s.number("access_minutes", 0, 30, out.station.access_minutes);
    all &= s.number("egress_minutes", 0, 30, out.station.egress_minutes);
    all &= s.number("transfer_minutes", 0, 30, out.station.transfer_minutes);
    all &= s.number("walk_between_m", 0, 3000, out.station.walk_between_m);
    s.finish();
    if (out.station.transfer_minutes > out.station.access_minutes + out.station.egress_minutes)
      fault("station.transfer_minutes" + line_of(*table) +
            " must be at most access_minutes and egress_minutes together: out and in again");
  }
  out.assumed |= !all;
}

// The lines of a city by its name; those of another are checked too, and forgotten.
void read_cities(const toml::table& root, const std::string& city, MetroService& out) {
  const auto* cities = table_of(root, "city", "city");
  if (!cities) return;
  for (const auto& [name, node] : *cities) {
    const auto path = "city." + std::string(name.str());
    const auto* own = node.as_table();
    const auto* lines = own && own->size() == 1 ? table_of(*own, "line", path + ".line") : nullptr;
    if (!lines) fault(path + line_of(node) + " must be a table of tables line.<id>");
    MetroService other = out;
    read_line_services(*lines, path + ".line", name.str() == city ? out : other);
  }
}

// Over what `out` says already.
void read_service(std::string_view text, const std::string& city, MetroService& out) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& e) {
    fault(std::string(e.description()) + " (line " + std::to_string(e.source().begin.line) + ")");
  }
  for (const auto& [key, node] : root)
    if (key != "service" && key != "station" && key != "line" && key != "lines" && key != "city")
      fault(std::string(key.str()) + line_of(node) +
            " is no table of settings; allowed are service, station, line, lines and city");
  out.assumed = false;
  read_service(root, out);
  read_station(root, out);
  bool all = false;
  if (const auto* table = table_of(root, "line", "line")) {
    Settings s(*table, "line", out.assumed);
    all = read_line_settings(s, out.any_line);
    s.finish();
  }
  out.assumed |= !all;
  if (const auto* lines = table_of(root, "lines", "lines")) read_line_services(*lines, "lines", out);
  read_cities(root, city, out);
}

}  // namespace

const geo::MetroLineService& MetroService::line(std::string_view id) const {
  const auto it = lines.find(id);
  return it == lines.end() ? any_line : it->second.service;
}

std::string_view shipped_metro_service_text() { return embedded::metro_service_toml; }

MetroService shipped_metro_service(const std::string& city) {
  MetroService service;
  try {
    read_service(embedded::metro_service_toml, city, service);
  } catch (const std::runtime_error& e) {
    throw std::logic_error(std::string("metro_service.toml: ") + e.what());
  }
  return service;
}

// Values that it leaves out are assumed; the lines that differ are its own alone.
MetroService parse_metro_service(std::string_view toml, const std::string& city) {
  MetroService service = shipped_metro_service("");
  read_service(toml, city, service);
  return service;
}

void check_metro_service(const MetroService& service, const City& city) {
  for (const auto& [id, line] : service.lines) {
    const auto index = city.find_line(id);
    if (!index || city.lines[*index].id != id)
      fault("lines." + id + " is no line of the database; allowed are the ids of its lines");
    for (const auto& run : line.runs) {
      bool found = false;
      for (const auto& stops : city.lines[*index].branches)
        for (std::size_t i = 1; i < stops.size(); ++i) {
          const auto &a = city.stations[stops[i - 1]].id, &b = city.stations[stops[i]].id;
          found |= (a == run.from && b == run.to) || (a == run.to && b == run.from);
        }
      if (!found)
        fault("lines." + id + ".runs: " + run.from + " and " + run.to +
              " do not follow each other on the line; allowed are two stations that do");
    }
  }
}

namespace {

// Minutes from each stop to the next, NaN where no run says it; nothing where the line has no runs.
std::vector<double> run_minutes(const std::vector<MetroRun>& runs, const std::vector<std::uint16_t>& stops,
                                const City& city) {
  std::vector<double> minutes;
  for (std::size_t i = 1; !runs.empty() && i < stops.size(); ++i) {
    const auto &a = city.stations[stops[i - 1]].id, &b = city.stations[stops[i]].id;
    minutes.push_back(std::numeric_limits<double>::quiet_NaN());
    for (const auto& run : runs)
      if ((run.from == a && run.to == b) || (run.from == b && run.to == a)) minutes.back() = run.minutes;
  }
  return minutes;
}

}  // namespace

geo::MetroGraph make_metro_graph(const City& city) {
  const auto& service = *city.metro_service;
  std::vector<geo::PointE7> stations;
  for (const auto& s : city.stations) stations.push_back(s.at);
  std::vector<geo::MetroBranch> branches;
  for (std::uint16_t l = 0; l < city.lines.size(); ++l) {
    const auto it = service.lines.find(city.lines[l].id);
    const auto runs = it == service.lines.end() ? std::vector<MetroRun>() : it->second.runs;
    for (const auto& stops : city.lines[l].branches)
      branches.push_back({l, stops, service.line(city.lines[l].id), run_minutes(runs, stops, city)});
  }
  return geo::MetroGraph(stations, branches, service.station);
}

}  // namespace jobmap::data
