// An OpenStreetMap PBF: the bytes as a file, and as what a block of one inflates to. Nothing but
// std::runtime_error may come of it, and what is read must make a graph.
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>

#include "data/osm/extract.hpp"
#include "tests/data/osm_file.hpp"

namespace {

const jobmap::data::osm::StreetRules& rules() {
  static const auto shipped = jobmap::data::osm::StreetRules::shipped();
  return shipped;
}

void read(const std::string& file) {
  jobmap::data::osm::Extract extract(rules());
  std::istringstream in(file);
  try {
    jobmap::data::osm::read_pbf(in, file.size(), extract);
    const jobmap::geo::StreetGraph graph(extract.streets());
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using jobmap::OsmFile;
  static const std::string head = OsmFile::frame("OSMHeader", "");
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  read(head + OsmFile::frame("OSMData", bytes));
  return 0;
}
