#pragma once
// Which ways of OpenStreetMap one may walk and ride, and in which direction: the wiki's rules, with the
// classes and the assumptions in data/ingest/osm/street_rules.toml.
//
//   const StreetRules rules = StreetRules::shipped();
//   Passage p = rules.way(tags);        // p.access: the bits of geo::StreetEdge, 0 where neither may pass
//   rules.closed_to(node_tags);         // the bits that a gate or a bollard takes away
//   rules.is_area(tags);                // a closed way that is walked across
//
// bicycle, oneway:bicycle and cycleway=opposite* go before vehicle, oneway and access; foot before access.
// Which areas are water and which relations districts is in the same file.
// A walker obeys oneway:foot and the direction of an escalator alone. Opening hours and conditions by time
// are not read: has_hours() tells where they stand. A file of rules that can't be right throws
// std::runtime_error; a setting that an older file lacks is the shipped one.
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/ingest/osm/reader.hpp"

namespace jobmap::data::osm {

struct Passage {
  std::uint8_t access = 0;        // bits of geo::StreetEdge
  double factor = 1;              // metres count as this many
  std::optional<double> minutes;  // of the whole way, where the tags give it: a ferry's duration
};

class StreetRules {
 public:
  static StreetRules shipped();
  static StreetRules parse(std::string_view toml);

  Passage way(Tags tags) const;
  std::uint8_t closed_to(Tags tags) const;
  bool is_area(Tags tags) const;  // of a closed way that one may walk
  bool is_wall(Tags tags) const;  // a line that nobody gets through, without a street on it
  bool is_opening(
      Tags tags) const;  // a node where one gets through a wall, or is stopped for its own reasons
  static bool has_hours(Tags tags);
  // Below, on or above the ground: layer, else a tunnel is at -1 and a bridge at 1.
  static int level(Tags tags);

  // False where no key is one that makes a barrier, a station or an entrance, as of most buildings: so that
  // those are not asked about one by one.
  bool may_stand_apart(Tags tags) const {
    for (const Tag& t : tags)
      if (apart_[slot(t.key)]) return true;
    return false;
  }
  bool is_entrance(Tags tags) const;  // of a station, open to the public
  // An entrance of some building: one of a station where a stop area has it as a member.
  bool may_be_entrance(Tags tags) const;

  bool is_district(Tags tags) const;           // of boundary=administrative at the level
  std::string district_code(Tags tags) const;  // six digits where a tag has them, else any code; "" for none
  std::string water(Tags tags) const;  // the value that makes an area water: lake or riverbank; else ""

  double ferry_kmh = 15, ferry_wait_minutes = 10, walk_kmh = 4.68, bike_kmh = 15;
  double exit_within_m = 500;

 private:
  using Names = std::set<std::string, std::less<>>;
  bool is_closed_entrance(Tags tags) const;
  // The class of a way, or that of what is walked without one: `platform`, `pier`; "" for none.
  std::string_view class_of(Tags tags) const;
  bool walker_may(Tags tags, std::string_view highway) const;
  bool cyclist_may(Tags tags, std::string_view highway) const;
  Passage ferry(Tags tags) const;
  // The first of the keys that is there decides: open or closed; nothing where none is there.
  std::optional<bool> allowed(Tags tags, std::initializer_list<std::string_view> keys) const;

  static std::uint8_t slot(std::string_view key) {
    return static_cast<std::uint8_t>(key.empty() ? 0 : 31 * key.size() + static_cast<unsigned char>(key[0]));
  }

  std::array<bool, 256> apart_{};  // by the slot of a key; another key may share it
  std::vector<std::string> code_tags_;
  std::string admin_level_;
  std::vector<std::pair<std::string, Names>> water_;
  std::vector<std::pair<std::string, std::string>> also_walk_, entrance_;
  Names walk_, bike_, needs_sidewalk_, closed_, areas_, closed_barriers_;
  bool steps_ = true, ferries_ = true;
  double steps_factor_ = 1;
};

}  // namespace jobmap::data::osm
