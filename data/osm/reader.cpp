#include "data/osm/reader.hpp"

#include <readosm.h>

#include <cmath>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace jobmap::data::osm {
namespace {

// libreadosm is C: what a sink throws waits until its parser has returned.
struct Xml {
  Sink& sink;
  std::vector<Tag> tags;
  std::vector<std::int64_t> nodes;
  std::vector<Member> members;
  std::exception_ptr failure;

  template <typename Thing>
  void read_tags(const Thing& thing) {
    tags.clear();
    for (int i = 0; i < thing.tag_count; ++i) tags.push_back({thing.tags[i].key, thing.tags[i].value});
  }
  template <typename Call>
  int guard(Call call) {
    try {
      call();
      return READOSM_OK;
    } catch (...) {
      failure = std::current_exception();
      return READOSM_ABORT;
    }
  }
};

Xml& xml_of(const void* data) { return *const_cast<Xml*>(static_cast<const Xml*>(data)); }

int on_node(const void* data, const readosm_node* n) {
  Xml& x = xml_of(data);
  return x.guard([&] {
    const geo::LonLat at{n->longitude, n->latitude};
    if (!geo::is_valid(at))
      throw std::runtime_error("is damaged: node " + std::to_string(n->id) + " is not on the globe");
    x.read_tags(*n);
    x.sink.node(n->id, geo::to_e7(at), x.tags);
  });
}
int on_way(const void* data, const readosm_way* w) {
  Xml& x = xml_of(data);
  return x.guard([&] {
    x.read_tags(*w);
    x.nodes.assign(w->node_refs, w->node_refs + w->node_ref_count);
    x.sink.way(w->id, x.nodes, x.tags);
  });
}
int on_relation(const void* data, const readosm_relation* r) {
  Xml& x = xml_of(data);
  return x.guard([&] {
    x.read_tags(*r);
    x.members.clear();
    for (int i = 0; i < r->member_count; ++i) {
      const auto& m = r->members[i];
      const auto kind = m.member_type == READOSM_MEMBER_NODE  ? Kind::node
                        : m.member_type == READOSM_MEMBER_WAY ? Kind::way
                                                              : Kind::relation;
      x.members.push_back({kind, m.id, m.role ? m.role : ""});
    }
    x.sink.relation(r->id, x.members, x.tags);
  });
}

}  // namespace

void read_xml(const std::string& path, Sink& sink) {
  Xml xml{sink, {}, {}, {}, {}};
  const void* handle = nullptr;
  int code = readosm_open(path.c_str(), &handle);
  if (code == READOSM_OK) code = readosm_parse(handle, &xml, on_node, on_way, on_relation);
  if (handle) readosm_close(handle);
  if (xml.failure) std::rethrow_exception(xml.failure);
  if (code != READOSM_OK) throw std::runtime_error("is cut off, or is no OpenStreetMap XML");
}

void read(const std::string& path, Sink& sink, const Progress& progress) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (!in || error)
    throw std::runtime_error("can't be read: " + (error ? error.message() : std::string("not allowed")));
  std::string head(64, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  in.clear();
  in.seekg(0);
  if (head.empty()) throw std::runtime_error("is empty");
  if (head.find("OSMHeader") != std::string::npos) return read_pbf(in, size, sink, progress);
  if (head.starts_with("<") || head.starts_with("\xEF\xBB\xBF<")) {
    if (!path.ends_with(".osm")) throw std::runtime_error("looks like XML: an extract in XML is named .osm");
    return read_xml(path, sink);
  }
  throw std::runtime_error("is no OpenStreetMap extract: neither .osm.pbf nor .osm by its first bytes");
}

}  // namespace jobmap::data::osm
