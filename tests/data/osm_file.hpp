#pragma once
// Writes OpenStreetMap extracts for tests and benchmarks: PBF by the generated code of proto/osm.proto, or
// XML.
//
//   OsmFile osm;
//   osm.node(1, 120.1, 30.2).node(2, 120.2, 30.2, {{"barrier", "gate"}});
//   osm.way(7, {1, 2}, {{"highway", "residential"}});
//   write(osm.pbf());  write(osm.xml());
//   write(osm.pbf({.pack = OsmFile::Pack::zstd, .raw_size = false, .locations_on_ways = true}));
//
// Blocks of 8,000 things, deflated, dense nodes, as the planet's files have them, where the form says no
// other.
#include <bzlib.h>
#include <lz4.h>
#include <zlib.h>
#include <zstd.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "osm.pb.h"

namespace jobmap {

class OsmFile {
 public:
  using Tags = std::vector<std::pair<std::string, std::string>>;
  enum class Pack { none, zlib, bzip2, lz4, zstd };
  struct Form {
    Pack pack = Pack::zlib;
    bool raw_size = true;            // said of each block that is packed
    bool locations_on_ways = false;  // and no node without tags
    bool dense = true;
    bool history = false;  // the header says so
  };

  OsmFile& node(std::int64_t id, double lon, double lat, Tags tags = {}) {
    nodes_.push_back({id, std::llround(lon * 1e7), std::llround(lat * 1e7), std::move(tags), take_gone()});
    return *this;
  }
  OsmFile& way(std::int64_t id, std::vector<std::int64_t> nodes, Tags tags) {
    ways_.push_back({id, std::move(nodes), std::move(tags), take_gone()});
    return *this;
  }
  // The next thing is deleted, as a history and an editor's file have it.
  OsmFile& gone() {
    gone_ = true;
    return *this;
  }
  // A relation of nodes.
  OsmFile& relation(std::int64_t id, std::vector<std::int64_t> nodes, Tags tags) {
    Relation r{id, {}, std::move(tags)};
    for (const auto n : nodes) r.members.push_back({"node", n, ""});
    r.gone = take_gone();
    relations_.push_back(std::move(r));
    return *this;
  }
  // An area of ways, each with its role.
  OsmFile& area(std::int64_t id, const std::vector<std::pair<std::int64_t, std::string>>& ways, Tags tags) {
    Relation r{id, {}, std::move(tags)};
    for (const auto& [way, role] : ways) r.members.push_back({"way", way, role});
    r.gone = take_gone();
    relations_.push_back(std::move(r));
    return *this;
  }

  std::string pbf() const { return pbf(Form()); }
  std::string pbf(const Form& form) const {
    osmpbf::HeaderBlock header;
    header.add_required_features("OsmSchema-V0.6");
    header.add_required_features("DenseNodes");
    if (form.locations_on_ways) header.add_required_features("LocationsOnWays");
    if (form.history) header.add_required_features("HistoricalInformation");
    std::string out = frame("OSMHeader", header.SerializeAsString(), form.pack, form.raw_size);
    std::vector<Node> nodes;
    for (const Node& n : nodes_)
      if (!form.locations_on_ways || !n.tags.empty()) nodes.push_back(n);
    blocks(nodes, out, form, [&](Block& b, const Node& n) { form.dense ? b.node(n) : b.lone_node(n); });
    std::map<std::int64_t, const Node*> at;
    if (form.locations_on_ways)
      for (const Node& n : nodes_) at[n.id] = &n;
    blocks(ways_, out, form, [&](Block& b, const Way& w) { b.way(w, at); });
    blocks(relations_, out, form, [](Block& b, const Relation& r) { b.relation(r); });
    return out;
  }

  // `deleted`: how a thing that is gone is marked.
  std::string xml(const std::string& deleted = "action=\"delete\"") const {
    const auto mark = [&](bool gone) { return gone ? " " + deleted + ">" : std::string(">"); };
    std::string out = "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n";
    const auto close = [&](const Tags& tags, const std::string& name) {
      for (const auto& [key, value] : tags) out += "<tag k=\"" + key + "\" v=\"" + value + "\"/>";
      out += "</" + name + ">\n";
    };
    for (const Node& n : nodes_) {
      char place[96];
      std::snprintf(place, sizeof place, "\" lat=\"%.7f\" lon=\"%.7f\"", static_cast<double>(n.lat) / 1e7,
                    static_cast<double>(n.lon) / 1e7);
      out += "<node id=\"" + std::to_string(n.id) + place + mark(n.gone);
      close(n.tags, "node");
    }
    for (const Way& w : ways_) {
      out += "<way id=\"" + std::to_string(w.id) + "\"" + mark(w.gone);
      for (const auto n : w.nodes) out += "<nd ref=\"" + std::to_string(n) + "\"/>";
      close(w.tags, "way");
    }
    for (const Relation& r : relations_) {
      out += "<relation id=\"" + std::to_string(r.id) + "\"" + mark(r.gone);
      for (const auto& m : r.members)
        out +=
            "<member type=\"" + m.type + "\" ref=\"" + std::to_string(m.id) + "\" role=\"" + m.role + "\"/>";
      close(r.tags, "relation");
    }
    return out + "</osm>\n";
  }

  // A length, a BlobHeader and a Blob.
  static std::string frame(const std::string& type, const std::string& block, Pack pack = Pack::zlib,
                           bool raw_size = true) {
    osmpbf::Blob blob;
    if (pack != Pack::none && raw_size) blob.set_raw_size(static_cast<std::int32_t>(block.size()));
    switch (pack) {
      case Pack::none:
        blob.set_raw(block);
        break;
      case Pack::zlib:
        blob.set_zlib_data(zlib(block));
        break;
      case Pack::bzip2:
        blob.set_bzip2_data(bzip2(block));
        break;
      case Pack::lz4: {
        std::string packed(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(block.size()))), '\0');
        packed.resize(static_cast<std::size_t>(LZ4_compress_default(
            block.data(), packed.data(), static_cast<int>(block.size()), static_cast<int>(packed.size()))));
        blob.set_lz4_data(packed);
        break;
      }
      case Pack::zstd: {
        std::string packed(ZSTD_compressBound(block.size()), '\0');
        packed.resize(ZSTD_compress(packed.data(), packed.size(), block.data(), block.size(), 1));
        blob.set_zstd_data(packed);
        break;
      }
    }
    const std::string body = blob.SerializeAsString();
    osmpbf::BlobHeader header;
    header.set_type(type);
    header.set_datasize(static_cast<std::int32_t>(body.size()));
    const std::string head = header.SerializeAsString();
    std::string out;
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(head.size() >> shift);
    return out + head + body;
  }

  static std::string zlib(const std::string& bytes) {
    uLongf size = compressBound(bytes.size());
    std::string packed(size, '\0');
    compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
              bytes.size(), 1);
    packed.resize(size);
    return packed;
  }
  static std::string gzip(const std::string& bytes) {
    z_stream z{};
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&z, bytes.size()), '\0');
    z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(packed.data());
    z.avail_out = static_cast<uInt>(packed.size());
    deflate(&z, Z_FINISH);
    packed.resize(z.total_out);
    deflateEnd(&z);
    return packed;
  }
  static std::string bzip2(std::string bytes) {
    auto size = static_cast<unsigned>(bytes.size() + bytes.size() / 100 + 600);
    std::string packed(size, '\0');
    BZ2_bzBuffToBuffCompress(packed.data(), &size, bytes.data(), static_cast<unsigned>(bytes.size()), 9, 0,
                             0);
    packed.resize(size);
    return packed;
  }

 private:
  struct Node {
    std::int64_t id, lon, lat;  // 1e-7 degree, the units of a PBF
    Tags tags;
    bool gone = false;
  };
  struct Way {
    std::int64_t id;
    std::vector<std::int64_t> nodes;
    Tags tags;
    bool gone = false;
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
    bool gone = false;
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
      visible += n.gone ? '\0' : '\1';
      any_gone |= n.gone;
    }
    void lone_node(const Node& n) {
      auto& out = *group->add_nodes();
      describe(out, n);
      out.set_lat(n.lat);
      out.set_lon(n.lon);
    }
    // Both DenseInfo and Info have version, and visible in field 6.
    void finish() {
      if (!any_gone) return;
      std::string info = "\x32";
      for (auto size = visible.size(); size > 0; size >>= 7)
        info += static_cast<char>((size & 0x7F) | (size > 0x7F ? 0x80 : 0));
      group->mutable_dense()->set_denseinfo(info + visible);
    }
    template <typename Thing, typename Source>
    void describe(Thing& thing, const Source& w) {
      thing.set_id(w.id);
      for (const auto& [key, value] : w.tags) thing.add_keys(text(key)), thing.add_vals(text(value));
      if (w.gone) thing.set_info(std::string("\x08\x02\x30\x00", 4));
    }
    void way(const Way& w, const std::map<std::int64_t, const Node*>& at) {
      auto& out = *group->add_ways();
      describe(out, w);
      std::int64_t last = 0, last_lat = 0, last_lon = 0;
      for (const auto n : w.nodes) out.add_refs(n - last), last = n;
      for (const auto n : w.nodes) {
        if (at.empty()) break;
        const auto node = at.find(n);  // one that isn't there is written as osmium writes it, off the globe
        const auto next_lat = node == at.end() ? INT32_MAX : node->second->lat,
                   next_lon = node == at.end() ? INT32_MAX : node->second->lon;
        out.add_lat(next_lat - last_lat);
        out.add_lon(next_lon - last_lon);
        last_lat = next_lat;
        last_lon = next_lon;
      }
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
    std::string visible;
    bool any_gone = false;
  };

  bool take_gone() { return std::exchange(gone_, false); }

  template <typename Thing, typename Add>
  static void blocks(const std::vector<Thing>& things, std::string& out, const Form& form, Add add) {
    for (std::size_t begin = 0; begin < things.size(); begin += 8000) {
      Block block;
      for (std::size_t i = begin; i < std::min(begin + 8000, things.size()); ++i) add(block, things[i]);
      block.finish();
      out += frame("OSMData", block.block.SerializeAsString(), form.pack, form.raw_size);
    }
  }

  std::vector<Node> nodes_;
  std::vector<Way> ways_;
  std::vector<Relation> relations_;
  bool gone_ = false;
};

}  // namespace jobmap
