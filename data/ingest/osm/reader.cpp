#include "data/ingest/osm/reader.hpp"

#include <stdexcept>

#include "data/ingest/osm/source.hpp"

namespace jobmap::data::osm {
namespace {

// UTF-8 with or without its mark, or UTF-16 with one, perhaps behind empty lines.
bool looks_like_xml(std::string_view head) {
  if (head.starts_with("\xFE\xFF") || head.starts_with("\xFF\xFE")) return true;
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const auto first = head.find_first_not_of(" \t\r\n");
  return first != head.npos && head[first] == '<';
}

}  // namespace

void read(Source& source, Sink& sink, const Progress& progress) {
  const auto head = source.peek(64);
  if (head.empty()) throw std::runtime_error("is empty");
  if (head.find("OSMHeader") != head.npos) return read_pbf(source, sink, progress);
  if (looks_like_xml(head)) return read_xml(source, sink, progress);
  if (head.find("o5m2") < 8 || head.find("o5c2") < 8)
    throw std::runtime_error(
        "is an extract in o5m, which is not read; .osm.pbf, .osm, .osm.gz and .osm.bz2 are (osmconvert "
        "writes "
        "them)");
  throw std::runtime_error(
      "is no OpenStreetMap extract: neither .osm.pbf, .osm, .osm.gz nor .osm.bz2 by its first bytes");
}

void read(const std::string& path, Sink& sink, const Progress& progress) {
  read(*open_source(path), sink, progress);
}

}  // namespace jobmap::data::osm
