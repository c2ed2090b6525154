#include "data/ingest/osm/street_rules.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "data/model/split.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::embedded {
extern const std::string_view street_rules_toml;
}

namespace jobmap::data::osm {
namespace {

using geo::StreetEdge;

[[noreturn]] void fault(const std::string& what) { throw std::runtime_error("the street rules: " + what); }

// Every setting is there and is what it should be, and nothing else is.
class Section {
 public:
  Section(const toml::table& root, std::string name)
      : name_(std::move(name)), table_(root[name_].as_table()) {
    if (!table_) fault("there is no table " + name_);
  }
  std::vector<std::string> list(std::string_view key) {
    const auto* entries = node(key).as_array();
    if (!entries) fault(name_ + "." + std::string(key) + " is no list");
    std::vector<std::string> texts;
    for (const auto& entry : *entries) {
      const auto text = entry.value<std::string>();
      if (!text) fault(name_ + "." + std::string(key) + " holds more than texts");
      texts.push_back(*text);
    }
    return texts;
  }
  std::set<std::string, std::less<>> names(std::string_view key) {
    const auto texts = list(key);
    return {texts.begin(), texts.end()};
  }
  std::vector<std::pair<std::string, std::string>> tags(std::string_view key) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& text : list(key)) {
      const auto equals = text.find('=');
      if (equals == text.npos || equals == 0 || equals + 1 == text.size())
        fault(name_ + "." + std::string(key) + ": '" + text + "' is not key=value");
      pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return pairs;
  }
  bool boolean(std::string_view key) {
    const auto value = node(key).value<bool>();
    if (!value) fault(name_ + "." + std::string(key) + " is neither true nor false");
    return *value;
  }
  double number(std::string_view key, double min, double max) {
    const auto value = node(key).value<double>();
    if (!value || !(*value >= min && *value <= max))
      fault(name_ + "." + std::string(key) + " is not a number from " + std::to_string(min) + " to " +
            std::to_string(max));
    return *value;
  }
  void finish() const {
    if (table_->size() != asked_.size())
      for (const auto& [key, value] : *table_)
        if (!asked_.contains(key.str())) fault(name_ + "." + std::string(key.str()) + " is no setting");
  }

 private:
  const toml::node& node(std::string_view key) {
    asked_.insert(std::string(key));
    const auto* found = table_->get(key);
    if (!found) fault(name_ + "." + std::string(key) + " is missing");
    return *found;
  }
  std::string name_;
  const toml::table* table_;
  std::set<std::string, std::less<>> asked_;
};

// "20", "00:20", "00:20:30" and ISO 8601's "PT20M", in minutes.
std::optional<double> parse_duration(std::string_view text) {
  const bool iso = text.starts_with("PT");
  if (iso) text.remove_prefix(2);
  double minutes = 0, parts[3] = {};
  int n = 0;
  while (!text.empty() && n < 3) {
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), parts[n], std::chars_format::fixed);
    if (error != std::errc() || !(parts[n] >= 0 && parts[n] < 10'000)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const char unit = text.empty() ? '\0' : text[0];
    if (iso) {
      if (unit != 'H' && unit != 'M' && unit != 'S') return std::nullopt;
      minutes += parts[n] * (unit == 'H' ? 60 : unit == 'M' ? 1 : 1 / 60.0);
    } else if (unit != '\0' && unit != ':') {
      return std::nullopt;
    }
    if (!text.empty()) text.remove_prefix(1);
    ++n;
  }
  if (!text.empty() || n == 0) return std::nullopt;
  if (!iso) minutes = n == 1 ? parts[0] : parts[0] * 60 + parts[1] + parts[2] / 60;
  return minutes > 0 ? std::optional(minutes) : std::nullopt;
}

enum class Direction { both, forward, backward };

Direction direction_of(std::string_view oneway) {
  if (oneway == "yes" || oneway == "true" || oneway == "1") return Direction::forward;
  if (oneway == "-1" || oneway == "reverse") return Direction::backward;
  return Direction::both;
}

Direction cycling_direction(Tags tags) {
  if (const auto own = value_of(tags, "oneway:bicycle"); !own.empty()) return direction_of(own);
  for (const auto key : {"cycleway", "cycleway:left", "cycleway:right", "cycleway:both"})
    if (value_of(tags, key).starts_with("opposite")) return Direction::both;
  if (const auto oneway = value_of(tags, "oneway"); !oneway.empty()) return direction_of(oneway);
  const auto junction = value_of(tags, "junction");
  return junction == "roundabout" || junction == "circular" ? Direction::forward : Direction::both;
}

Direction walking_direction(Tags tags) {
  if (const auto own = value_of(tags, "oneway:foot"); !own.empty()) return direction_of(own);
  const auto conveying = value_of(tags, "conveying");
  if (conveying == "forward") return Direction::forward;
  if (conveying == "backward") return Direction::backward;
  return Direction::both;
}

std::uint8_t bits(Direction d, std::uint8_t forward, std::uint8_t backward) {
  return static_cast<std::uint8_t>((d == Direction::backward ? 0 : forward) |
                                   (d == Direction::forward ? 0 : backward));
}

}  // namespace

StreetRules StreetRules::shipped() { return parse(embedded::street_rules_toml); }

namespace {

// Settings that came after the first files of rules were written: a file without one means the shipped value.
void add_newer_settings(toml::table& root) {
  const toml::table shipped = toml::parse(embedded::street_rules_toml);
  if (!root.contains("barrier")) root.insert("barrier", *shipped["barrier"].as_table());
  const std::pair<std::string_view, std::string_view> newer[] = {
      {"walk", "also"}, {"walk", "areas"}, {"station", "entrance"}};
  for (const auto& [table, key] : newer)
    if (auto* found = root[table].as_table(); found && !found->contains(key))
      found->insert(key, *shipped[table][key].as_array());
}

toml::table parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& e) {
    fault(std::string(e.description()) + " in line " + std::to_string(e.source().begin.line));
  }
}

}  // namespace

StreetRules StreetRules::parse(std::string_view text) {
  toml::table root = parse_toml(text);
  add_newer_settings(root);
  StreetRules r;
  Section walk(root, "walk"), bike(root, "bike"), access(root, "access"), steps(root, "steps"),
      ferry(root, "ferry"), station(root, "station"), district(root, "district"), water(root, "water"),
      barrier(root, "barrier");
  r.walk_ = walk.names("highway"), r.needs_sidewalk_ = walk.names("needs_sidewalk");
  r.bike_ = bike.names("highway"), r.closed_ = access.names("closed");
  r.also_walk_ = walk.tags("also");
  r.areas_ = walk.names("areas");
  r.closed_barriers_ = barrier.names("closed");
  r.entrance_ = station.tags("entrance");
  for (const auto key :
       {"barrier", "highway", "entrance", "door", "gate", "railway", "station", "public_transport"})
    r.apart_[slot(key)] = true;
  for (const auto& [key, value] : r.entrance_) r.apart_[slot(key)] = true;
  r.steps_ = steps.boolean("walk"), r.steps_factor_ = steps.number("factor", 1, 10);
  r.ferries_ = ferry.boolean("use"), r.ferry_kmh = ferry.number("speed_kmh", 1, 100);
  r.ferry_wait_minutes = ferry.number("wait_minutes", 0, 120);
  r.walk_kmh = ferry.number("walk_kmh", 2, 30), r.bike_kmh = ferry.number("bike_kmh", 2, 30);
  r.exit_within_m = station.number("exit_within_m", 0, 5000);
  r.admin_level_ = std::to_string(std::lround(district.number("admin_level", 1, 12)));
  r.code_tags_ = district.list("code");
  for (const char* key : {"natural", "waterway", "landuse"}) r.water_.emplace_back(key, water.names(key));
  for (const auto* section : {&walk, &bike, &access, &steps, &ferry, &station, &district, &water, &barrier})
    section->finish();
  if (root.size() != 9) fault("there are tables that are none");
  return r;
}

std::optional<bool> StreetRules::allowed(Tags tags, std::initializer_list<std::string_view> keys) const {
  for (const auto key : keys)
    if (const auto value = value_of(tags, key); !value.empty()) return !closed_.contains(value);
  return std::nullopt;
}

bool StreetRules::walker_may(Tags tags, std::string_view highway) const {
  if (highway == "steps" && !steps_) return false;
  if (const auto own = allowed(tags, {"foot"})) return *own;
  if (value_of(tags, "motorroad") == "yes") return false;
  if (needs_sidewalk_.contains(highway)) {
    const auto sidewalk = value_of(tags, "sidewalk");
    if (sidewalk == "no" || sidewalk == "none") return false;
  }
  return walk_.contains(highway) && allowed(tags, {"access"}).value_or(true);
}

bool StreetRules::cyclist_may(Tags tags, std::string_view highway) const {
  if (const auto own = value_of(tags, "bicycle"); !own.empty())
    return own != "dismount" && !closed_.contains(own);
  if (value_of(tags, "motorroad") == "yes") return false;
  return bike_.contains(highway) && allowed(tags, {"vehicle", "access"}).value_or(true);
}

Passage StreetRules::ferry(Tags tags) const {
  Passage p;
  if (!ferries_) return p;
  if (allowed(tags, {"foot", "access"}).value_or(true)) p.access |= StreetEdge::walk;
  if (allowed(tags, {"bicycle", "access"}).value_or(true)) p.access |= StreetEdge::bike;
  if (p.access) p.access |= StreetEdge::afloat;
  p.minutes = parse_duration(value_of(tags, "duration"));
  return p;
}

std::string_view StreetRules::class_of(Tags tags) const {
  if (const auto highway = value_of(tags, "highway"); !highway.empty()) return highway;
  for (const auto& [key, value] : also_walk_)
    if (value_of(tags, key) == value) return value;
  return {};
}

Passage StreetRules::way(Tags tags) const {
  if (value_of(tags, "route") == "ferry") return ferry(tags);
  const auto highway = class_of(tags);
  if (highway.empty() || highway == "construction" || highway == "proposed") return {};
  Passage p;
  if (walker_may(tags, highway))
    p.access |= bits(walking_direction(tags), StreetEdge::walk_forward, StreetEdge::walk_backward);
  if (cyclist_may(tags, highway))
    p.access |= bits(cycling_direction(tags), StreetEdge::bike_forward, StreetEdge::bike_backward);
  const auto conveying = value_of(tags, "conveying");
  if (highway == "steps" && (conveying.empty() || conveying == "no")) p.factor = steps_factor_;
  return p;
}

bool StreetRules::is_district(Tags tags) const {
  return value_of(tags, "boundary") == "administrative" && value_of(tags, "admin_level") == admin_level_;
}

std::string StreetRules::district_code(Tags tags) const {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  constexpr std::size_t longest = 60;
  std::string_view other;
  for (const auto& key : code_tags_) {
    const auto code = value_of(tags, key);
    if (code.size() == 6 && std::all_of(code.begin(), code.end(), is_digit)) return std::string(code);
    if (other.empty() && code.size() <= longest && code.find_first_of(",;") == code.npos) other = code;
  }
  return std::string(other);
}

std::string StreetRules::water(Tags tags) const {
  for (const auto& [key, values] : water_)
    if (const auto value = value_of(tags, key); values.contains(value)) {
      const auto more = value_of(tags, "water");  // lake, river, pond
      return std::string(key == "natural" && !more.empty() ? more : value);
    }
  return {};
}

std::uint8_t StreetRules::closed_to(Tags tags) const {
  const auto barrier = value_of(tags, "barrier");
  if (barrier.empty() && value_of(tags, "highway") != "gate") return 0;
  // A lock is stronger than the access of all, and weaker than what is said of a walker or a cyclist.
  const bool locked = value_of(tags, "locked") == "yes", open = !closed_barriers_.contains(barrier);
  const auto may_pass = [&](std::string_view own, std::initializer_list<std::string_view> others) {
    if (const auto said = allowed(tags, {own})) return *said;
    return !locked && allowed(tags, others).value_or(open);
  };
  std::uint8_t closed = 0;
  if (!may_pass("foot", {"access"})) closed |= StreetEdge::walk;
  if (!may_pass("bicycle", {"vehicle", "access"})) closed |= StreetEdge::bike;
  return closed;
}

bool StreetRules::is_area(Tags tags) const {
  const auto area = value_of(tags, "area");
  return area == "yes" || (area != "no" && areas_.contains(class_of(tags)));
}

bool StreetRules::is_wall(Tags tags) const {
  return !value_of(tags, "barrier").empty() && value_of(tags, "highway").empty() &&
         (closed_to(tags) & StreetEdge::walk);
}

bool StreetRules::is_opening(Tags tags) const {
  for (const auto key : {"barrier", "entrance", "door", "gate"})
    if (const auto value = value_of(tags, key); !value.empty() && value != "no") return true;
  return false;
}

bool StreetRules::has_hours(Tags tags) {
  return std::any_of(tags.begin(), tags.end(), [](const Tag& t) {
    if (t.key == "opening_hours") return t.value != "24/7";
    return t.key == "access:conditional" || t.key == "foot:conditional" || t.key == "bicycle:conditional" ||
           t.key == "vehicle:conditional";
  });
}

int StreetRules::level(Tags tags) {
  const auto layer = value_of(tags, "layer");
  int level = 0;
  if (const auto [end, error] = std::from_chars(layer.data(), layer.data() + layer.size(), level);
      error == std::errc() && end == layer.data() + layer.size())
    return std::clamp(level, -100, 100);
  const auto is = [&](std::string_view key) {
    const auto value = value_of(tags, key);
    return !value.empty() && value != "no";
  };
  return is("tunnel") ? -1 : is("bridge") ? 1 : 0;
}

bool StreetRules::is_closed_entrance(Tags tags) const {
  const auto entrance = value_of(tags, "entrance");
  for (const auto key : {"disused", "abandoned", "construction", "proposed"})
    if (const auto value = value_of(tags, key); !value.empty() && value != "no") return true;
  return entrance == "emergency" || entrance == "service" || entrance == "staff" ||
         !allowed(tags, {"foot", "access"}).value_or(true);
}

bool StreetRules::is_entrance(Tags tags) const {
  // A tag may hold several values, with ; between.
  const auto holds = [](std::string_view all, std::string_view value) {
    if (all.find(';') == all.npos) return all == value;
    const auto parts = split(all, ';');
    return std::find(parts.begin(), parts.end(), value) != parts.end();
  };
  for (const Tag& t : tags)
    for (const auto& [key, value] : entrance_)
      if (t.key == key && holds(t.value, value)) return !is_closed_entrance(tags);
  return false;
}

bool StreetRules::may_be_entrance(Tags tags) const {
  const auto entrance = value_of(tags, "entrance");
  return !entrance.empty() && entrance != "no" && !is_closed_entrance(tags);
}

}  // namespace jobmap::data::osm
