#include "data/ingest/osm/import_osm.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <sstream>

#include "data/ingest/osm/extract.hpp"
#include "data/ingest/osm/small_pieces.hpp"
#include "data/ingest/osm/source.hpp"
#include "data/store/load.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "geo/distance.hpp"
#include "geo/street_search.hpp"
#include "tests/data/osm_file.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

// A street of five nodes with a side street at its middle, a locked gate, a ferry, and a station with two
// entrances.
OsmFile small_town() {
  OsmFile osm;
  for (int i = 0; i < 5; ++i) osm.node(1 + i, 120.1 + 0.001 * i, 30.2);
  osm.node(10, 120.102, 30.201).node(11, 120.102, 30.202, {{"barrier", "gate"}, {"access", "private"}});
  osm.node(12, 120.102, 30.203).node(20, 120.12, 30.2);
  osm.node(30, 120.1005, 30.2002, {{"railway", "subway_entrance"}, {"ref", "A"}});
  osm.node(31, 120.1035, 30.2002, {{"railway", "subway_entrance"}, {"ref", "B"}});
  osm.node(32, 120.3, 30.2, {{"railway", "subway_entrance"}});
  osm.way(1, {1, 2, 3, 4, 5}, {{"highway", "residential"}});
  osm.way(2, {3, 10, 11, 12}, {{"highway", "footway"}});
  osm.way(3, {5, 20}, {{"route", "ferry"}, {"duration", "20"}});
  osm.way(4, {12, 99}, {{"highway", "footway"}});  // cut off by the extract
  osm.way(5, {1, 5}, {{"building", "yes"}});
  osm.relation(1, {31}, {{"public_transport", "stop_area"}, {"name", "East"}});
  return osm;
}

osm::Extract& read(osm::Extract& extract, const std::string& pbf) {
  osm::read_pbf(*osm::source_of(pbf), extract);
  return extract;
}

TEST(OsmExtract, junctions_shapes_and_lengths) {
  const auto rules = osm::StreetRules::shipped();
  osm::Extract extract(rules);
  const auto n = read(extract, small_town().pbf()).streets();
  EXPECT_EQ(extract.nodes_read(), 12u);
  EXPECT_EQ(extract.entrances().size(), 3u);
  // 1-3 and 3-5 and 3-11 (each with a bend that is none), 11-12 behind the gate, the ferry twice. The gate is
  // two ends.
  ASSERT_EQ(n.edges.size(), 6u);
  ASSERT_EQ(n.nodes.size(), 7u);
  EXPECT_EQ(extract.missing().nodes, 1u);
  EXPECT_EQ(geo::connected(n, geo::TravelMode::walk).pieces, 2u);
  std::uint32_t streets = 0, ferries = 0, bends = 0;
  for (std::size_t e = 0; e < n.edges.size(); ++e) {
    const auto& edge = n.edges[e];
    if (edge.access & geo::StreetEdge::afloat) {
      ++ferries;
      // Twenty minutes and ten of waiting, at 4.68 and 15 km/h.
      EXPECT_EQ(edge.length_mm, edge.access & geo::StreetEdge::walk ? 2'340'000u : 7'500'000u);
      continue;
    }
    ++streets;
    const auto a = geo::to_lonlat(n.nodes[edge.from]), b = geo::to_lonlat(n.nodes[edge.to]);
    EXPECT_NEAR(edge.length_mm, geo::distance_m(a, b) * 1000, 20);
    bends += n.shape_begin[e + 1] - n.shape_begin[e];
  }
  EXPECT_EQ(bends, 3u);
  EXPECT_EQ(streets, 4u);
  EXPECT_EQ(ferries, 2u);
}

TEST(OsmExtract, xml_says_the_same) {
  Scratch dir;
  const auto rules = osm::StreetRules::shipped();
  osm::Extract pbf(rules), xml(rules);
  osm::read(dir.write("a.osm.pbf", small_town().pbf()), pbf);
  osm::read(dir.write("a.osm", small_town().xml()), xml);
  EXPECT_EQ(pbf.streets(), xml.streets());
  EXPECT_EQ(pbf.entrances().size(), xml.entrances().size());
  EXPECT_EQ(pbf.stop_areas().size(), xml.stop_areas().size());
}

TEST(OsmExtract, a_loop_and_a_way_that_meets_itself) {
  const auto rules = osm::StreetRules::shipped();
  OsmFile osm;
  for (int i = 0; i < 6; ++i) osm.node(1 + i, 120.1 + 0.001 * (i % 3), 30.2 + 0.001 * (i / 3));
  osm.way(1, {1, 2, 3, 6, 5, 4, 1}, {{"highway", "residential"}});
  osm.way(2, {2, 5}, {{"highway", "residential"}});
  osm::Extract extract(rules);
  const geo::StreetGraph g(read(extract, osm.pbf()).streets());
  EXPECT_EQ(g.nodes(), 3u);
  EXPECT_EQ(g.edges(), 4u);
  geo::StreetSearch search;
  const geo::Seed from{g.snap(geo::to_e7({120.1, 30.2}), geo::TravelMode::walk, 10)};
  search.run(g, geo::TravelMode::walk, {&from, 1}, geo::StreetSearch::no_limit);
  EXPECT_EQ(search.nodes().size(), 3u);
}

class ImportOsm : public testing::Test {
 protected:
  Scratch dir_;
  std::string db_ = dir_ / "a.sqlite";
  OsmOptions options(const std::string& bytes, const std::string& name = "town.osm.pbf") {
    OsmOptions o;
    o.database = db_, o.file = dir_.write(name, bytes), o.now = 1'800'000'000;
    return o;
  }
  void put_stations() {
    create_database(db_);
    Store store(db_);
    store.begin();
    store.put(Station{"west", "West", "West", "west", "w", geo::to_e7({120.1, 30.2}), {}});
    store.put(Station{"east", "East", "East", "east", "e", geo::to_e7({120.107, 30.2}), {}});
    store.commit();
  }
};

TEST_F(ImportOsm, a_new_database_gets_the_network_its_notice_and_a_generation) {
  const auto s = import_osm(options(small_town().pbf()));
  EXPECT_EQ(s.edges, 6u);
  EXPECT_EQ(s.walk.pieces, 2u);
  EXPECT_EQ(s.nodes_missing, 1u);
  const auto snapshot = load_snapshot(db_, 1'800'000'000);
  ASSERT_TRUE(snapshot->streets);
  EXPECT_EQ(snapshot->streets->edges(), 6u);
  Store store(db_);
  EXPECT_NE(store.meta("streets", "licence").find("ODbL"), std::string::npos);
  EXPECT_EQ(store.meta("streets", "source"), "town.osm.pbf");
  const auto before = store.generation();
  import_osm(options(small_town().pbf()));
  EXPECT_EQ(store.generation(), before + 1);
}

TEST_F(ImportOsm, entrances_join_the_station_of_their_stop_area_or_the_nearest) {
  put_stations();
  const auto s = import_osm(options(small_town().pbf()));
  EXPECT_EQ(s.entrances, 3u);
  EXPECT_EQ(s.exits, 2u);
  const auto city = load_snapshot(db_, 1'800'000'000)->city;
  ASSERT_EQ(city->stations[0].id, "east");
  ASSERT_EQ(city->stations[0].exits.size(), 1u);
  EXPECT_EQ(city->stations[0].exits[0].name, "B") << "nearer to West, but of the stop area East";
  ASSERT_EQ(city->stations[1].exits.size(), 1u);
  EXPECT_EQ(city->stations[1].exits[0].name, "A");
}

TEST_F(ImportOsm, what_cannot_be_leaves_the_database_as_it_was) {
  put_stations();
  import_osm(options(small_town().pbf()));
  const auto before = Scratch::read(db_);
  const auto refuse = [&](const OsmOptions& o, const char* words) {
    EXPECT_NE(error_of([&] { import_osm(o); }).find(words), std::string::npos)
        << error_of([&] { import_osm(o); });
    EXPECT_EQ(Scratch::read(db_), before);
  };
  OsmFile no_streets;
  no_streets.node(1, 120, 30).node(2, 120.1, 30).way(1, {1, 2}, {{"building", "yes"}});
  refuse(options(no_streets.pbf()), "no street");
  refuse(options(OsmFile().pbf()), "no street");
  refuse(options("PK\3\4 something else altogether"), "neither");
  refuse(options(""), "empty");
  refuse(options("<?xml version='1.0'?><osm><node id='1' lat", "cut.osm"), "cut off");
  refuse(options("<html></html>", "page.osm"), "its root is 'html'");
  auto elsewhere = options(small_town().pbf());
  elsewhere.region = "0,0,1,1";
  refuse(elsewhere, "outside the region");
  auto missing = options("");
  missing.file = dir_ / "nothing.osm.pbf";
  refuse(missing, "can't be read");
}

TEST_F(ImportOsm, a_region_of_the_database_holds) {
  create_database(db_, {.region = "118,29,121,31"});
  EXPECT_NO_THROW(import_osm(options(small_town().pbf())));
  const auto far = dir_ / "b.sqlite";
  create_database(far, {.region = "7,43,8,44"});
  auto o = options(small_town().pbf());
  o.database = far;
  EXPECT_NE(error_of([&] { import_osm(o); }).find("outside the region"), std::string::npos);
  o.region = "any";
  EXPECT_NO_THROW(import_osm(o));
}

// Streets every 200 m, columns × rows of corners.
OsmFile blocks(int columns, int rows, double lon = 120.1) {
  OsmFile osm;
  for (int y = 0; y < rows; ++y) {
    std::vector<std::int64_t> row;
    for (int x = 0; x < columns; ++x) {
      row.push_back(1 + y * columns + x);
      osm.node(row.back(), lon + 0.002 * x, 30.2 + 0.002 * y);
    }
    osm.way(1 + y, row, {{"highway", "residential"}});
  }
  return osm;
}

TEST_F(ImportOsm, an_extract_without_its_nodes_is_refused_unless_it_is_meant) {
  auto osm = blocks(20, 5);
  osm.way(100, {1, 1001, 1002, 1003, 1004},
          {{"highway", "residential"}});  // 4 of 105: the edge of an extract
  EXPECT_EQ(import_osm(options(osm.pbf())).nodes_missing, 4u);
  osm.way(101, {2, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012}, {{"highway", "residential"}});
  const auto before = Scratch::read(db_);
  auto o = options(osm.pbf());
  const auto error = error_of([&] { import_osm(o); });
  EXPECT_NE(error.find("12 of the 114 nodes"), std::string::npos) << error;
  EXPECT_NE(error.find("--force"), std::string::npos) << error;
  EXPECT_EQ(Scratch::read(db_), before);
  o.force = true;
  EXPECT_EQ(import_osm(o).nodes_missing, 12u);
  Store store(db_);
  EXPECT_EQ(store.meta("streets", "nodes_missing"), "12");
}

TEST_F(ImportOsm, what_takes_most_of_the_streets_away_asks) {
  EXPECT_EQ(import_osm(options(blocks(20, 20).pbf())).lost_share, 0);
  EXPECT_LT(import_osm(options(blocks(20, 14).pbf())).lost_share, 0.5);
  const auto before = Scratch::read(db_);
  for (const auto& osm : {blocks(20, 3), blocks(20, 14, 120.5)}) {
    auto o = options(osm.pbf());
    const auto error = error_of([&] { import_osm(o); });
    EXPECT_NE(error.find("of the streets that the database has"), std::string::npos) << error;
    EXPECT_NE(error.find("--force"), std::string::npos) << error;
    EXPECT_EQ(Scratch::read(db_), before);
  }
  auto o = options(blocks(20, 3).pbf());
  o.force = true;
  EXPECT_GT(import_osm(o).lost_share, 0.5);
}

TEST_F(ImportOsm, entrances_in_every_tagging) {
  put_stations();
  auto osm = blocks(20, 5);
  std::int64_t id = 500;
  const auto entrance = [&](OsmFile::Tags tags) { osm.node(id++, 120.1001, 30.2001, std::move(tags)); };
  entrance({{"railway", "subway_entrance"}, {"ref", "A"}});
  entrance({{"railway", "train_station_entrance"}, {"name", "B"}});
  entrance({{"public_transport", "entrance"}, {"ref", "C"}});
  entrance({{"entrance", "subway"}, {"ref", "D"}});
  entrance({{"entrance", "main"}, {"ref", "E"}});  // 504, of a stop area
  entrance({{"entrance", "main"}, {"ref", "house"}});
  entrance({{"railway", "subway_entrance"}, {"ref", "shut"}, {"access", "no"}});
  entrance({{"railway", "subway_entrance"}, {"ref", "private"}, {"access", "private"}});
  entrance({{"railway", "subway_entrance"}, {"ref", "disused"}, {"disused", "yes"}});
  entrance({{"railway", "subway_entrance"}, {"ref", "fire"}, {"entrance", "emergency"}});
  osm.way(200, {1, 2, 21}, {{"railway", "subway_entrance"}, {"ref", "F"}, {"highway", "steps"}});
  osm.node(600, 120.107, 30.2, {{"railway", "station"}, {"station", "subway"}, {"name", "East"}});
  osm.relation(1, {504, 600}, {{"public_transport", "stop_area"}});
  const auto s = import_osm(options(osm.pbf()));
  EXPECT_EQ(s.entrances, 6u);
  EXPECT_EQ(s.exits, 6u);
  const auto city = load_snapshot(db_, 1'800'000'000)->city;
  std::vector<std::string> west, east;
  for (const auto& exit : city->stations[1].exits) west.push_back(exit.name);
  for (const auto& exit : city->stations[0].exits) east.push_back(exit.name);
  EXPECT_EQ(west, (std::vector<std::string>{"A", "B", "C", "D", "F"}));
  EXPECT_EQ(east, std::vector<std::string>{"E"}) << "its stop area has no name, but a station";
}

TEST(SmallPieces, are_closed_to_whom_they_lead_nowhere) {
  geo::StreetNetwork n;
  const auto chain = [&](std::uint32_t length, std::uint8_t access) {
    for (std::uint32_t i = 0; i < length; ++i) {
      const auto here = static_cast<std::uint32_t>(n.nodes.size());
      n.nodes.push_back({1'200'000'000 + static_cast<std::int32_t>(here) * 100, 300'000'000});
      if (i > 0) n.edges.push_back({here - 1, here, 1000, access});
    }
  };
  using geo::StreetEdge;
  chain(500, StreetEdge::walk | StreetEdge::bike), chain(24, StreetEdge::walk | StreetEdge::bike);
  chain(25, StreetEdge::walk | StreetEdge::bike), chain(3, StreetEdge::walk);
  const auto before = n;
  EXPECT_EQ(osm::close_small_pieces(n, geo::TravelMode::walk), 2u) << "24 and 3 nodes, beside 500";
  for (std::size_t i = 0; i < n.edges.size(); ++i) {
    const auto node = n.edges[i].from;
    const bool closed = (node >= 500 && node < 524) || node >= 549;
    EXPECT_EQ(n.edges[i].access, before.edges[i].access & (closed ? ~StreetEdge::walk : 0xFF)) << i;
  }
  EXPECT_EQ(osm::close_small_pieces(n, geo::TravelMode::bike), 1u);
  EXPECT_EQ(osm::close_small_pieces(n, geo::TravelMode::bike), 0u) << "once";
}

TEST(OsmPbf, cut_at_any_byte_is_refused) {
  const auto whole = small_town().pbf();
  const auto rules = osm::StreetRules::shipped();
  std::size_t complete = 0;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    osm::Extract extract(rules);
    try {
      read(extract, whole.substr(0, n));
      ++complete;  // between two blocks a file that is cut looks whole
    } catch (const std::runtime_error&) {
    }
  }
  EXPECT_LE(complete, 3u);
}

// Bytes of the blocks, not of their packing, so that damage gets past zlib.
TEST(OsmPbf, damage_is_refused_or_harmless) {
  constexpr unsigned seed = 330106;
  std::mt19937 random(seed);
  const auto rules = osm::StreetRules::shipped();
  osmpbf::PrimitiveBlock block;
  for (const auto* text : {"", "highway", "residential", "barrier", "gate"})
    block.mutable_stringtable()->add_s(text);
  auto* group = block.add_primitivegroup();
  for (int i = 0; i < 20; ++i) {
    group->mutable_dense()->add_id(1), group->mutable_dense()->add_lat(3000),
        group->mutable_dense()->add_lon(1000);
    group->mutable_dense()->add_keys_vals(3), group->mutable_dense()->add_keys_vals(4);
    group->mutable_dense()->add_keys_vals(0);
  }
  auto* way = group->add_ways();
  way->set_id(1), way->add_keys(1), way->add_vals(2);
  for (int i = 0; i < 20; ++i) way->add_refs(1);
  osmpbf::HeaderBlock header;
  header.add_required_features("OsmSchema-V0.6");
  const auto head = OsmFile::frame("OSMHeader", header.SerializeAsString());
  const auto good = block.SerializeAsString();
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    auto bad = good;
    for (auto n = 1 + random() % 4; n > 0; --n) bad[random() % bad.size()] = static_cast<char>(random());
    osm::Extract extract(rules);
    try {
      read(extract, head + OsmFile::frame("OSMData", bad)).streets();
    } catch (const std::runtime_error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 300) << "seed " << seed;
}

TEST(OsmPbf, sizes_are_checked_before_memory_is_asked_for) {
  const auto rules = osm::StreetRules::shipped();
  osm::Extract extract(rules);
  EXPECT_NE(error_of([&] {
              read(extract, std::string("\xFF\xFF\xFF\xFF") + std::string(100, 'x'));
            }).find("header of"),
            std::string::npos);
  osmpbf::BlobHeader header;
  header.set_type("OSMHeader"), header.set_datasize(2'000'000'000);
  const auto head = header.SerializeAsString();
  const std::string file{'\0', '\0', '\0', static_cast<char>(head.size())};
  EXPECT_NE(error_of([&] { read(extract, file + head); }).find("2000000000"), std::string::npos);
}

// The real thing, where it is at hand.
TEST(OsmExtracts, are_read_and_hang_together) {
  const char* dir = std::getenv("JOBMAP_OSM_DIR");
  if (!dir || !std::filesystem::is_directory(dir)) GTEST_SKIP() << "skipped: no extract (JOBMAP_OSM_DIR)";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    if (!entry.path().string().ends_with(".osm.pbf")) continue;
    ++files;
    const auto rules = osm::StreetRules::shipped();
    osm::Extract extract(rules);
    osm::read(entry.path().string(), extract);
    const auto network = extract.streets();
    EXPECT_GT(network.edges.size(), 500u) << entry.path();
    EXPECT_GT(geo::connected(network, geo::TravelMode::walk).share(), 0.7) << entry.path();
    EXPECT_NO_THROW(geo::StreetGraph{network});
    Scratch scratch;
    OsmOptions options;
    options.database = scratch / "a.sqlite", options.file = entry.path().string();
    EXPECT_GT(import_osm(options).closed_pieces, 0u) << "no extract is without a lonely path";
    const auto snapshot = load_snapshot(options.database, 1'800'000'000);
    ASSERT_TRUE(snapshot->streets);
    // From wherever one stands one gets away: every street leads to a fair part of the others.
    const auto& graph = *snapshot->streets;
    geo::StreetSearch search;
    for (std::uint32_t i = 0; i < graph.nodes(); i += 1 + graph.nodes() / 50) {
      const geo::Seed from{graph.snap(graph.node(i), geo::TravelMode::walk, 250), 0};
      if (!from.at) continue;
      search.run(graph, geo::TravelMode::walk, {&from, 1}, geo::StreetSearch::no_limit);
      EXPECT_GE(search.nodes().size(), 50u) << entry.path();
    }
  }
  EXPECT_GT(files, 0u);
}

}  // namespace
}  // namespace jobmap::data
