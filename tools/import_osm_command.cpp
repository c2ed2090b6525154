// jobmap import-osm: the streets of an OpenStreetMap extract into a database.
#include <boost/program_options.hpp>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <stdexcept>

#include "data/index/walks.hpp"
#include "data/ingest/osm/import_osm.hpp"
#include "data/store/street_store.hpp"
#include "tools/command_line.hpp"

namespace po = boost::program_options;

namespace jobmap::tools {
namespace {

constexpr std::string_view osm_help =
    "jobmap import-osm --db FILE FILE.osm.pbf|FILE.osm|FILE.osm.gz|FILE.osm.bz2\n\n"
    "The streets one may walk or ride, instead of those the database had, and the exits of its stations: "
    "subway\nentrances, each joined to its station. Water, to draw, and, where it has none, districts.\nAll "
    "in one transaction; a running server loads them by "
    "itself.\nWhat the file is, its first bytes say: PBF (blocks packed by zlib, zstd, lz4 or bzip2) or XML, "
    "as it "
    "is or packed\nby gzip or bzip2.\nOpenStreetMap data is under the Open Database License: its "
    "contributors must be named.\n";

po::options_description declare_osm() {
  po::options_description options("Options");
  options.add_options()("help", "this")("db", po::value<std::string>(),
                                        "the database; made where there is none")(
      "rules", po::value<std::string>(),
      "a file of rules who may walk and ride where; else the shipped ones")(
      "region", po::value<std::string>(),
      "minx,miny,maxx,maxy that streets must lie in, in part at least, or any; else that of the database")(
      "snap-limit", po::value<double>()->default_value(data::default_snap_limit_m),
      "metres, 10 to 1000: what lies farther from a street is not reached")(
      "force",
      "take an extract that lacks many nodes of its streets, or would take away most of the streets there "
      "were")("districts",
              "take the extract's districts, though the database has some: by code, else by name")(
      "file", po::value<std::string>(), "the extract");
  return options;
}

data::OsmOptions read_osm_options(const po::variables_map& given) {
  if (!given.count("db")) throw std::runtime_error("--db is missing");
  if (!given.count("file")) throw std::runtime_error("an extract to import is missing");
  data::OsmOptions options;
  options.database = given["db"].as<std::string>();
  options.file = given["file"].as<std::string>();
  if (given.count("rules")) options.rules = given["rules"].as<std::string>();
  if (given.count("region")) options.region = given["region"].as<std::string>();
  options.snap_limit_m = given["snap-limit"].as<double>();
  options.force = given.count("force") > 0;
  options.districts = given.count("districts") > 0;
  options.now = std::time(nullptr);
  return options;
}

void report_areas(const data::OsmSummary& s) {
  std::printf("water: %zu areas\n", s.water);
  if (s.taken > 0)
    std::printf("districts: %zu, of which %zu in the place of others\n", s.taken, s.replaced);
  else if (s.districts > s.without_code.size())
    std::printf("districts: %zu, not taken: the database has its own (--districts takes them)\n",
                s.districts);
  for (const auto& name : s.without_code)
    std::fprintf(stderr,
                 "note: district %s has no code of six digits, nor has the database one of its name\n",
                 name.c_str());
  if (s.areas_left_out > 0)
    std::printf("areas left out: %zu, cut off by the extract or not valid\n", s.areas_left_out);
}

void report_notes(const data::OsmSummary& s) {
  const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  if (s.nodes_missing > 0)
    std::fprintf(
        stderr,
        "note: %llu nodes that streets name are not in the extract (%.1f %%); those streets end where it "
        "does\n",
        number(s.nodes_missing), 100 * s.missing_share);
  if (s.lost_share > data::most_lost)
    std::fprintf(stderr, "note: %.1f %% of the streets that the database had are gone\n", 100 * s.lost_share);
  if (s.squares_cut_off > 0)
    std::fprintf(stderr, "note: %llu open areas are cut off by the extract and not crossed\n",
                 number(s.squares_cut_off));
  if (s.with_hours > 0)
    std::fprintf(
        stderr,
        "note: %llu gates, streets and entrances have opening hours or conditions by time, which are "
        "ignored: each is\nopen or closed at any hour, as its other tags say\n",
        number(s.with_hours));
}

void report_osm(const data::OsmSummary& s) {
  std::printf("read %llu nodes and %llu ways\n", static_cast<unsigned long long>(s.nodes_read),
              static_cast<unsigned long long>(s.ways_read));
  std::printf("streets: %u nodes, %u edges, %.1f km\n", s.nodes, s.edges, s.street_km);
  const auto pieces = [](const char* who, const geo::Connected& c) {
    std::printf("%s: %u nodes, %.1f %% of them in the largest of %u pieces\n", who, c.all, 100 * c.share(),
                c.pieces);
    if (c.all > 0 && c.share() < 0.9)
      std::fprintf(stderr,
                   "note: the network for %s lies in pieces; the largest holds %.1f %% of its nodes\n", who,
                   100 * c.share());
  };
  pieces("walking", s.walk);
  pieces("cycling", s.bike);
  if (s.closed_pieces > 0)
    std::printf("%u pieces too small to lead anywhere are closed: nothing begins or ends there\n",
                s.closed_pieces);
  if (s.squares > 0)
    std::printf("open areas: %llu are walked straight across\n", static_cast<unsigned long long>(s.squares));
  if (s.closed_by_walls > 0)
    std::printf("walls: %llu places where they cross a street are closed\n",
                static_cast<unsigned long long>(s.closed_by_walls));
  std::printf("subway entrances: %zu, of which %zu are exits of %zu stations\n", s.entrances, s.exits,
              s.stations);
  report_areas(s);
  report_notes(s);
  std::puts("© OpenStreetMap contributors, Open Database License (ODbL) 1.0");
}

}  // namespace

int run_import_osm(Arguments args) {
  const auto options = declare_osm();
  const auto given = read_command_line(args, options, "file");
  if (given.count("help")) {
    std::cout << osm_help << '\n' << options;
    return 0;
  }
  auto import = read_osm_options(given);
  const auto summary = [&] {
    const ProgressLine line;
    import.progress = [&line](auto phase, auto done, auto of) { line.show(phase, done, of);
  };
  return data::import_osm(import);
}
();
report_osm(summary);
return 0;
}

}  // namespace jobmap::tools
