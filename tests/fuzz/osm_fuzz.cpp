// An OpenStreetMap extract: the bytes as a file of whatever form their beginning says (PBF, XML, either
// packed by gzip or bzip2), as what a block of a PBF inflates to, as that of a history, and as an info.
// Nothing but std::runtime_error may come of it, and what is read must make a graph.
#include <cstdint>
#include <stdexcept>
#include <string>

#include "data/ingest/osm/extract.hpp"
#include "data/ingest/osm/source.hpp"
#include "tests/data/osm_file.hpp"

namespace {

const jobmap::data::osm::StreetRules& rules() {
  static const auto shipped = jobmap::data::osm::StreetRules::shipped();
  return shipped;
}

void read(const std::string& file) {
  jobmap::data::osm::Extract extract(rules());
  try {
    jobmap::data::osm::read(*jobmap::data::osm::source_of(file), extract);
    if (extract.wants_ways())
      jobmap::data::osm::read(*jobmap::data::osm::source_of(file), extract.second_reading());
    const jobmap::geo::StreetGraph graph(extract.streets());
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using jobmap::OsmFile;
  // A file with a header alone. It says its size unpacked, as room for 32 MiB is made where a block doesn't.
  static const std::string head = OsmFile().pbf({});
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  read(head + OsmFile::frame("OSMData", bytes));
  static const std::string history = OsmFile().pbf({.history = true});
  read(history + OsmFile::frame("OSMData", bytes));
  osmpbf::PrimitiveBlock block;
  block.mutable_stringtable()->add_s("");
  auto& dense = *block.add_primitivegroup()->mutable_dense();
  dense.add_id(1), dense.add_lat(1), dense.add_lon(1), dense.set_denseinfo(bytes);
  read(head + OsmFile::frame("OSMData", block.SerializeAsString()));
  return 0;
}
