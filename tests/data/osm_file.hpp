#pragma once
// Writes OpenStreetMap extracts for tests and benchmarks: PBF by the generated code of proto/osm.proto, or
// XML.
//
//   OsmFile osm;
//   osm.node(1, 120.1, 30.2).node(2, 120.2, 30.2, {{"barrier", "gate"}});
//   osm.way(7, {1, 2}, {{"highway", "residential"}});
//   write(osm.pbf());  write(osm.xml());
//
// Blocks of 8,000 things, deflated, dense nodes, as the planet's files have them.
#include <zlib.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "osm.pb.h"

namespace jobmap {

class OsmFile {
 public:
  using Tags = std::vector<std::pair<std::string, std::string>>;

  OsmFile& node(std::int64_t id, double lon, double lat, Tags tags = {}) {
    nodes_.push_back({id, std::llround(lon * 1e7), std::llround(lat * 1e7), std::move(tags)});
    return *this;
  }
  OsmFile& way(std::int64_t id, std::vector<std::int64_t> nodes, Tags tags) {
    ways_.push_back({id, std::move(nodes), std::move(tags)});
    return *this;
  }
  // A relation of nodes.
  OsmFile& relation(std::int64_t id, std::vector<std::int64_t> nodes, Tags tags) {
    Relation r{id, {}, std::move(tags)};
    for (const auto n : nodes) r.members.push_back({"node", n, ""});
    relations_.push_back(std::move(r));
    return *this;
  }
  // Of ways, each with its role.
  OsmFile& area(std::int64_t id, const std::vector<std::pair<std::int64_t, std::string>>& ways, Tags tags) {
    Relation r{id, {}, std::move(tags)};
    for (const auto& [way, role] : ways) r.members.push_back({"way", way, role});
    relations_.push_back(std::move(r));
    return *this;
  }

  std::string pbf() const {
    osmpbf::HeaderBlock header;
    header.add_required_features("OsmSchema-V0.6");
    header.add_required_features("DenseNodes");
    std::string out = frame("OSMHeader", header.SerializeAsString());
    blocks(nodes_, out, [](Block& b, const Node& n) { b.node(n); });
    blocks(ways_, out, [](Block& b, const Way& w) { b.way(w); });
    blocks(relations_, out, [](Block& b, const Relation& r) { b.relation(r); });
    return out;
  }

  std::string xml() const {
    std::string out = "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n";
    const auto close = [&](const Tags& tags, const std::string& name) {
      for (const auto& [key, value] : tags) out += "<tag k=\"" + key + "\" v=\"" + value + "\"/>";
      out += "</" + name + ">\n";
    };
    for (const Node& n : nodes_) {
      char place[96];
      std::snprintf(place, sizeof place, "\" lat=\"%.7f\" lon=\"%.7f\">", static_cast<double>(n.lat) / 1e7,
                    static_cast<double>(n.lon) / 1e7);
      out += "<node id=\"" + std::to_string(n.id) + place;
      close(n.tags, "node");
    }
    for (const Way& w : ways_) {
      out += "<way id=\"" + std::to_string(w.id) + "\">";
      for (const auto n : w.nodes) out += "<nd ref=\"" + std::to_string(n) + "\"/>";
      close(w.tags, "way");
    }
    for (const Relation& r : relations_) {
      out += "<relation id=\"" + std::to_string(r.id) + "\">";
      for (const auto& m : r.members)
        out +=
            "<member type=\"" + m.type + "\" ref=\"" + std::to_string(m.id) + "\" role=\"" + m.role + "\"/>";
      close(r.tags, "relation");
    }
    return out + "</osm>\n";
  }

  // A length, a BlobHeader and a Blob.
  static std::string frame(const std::string& type, const std::string& block) {
    uLongf size = compressBound(block.size());
    std::string packed(size, '\0');
    compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(block.data()),
              block.size(), 1);
    packed.resize(size);
    osmpbf::Blob blob;
    blob.set_raw_size(static_cast<std::int32_t>(block.size()));
    blob.set_zlib_data(packed);
    const std::string body = blob.SerializeAsString();
    osmpbf::BlobHeader header;
    header.set_type(type);
    header.set_datasize(static_cast<std::int32_t>(body.size()));
    const std::string head = header.SerializeAsString();
    std::string out;
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(head.size() >> shift);
    return out + head + body;
  }

 private:
  struct Node {
    std::int64_t id, lon, lat;  // 1e-7 degree, the units of a PBF
    Tags tags;
  };
  struct Way {
    std::int64_t id;
    std::vector<std::int64_t> nodes;
    Tags tags;
  };
  struct Member {
    std::string type;  // node or way
    std::int64_t id;
    std::string role;
  };
  struct Relation {
    std::int64_t id;
    std::vector<Member> members;
    Tags tags;
  };

  struct Block {
    Block() { text(""); }
    std::uint32_t text(const std::string& t) {
      auto& strings = *block.mutable_stringtable();
      for (int i = 0; i < strings.s_size(); ++i)
        if (strings.s(i) == t) return static_cast<std::uint32_t>(i);
      strings.add_s(t);
      return static_cast<std::uint32_t>(strings.s_size() - 1);
    }
    void node(const Node& n) {
      auto& d = *group->mutable_dense();
      d.add_id(n.id - id), d.add_lat(n.lat - lat), d.add_lon(n.lon - lon);
      id = n.id, lat = n.lat, lon = n.lon;
      for (const auto& [key, value] : n.tags)
        d.add_keys_vals(static_cast<int>(text(key))), d.add_keys_vals(static_cast<int>(text(value)));
      d.add_keys_vals(0);
    }
    template <typename Thing, typename Source>
    void describe(Thing& thing, const Source& w) {
      thing.set_id(w.id);
      for (const auto& [key, value] : w.tags) thing.add_keys(text(key)), thing.add_vals(text(value));
    }
    void way(const Way& w) {
      auto& out = *group->add_ways();
      describe(out, w);
      std::int64_t last = 0;
      for (const auto n : w.nodes) out.add_refs(n - last), last = n;
    }
    void relation(const Relation& r) {
      auto& out = *group->add_relations();
      describe(out, r);
      std::int64_t last = 0;
      for (const auto& m : r.members) {
        out.add_memids(m.id - last), last = m.id;
        out.add_roles_sid(static_cast<std::int32_t>(text(m.role)));
        out.add_types(m.type == "way" ? osmpbf::Relation::WAY : osmpbf::Relation::NODE);
      }
    }
    osmpbf::PrimitiveBlock block;
    osmpbf::PrimitiveGroup* group = block.add_primitivegroup();
    std::int64_t id = 0, lat = 0, lon = 0;
  };

  template <typename Thing, typename Add>
  static void blocks(const std::vector<Thing>& things, std::string& out, Add add) {
    for (std::size_t begin = 0; begin < things.size(); begin += 8000) {
      Block block;
      for (std::size_t i = begin; i < std::min(begin + 8000, things.size()); ++i) add(block, things[i]);
      out += frame("OSMData", block.block.SerializeAsString());
    }
  }

  std::vector<Node> nodes_;
  std::vector<Way> ways_;
  std::vector<Relation> relations_;
};

}  // namespace jobmap
