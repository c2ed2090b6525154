// jobmap import: a file into a database, refusals by line on standard error, the summary on standard output.
#include <array>
#include <boost/program_options.hpp>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <stdexcept>

#include "data/ingest/table/import.hpp"
#include "tools/command_line.hpp"

namespace po = boost::program_options;

namespace jobmap::tools {
namespace {

constexpr std::string_view help_head =
    "jobmap import --db FILE --layer LAYER --datum DATUM FILE.csv|FILE.geojson\n\n"
    "Every row is checked; one that can't be right is refused with its line and the reason, and the rest "
    "goes in.\n"
    "Rows are put by their key (jobs: source and id): inserted, updated or unchanged. All in one "
    "transaction.\n";
constexpr std::string_view help_tail =
    "\nColumns (CSV: header row; GeoJSON: properties, with lon and lat in the geometry):\n"
    "  jobs            id source title category openings employer expires_at, and a place; also description "
    "uscc\n"
    "                  pay_min pay_max pay_unit settlement shifts months stipend education experience "
    "occupation\n"
    "                  industry address district lon lat precision apply_url contact published_at.\n"
    "                  A place is lon and lat (precision exact, address or street; street where it isn't "
    "said), or a\n"
    "                  district (precision community or district), or one named in the address.\n"
    "  service-points, venture-sites   id name kind lon lat; also address capacity hours source\n"
    "  stations        name lon lat; also id name_en pinyin initials\n"
    "  lines           id name color (#FC0601) stations (a;b;c, branches divided by |)\n"
    "  districts       GeoJSON: adcode (any text without a comma) name, (Multi)Polygon\n"
    "  population      lon lat residents (a point, or the centre of a cell)\n"
    "  metro-service   TOML and no datum: hours, headways, run times, as data/model/metro_service.toml and, "
    "of a\n"
    "                  line, [lines.<id>] with runs = [{from, to, minutes}]\n"
    "A bare date is a local day; expires_at then means its end.\n\n"
    "Status: 0 all went in, 1 some were refused, 2 nothing was imported.\n";

struct LayerName {
  std::string_view name;
  data::ImportLayer layer;
};
constexpr std::array<LayerName, 7> layers{{{"jobs", data::ImportLayer::jobs},
                                           {"service-points", data::ImportLayer::service_points},
                                           {"venture-sites", data::ImportLayer::venture_sites},
                                           {"stations", data::ImportLayer::stations},
                                           {"lines", data::ImportLayer::lines},
                                           {"districts", data::ImportLayer::districts},
                                           {"population", data::ImportLayer::population}}};

data::ImportLayer parse_layer(std::string_view name) {
  for (const auto& l : layers)
    if (l.name == name) return l.layer;
  throw std::runtime_error(
      "there is no layer '" + std::string(name) +
      "': jobs, service-points, venture-sites, stations, lines, districts, population or metro-service");
}

geo::Crs parse_datum(const std::string& name) {
  for (const auto crs : {geo::Crs::wgs84, geo::Crs::gcj02, geo::Crs::bd09, geo::Crs::cgcs2000})
    if (geo::name_of(crs) == name) return crs;
  throw std::runtime_error("there is no datum '" + name + "': wgs84, gcj02, bd09 or cgcs2000");
}

po::options_description declare() {
  po::options_description options("Options");
  options.add_options()("help", "this")("db", po::value<std::string>(),
                                        "the database; made where there is none")(
      "layer", po::value<std::string>(),
      "jobs, service-points, venture-sites, stations, lines, districts, population, metro-service")(
      "datum", po::value<std::string>(),
      "of the file's coordinates: wgs84, gcj02 (AMap, Tencent), bd09 (Baidu), cgcs2000")(
      "charset", po::value<std::string>()->default_value("UTF-8"), "UTF-8, GBK, GB18030, UTF-16LE, UTF-16BE")(
      "region", po::value<std::string>(),
      "minx,miny,maxx,maxy that coordinates must lie in, or any; else the extent of the districts")(
      "strict", po::bool_switch(), "one refusal, and nothing goes in")("file", po::value<std::string>(),
                                                                       "the file");
  return options;
}

bool is_metro_service(const po::variables_map& given) {
  return given.count("layer") && given["layer"].as<std::string>() == "metro-service";
}

// Refuses what is unknown, given twice or missing by throwing.
void check_given(const po::variables_map& given) {
  for (const char* name : {"db", "layer", "datum", "file"})
    if (!given.count(name) && !(is_metro_service(given) && std::string_view(name) == "datum")) {
      const bool positional = std::string_view(name) == "file";
      throw std::runtime_error(std::string(positional ? "a file to import" : "--") +
                               (positional ? "" : name) + " is missing");
    }
}

int import_service(const po::variables_map& given) {
  for (const char* name : {"datum", "region"})
    if (given.count(name))
      throw std::runtime_error("--" + std::string(name) +
                               " has no meaning for metro-service, which has no coordinates");
  const bool other = data::import_metro_service(given["db"].as<std::string>(),
                                                given["file"].as<std::string>(), std::time(nullptr));
  std::puts(other ? "the metro runs as the file says" : "unchanged: the metro ran as the file says already");
  return 0;
}

data::ImportOptions read_options(const po::variables_map& given) {
  data::ImportOptions options;
  options.database = given["db"].as<std::string>();
  options.file = given["file"].as<std::string>();
  options.layer = parse_layer(given["layer"].as<std::string>());
  options.datum = parse_datum(given["datum"].as<std::string>());
  options.charset = given["charset"].as<std::string>();
  if (given.count("region")) options.region = given["region"].as<std::string>();
  options.strict = given["strict"].as<bool>();
  options.now = std::time(nullptr);
  return options;
}

int report(const data::ImportSummary& s, bool strict) {
  for (const auto& r : s.refusals)
    std::fprintf(stderr, "line %llu: %s\n", static_cast<unsigned long long>(r.line), r.reason.c_str());
  if (!s.region_is_known)
    std::fputs("note: no districts and no --region, so coordinates were only checked to be on the globe\n",
               stderr);
  std::printf("read %zu, inserted %zu, updated %zu, unchanged %zu, refused %zu\n", s.read, s.inserted,
              s.updated, s.unchanged, s.refusals.size());
  if (s.expired > 0) std::printf("expired: %zu, imported, not served\n", s.expired);
  if (s.unpublished > 0)
    std::printf("not published yet: %zu, imported, served from their published_at on\n", s.unpublished);
  if (s.stored() == 0) {
    std::fputs(s.read == 0 ? "nothing was imported: the file has no rows\n"
               : strict && s.refusals.size() < s.read
                   ? "nothing was imported: --strict, and rows were refused\n"
                   : "nothing was imported: every row was refused\n",
               stderr);
    return 2;
  }
  return s.refusals.empty() ? 0 : 1;
}

}  // namespace

int run_import(Arguments args) {
  const auto options = declare();
  const auto given = read_command_line(args, options, "file");
  if (given.count("help")) {
    std::cout << help_head << '\n' << options << help_tail;
    return 0;
  }
  check_given(given);
  if (is_metro_service(given)) return import_service(given);
  auto import = read_options(given);
  const auto summary = [&] {
    const ProgressLine line;
    import.progress = [&line](auto phase, auto done, auto of) { line.show(phase, done, of);
  };
  return data::import_file(import);
}
();
return report(summary, import.strict);
}

}  // namespace jobmap::tools
