// The forms an extract comes in: each must hand over what the plain one does, or say why it can't be read.
#include "data/ingest/osm/reader.hpp"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "data/ingest/osm/extract.hpp"
#include "data/ingest/osm/source.hpp"
#include "tests/data/osm_file.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data::osm {
namespace {

using Pack = OsmFile::Pack;

// Everything a sink hears, as text.
class Heard : public Sink {
 public:
  void node(std::int64_t id, geo::PointE7 at, Tags tags) override {
    out << "node " << id << ' ' << at.lon << ' ' << at.lat;
    say(tags);
  }
  void place(std::int64_t node, geo::PointE7 at) override {
    places << node << ' ' << at.lon << ' ' << at.lat << '\n';
  }
  void way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) override {
    out << "way " << id;
    for (const auto n : nodes) out << ' ' << n;
    say(tags);
  }
  void relation(std::int64_t id, std::span<const Member> members, Tags tags) override {
    out << "relation " << id;
    for (const auto& m : members) out << ' ' << static_cast<int>(m.kind) << ' ' << m.id << ' ' << m.role;
    say(tags);
  }
  std::ostringstream out, places;

 private:
  void say(Tags tags) {
    for (const Tag& t : tags) out << ' ' << t.key << '=' << t.value;
    out << '\n';
  }
};

std::string heard(const std::string& bytes) {
  Heard sink;
  read(*source_of(bytes), sink);
  return sink.out.str();
}

// A grid of side × side corners in streets of one row or column each; every fifth node is a crossing.
OsmFile grid(int side, std::int64_t sign = 1) {
  OsmFile osm;
  const auto id = [&](int x, int y) { return sign * (1000 + y * side + x); };
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      OsmFile::Tags tags;
      if ((x + y) % 5 == 0) tags.emplace_back("highway", "crossing");
      osm.node(id(x, y), 120.15 + 0.001 * x, 30.25 + 0.001 * y, std::move(tags));
    }
  for (int y = 0; y < side; ++y) {
    std::vector<std::int64_t> row, column;
    for (int x = 0; x < side; ++x) {
      row.push_back(id(x, y));
      column.push_back(id(y, x));
    }
    osm.way(sign * (6000 + y), row, {{"highway", "residential"}, {"name", "Row & Co"}});
    osm.way(sign * (7000 + y), column, {{"highway", "footway"}});
  }
  osm.area(sign * 9, {{sign * 6000, "outer"}}, {{"type", "multipolygon"}, {"natural", "water"}});
  return osm;
}

std::string xml_of(const OsmFile& osm) {
  auto xml = osm.xml();
  for (std::size_t at = 0; (at = xml.find("Row & Co", at)) != xml.npos;) xml.replace(at, 8, "Row &amp; Co");
  return xml;
}

std::size_t edges_of(const std::string& bytes) {
  const auto rules = StreetRules::shipped();
  Extract extract(rules);
  read(*source_of(bytes), extract);
  return extract.streets().edges.size();
}

TEST(OsmReader, every_packing_of_blocks_says_the_same) {
  const auto osm = grid(12);
  const auto plain = heard(osm.pbf());
  EXPECT_EQ(edges_of(osm.pbf()), 264u);
  for (const auto pack : {Pack::none, Pack::zlib, Pack::bzip2, Pack::lz4, Pack::zstd})
    for (const bool raw_size : {true, false})
      for (const bool dense : {true, false})
        EXPECT_EQ(heard(osm.pbf({.pack = pack, .raw_size = raw_size, .dense = dense})), plain)
            << static_cast<int>(pack) << raw_size << dense;
}

TEST(OsmReader, every_packing_of_the_file_says_the_same) {
  const auto osm = grid(12);
  const auto plain = heard(osm.pbf()), xml = xml_of(osm);
  EXPECT_EQ(heard(xml), plain);
  EXPECT_EQ(heard("\xEF\xBB\xBF" + xml), plain);
  EXPECT_EQ(heard("\n  " + xml.substr(xml.find('\n') + 1)), plain);
  for (const auto& bytes : {xml, osm.pbf()}) {
    const auto half = bytes.size() / 2;
    EXPECT_EQ(heard(OsmFile::gzip(bytes)), plain);
    EXPECT_EQ(heard(OsmFile::bzip2(bytes)), plain);
    EXPECT_EQ(heard(OsmFile::gzip(bytes.substr(0, half)) + OsmFile::gzip(bytes.substr(half))), plain)
        << "members of a parallel packer";
    EXPECT_EQ(heard(OsmFile::bzip2(bytes.substr(0, half)) + OsmFile::bzip2(bytes.substr(half))), plain)
        << "streams of a parallel packer";
    EXPECT_EQ(heard(OsmFile::gzip(bytes) + std::string(512, '\0')), plain) << "padding";
  }
}

TEST(OsmReader, the_name_of_a_file_says_nothing) {
  Scratch dir;
  const auto osm = grid(4);
  for (const auto* name : {"a.osm.gz", "a.osm.bz2", "a.osm.xml", "a.osm.pbf", "a"})
    for (const auto& bytes :
         {xml_of(osm), OsmFile::gzip(xml_of(osm)), OsmFile::bzip2(xml_of(osm)), osm.pbf()}) {
      Heard sink;
      std::uint64_t last = 0, all = 0;
      read(dir.write(name, bytes), sink, [&](auto done, auto of) {
        EXPECT_GE(done, last);
        last = done;
        all = of;
      });
      EXPECT_EQ(sink.out.str(), heard(osm.pbf())) << name;
      EXPECT_EQ(last, bytes.size()) << "progress is of the bytes of the file";
      EXPECT_EQ(all, bytes.size());
    }
}

TEST(OsmReader, places_on_ways_make_the_same_streets) {
  const auto osm = grid(12);
  const auto rules = StreetRules::shipped();
  Extract plain(rules), located(rules), xml(rules);
  read(*source_of(osm.pbf()), plain);
  read(*source_of(osm.pbf({.locations_on_ways = true})), located);
  EXPECT_LT(located.nodes_read(), plain.nodes_read());
  const auto network = plain.streets();
  EXPECT_EQ(network.edges.size(), 264u);
  EXPECT_EQ(located.streets(), network);
  EXPECT_EQ(located.missing().nodes, 0u);
  // The same in XML, as osmium and Overpass's `out geom` write it.
  std::string text = "<osm version='0.6'>", streets;
  Heard sink;
  read(*source_of(osm.pbf({.locations_on_ways = true})), sink);
  std::istringstream places(sink.places.str());
  std::map<std::int64_t, std::pair<long, long>> at;
  for (std::int64_t id, lon, lat; places >> id >> lon >> lat;) at[id] = {lon, lat};
  for (int i = 0; i < 12; ++i)
    for (const bool row : {true, false}) {
      text += "<way id='" + std::to_string((row ? 6000 : 7000) + i) + "'>";
      for (int j = 0; j < 12; ++j) {
        const auto id = 1000 + (row ? 12 * i + j : 12 * j + i);
        char nd[96];
        std::snprintf(nd, sizeof nd, "<nd ref='%d' lat='%.7f' lon='%.7f'/>", id,
                      static_cast<double>(at[id].second) / 1e7, static_cast<double>(at[id].first) / 1e7);
        text += nd;
      }
      text += row ? "<tag k='highway' v='residential'/></way>" : "<tag k='highway' v='footway'/></way>";
    }
  read(*source_of(text + "</osm>"), xml);
  EXPECT_EQ(xml.streets(), network);
}

TEST(OsmReader, a_place_on_a_way_that_its_writer_did_not_know_is_missing) {
  OsmFile osm;
  osm.node(1, 120.1, 30.2).node(2, 120.101, 30.2).way(1, {1, 2, 3}, {{"highway", "residential"}});
  const auto rules = StreetRules::shipped();
  Extract extract(rules);
  read(*source_of(osm.pbf({.locations_on_ways = true})), extract);
  EXPECT_EQ(extract.streets().edges.size(), 1u);
  EXPECT_EQ(extract.missing().nodes, 1u);
  EXPECT_EQ(extract.missing().of, 3u);
}

TEST(OsmReader, what_is_deleted_is_not_there) {
  auto osm = grid(12, -1);
  const auto whole = edges_of(osm.pbf());
  EXPECT_EQ(whole, 264u);
  osm.node(-90001, 120.15, 30.27).gone().node(-90002, 120.15, 30.28);
  osm.gone().way(-90010, {-1132, -90001}, {{"highway", "residential"}});
  osm.gone().area(-90020, {{-6000, "outer"}}, {{"type", "multipolygon"}, {"highway", "pedestrian"}});
  const auto plain = heard(osm.pbf());
  EXPECT_EQ(edges_of(osm.pbf()), whole);
  EXPECT_EQ(edges_of(osm.pbf({.dense = false})), whole);
  EXPECT_EQ(plain.find("-90010"), plain.npos);
  EXPECT_EQ(plain.find("-90020"), plain.npos);
  EXPECT_EQ(plain.find("-90002"), plain.npos);
  EXPECT_NE(plain.find("-90001"), plain.npos);
  for (const auto* mark : {"action=\"delete\"", "visible=\"false\"", "visible='false' action='modify'"}) {
    auto xml = osm.xml(mark);
    for (std::size_t at = 0; (at = xml.find("Row & Co", at)) != xml.npos;) xml.replace(at, 8, "Row &amp; Co");
    EXPECT_EQ(heard(xml), plain) << mark;
  }
  EXPECT_EQ(heard("<osm><node id='1' visible='false' version='2'/></osm>"), "")
      << "a deleted node has no place";
}

TEST(OsmReader, of_a_history_the_last_version_counts) {
  OsmFile osm;
  osm.node(1, 120.1, 30.2).node(2, 120.2, 30.2).node(2, 120.101, 30.2).node(3, 120.102, 30.2);
  osm.node(4, 120.3, 30.3).gone().node(4, 120.3, 30.3);
  osm.way(1, {1, 2}, {{"highway", "motorway"}}).way(1, {1, 2, 3}, {{"highway", "residential"}});
  osm.way(2, {1, 3}, {{"highway", "residential"}}).gone().way(2, {}, {});
  osm.way(3, {1, 3}, {{"highway", "footway"}}).gone().way(3, {}, {}).way(3, {3, 1}, {{"highway", "path"}});
  const auto expected =
      "node 1 1201000000 302000000\nnode 2 1201010000 302000000\nnode 3 1201020000 302000000\n"
      "way 1 1 2 3 highway=residential\nway 3 3 1 highway=path\n";
  EXPECT_EQ(heard(osm.pbf({.history = true})), expected);
  EXPECT_EQ(heard(osm.pbf({.dense = false, .history = true})), expected);
  EXPECT_EQ(heard(osm.xml("visible='false'")), expected);
}

TEST(OsmReader, what_cannot_be_read_says_what_it_is) {
  const auto refused = [](const std::string& bytes, const char* words) {
    const auto error = error_of([&] { heard(bytes); });
    EXPECT_NE(error.find(words), std::string::npos) << error << " lacks " << words;
  };
  refused("", "empty");
  refused(OsmFile::gzip(""), "empty");
  refused("something else", "no OpenStreetMap extract");
  refused(std::string("\xFD\x37zXZ\0....", 10), "packed by xz");
  refused("\x28\xB5\x2F\xFD....", "packed by zstd");
  refused("PK\x03\x04....", "packed by zip");
  refused(std::string("\xFF\xE0\x04o5m2", 7), "o5m");
  refused("<html><body/></html>", "its root is 'html'");
  refused("<osmChange version='0.6'><delete/></osmChange>", "changes");
  refused("<!DOCTYPE osm><osm/>", "DOCTYPE");
  refused("<osm>\n<node id='1' lat='95' lon='1'/></osm>", "line 2: a node is not on the globe");
  refused("<osm>\n<node id='1' lat='nan' lon='1'/></osm>", "not on the globe");
  refused("<osm>\n<node id='1'/></osm>", "not on the globe");
  refused("<osm>\n<node id='one' lat='5' lon='1'/></osm>", "'one'");
  refused("<osm>\n<way><nd ref='1'/></way></osm>", "a way has no id");
  refused("<osm>\n<way id='1'><nd/></way></osm>", "a node of a way has no id");
  refused("<osm><node id='1' lat='1' lon='1'>", "cut off");
  refused("<osm>\n\n<node id='1' lat='1' lon='1'></way></osm>", "line 3");
  const auto packed = OsmFile::gzip(xml_of(grid(4))), packed_2 = OsmFile::bzip2(xml_of(grid(4)));
  refused(packed.substr(0, packed.size() / 2), "cut off");
  refused(packed_2.substr(0, packed_2.size() / 2), "cut off");
  refused(packed + "behind the end", "gzip stream doesn't unpack");
  osmpbf::Blob blob;
  blob.set_raw_size(10), blob.set_lzma_data("..........");
  osmpbf::BlobHeader header;
  const auto body = blob.SerializeAsString();
  header.set_type("OSMHeader"), header.set_datasize(static_cast<int>(body.size()));
  const auto head = header.SerializeAsString();
  refused(std::string{'\0', '\0', '\0', static_cast<char>(head.size())} + head + body, "lzma");
  osmpbf::HeaderBlock needs;
  needs.add_required_features("Sorcery");
  refused(OsmFile::frame("OSMHeader", needs.SerializeAsString()), "Sorcery");
}

// A mark-up without an end, and a way without one, must not fill the memory.
TEST(OsmReader, memory_is_bounded) {
  const std::string endless = "<osm><node id='1' lat='1' lon='1'><tag k='k' v='" + std::string(3 << 20, 'x');
  EXPECT_NE(error_of([&] { heard(OsmFile::gzip(endless)); }).find("doesn't end"), std::string::npos);
  std::string way = "<osm><way id='1'>";
  for (int i = 0; i < 1'100'000; ++i) way += "<nd ref='1'/>";
  EXPECT_NE(error_of([&] { heard(OsmFile::gzip(way)); }).find("million"), std::string::npos);
  std::string tags = "<osm><way id='1'>";
  for (int i = 0; i < 800; ++i) tags += "<tag k='k' v='" + std::string(100'000, 'x') + "'/>";
  EXPECT_NE(error_of([&] { heard(OsmFile::gzip(tags)); }).find("64 MiB of text"), std::string::npos);
  // A block that says no size and unpacks to more than the format allows.
  const std::string large((32 << 20) + 1, 'x');
  for (const auto pack : {Pack::zlib, Pack::bzip2, Pack::lz4, Pack::zstd})
    EXPECT_NE(error_of([&] { heard(OsmFile::frame("OSMHeader", large, pack, false)); }).find("inflate"),
              std::string::npos)
        << static_cast<int>(pack);
}

TEST(OsmReader, damage_of_any_packing_is_refused_or_harmless) {
  constexpr unsigned seed = 17;
  std::mt19937 random(seed);
  const auto osm = grid(6);
  std::vector<std::string> files{OsmFile::gzip(xml_of(osm)), OsmFile::bzip2(xml_of(osm)), xml_of(osm)};
  for (const auto pack : {Pack::zlib, Pack::bzip2, Pack::lz4, Pack::zstd, Pack::none})
    files.push_back(
        osm.pbf({.pack = pack, .raw_size = pack != Pack::lz4, .locations_on_ways = pack == Pack::none}));
  int refused = 0;
  for (const auto& good : files)
    for (int i = 0; i < 200; ++i) {
      auto bad = good;
      if (i % 4 == 0) bad.resize(random() % bad.size());
      for (auto n = 1 + random() % 4; n > 0 && !bad.empty(); --n)
        bad[random() % bad.size()] = static_cast<char>(random());
      try {
        edges_of(bad);
      } catch (const std::runtime_error&) {
        ++refused;
      }
    }
  EXPECT_GT(refused, 800) << "seed " << seed;
}

}  // namespace
}  // namespace jobmap::data::osm
