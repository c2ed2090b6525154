#pragma once
// Reads an OpenStreetMap extract, handing each thing over as it comes: nodes first, then
// ways, then relations, where the file keeps to the usual order.
//
//   struct Count : osm::Sink {
//     int nodes = 0;
//     void node(std::int64_t, geo::PointE7, osm::Tags) override { ++nodes; }
//     void way(std::int64_t, std::span<const std::int64_t>, osm::Tags) override {}
//     void relation(std::int64_t, std::span<const osm::Member>, osm::Tags) override {}
//   } sink;
//   osm::read("hangzhou.osm.pbf", sink, progress);
//
// The first bytes of a file say what it is: PBF or XML, each also packed by gzip or bzip2 (osm/source.hpp). A
// PBF is taken apart by protobuf, every size checked before memory is asked for; XML by expat. Things that
// are deleted (visible=false, an editor's action=delete) are passed over, and of a history the last version
// counts. Texts live until the call returns. A file that is cut off, damaged, foreign, or of a kind that
// isn't read throws std::runtime_error, whatever was handed over before.
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "geo/coords.hpp"

namespace jobmap::data::osm {

struct Tag {
  std::string_view key, value;
};
using Tags = std::span<const Tag>;
// "" where there is none.
inline std::string_view value_of(Tags tags, std::string_view key) {
  for (const Tag& t : tags)
    if (t.key == key) return t.value;
  return {};
}

enum class Kind : std::uint8_t { node, way, relation };
struct Member {
  Kind kind;
  std::int64_t id;
  std::string_view role;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void node(std::int64_t id, geo::PointE7 at, Tags tags) = 0;
  // Where a node of the next way lies, in files that say so with the way (LocationsOnWays); such a node need
  // not come by itself.
  virtual void place(std::int64_t, geo::PointE7) {}
  virtual void way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) = 0;
  virtual void relation(std::int64_t id, std::span<const Member> members, Tags tags) = 0;
};

// Counts bytes of the file; may be empty.
using Progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

class Source;
void read(const std::string& path, Sink& sink, const Progress& progress = {});
void read(Source& source, Sink& sink, const Progress& progress = {});
void read_pbf(Source& source, Sink& sink, const Progress& progress = {});
void read_xml(Source& source, Sink& sink, const Progress& progress = {});

}  // namespace jobmap::data::osm
