// jobmap coverage: the planner's figures into a file, with every assumption inside it. Reads only.
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "data/store/load.hpp"
#include "server/encode/coverage.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "tools/commands.hpp"

namespace jobmap::tools {
namespace {

constexpr std::string_view coverage_help =
    "jobmap coverage --db FILE [--circle_minutes N] [--by district,category] [--of "
    "area,ads,openings,population]\n"
    "                [--speed_kmh V] [--detour F] [--gaps true] --out FILE.csv|FILE.geojson\n\n"
    "What GET /v1/coverage answers: how much lies within so many minutes on foot of a service point, with "
    "low and\n"
    "high by the band of speeds and detours. By district where --by isn't given.\n";

struct Options {
  std::string db, out, query;
};

Options parse(Arguments args) {
  Options options;
  bool by = false;
  for (std::size_t i = 0; i < args.size(); i += 2) {
    const std::string_view name = args[i];
    if (!name.starts_with("--") || i + 1 == args.size())
      throw std::runtime_error("expected --name value pairs, not '" + std::string(name) + "'");
    const std::string value = args[i + 1];
    if (name == "--db")
      options.db = value;
    else if (name == "--out")
      options.out = value;
    else
      options.query += (options.query.empty() ? "" : "&") + query::percent_encode(name.substr(2)) + "=" +
                       query::percent_encode(value);
    by = by || name == "--by";
  }
  if (!by) options.query += options.query.empty() ? "by=district" : "&by=district";
  if (options.db.empty() || options.out.empty()) throw std::runtime_error("needs --db FILE and --out FILE");
  return options;
}

}  // namespace

int run_coverage(Arguments args) {
  if (args.size() == 1 && std::string_view(args[0]) == "--help") {
    std::fwrite(coverage_help.data(), 1, coverage_help.size(), stdout);
    return 0;
  }
  const auto options = parse(args);
  const auto extension = std::filesystem::path(options.out).extension();
  if (extension != ".csv" && extension != ".geojson")
    throw std::runtime_error(options.out + ": is neither .csv nor .geojson by its name");
  const auto params = query::Params::parse(options.query);
  if (!params) throw std::runtime_error(params.error().parameter + ": " + params.error().message);
  query::Reader reader(*params);
  const auto q = query::parse_coverage(reader);
  reader.finish();
  if (reader.failed())
    throw std::runtime_error("--" + reader.error().parameter + " " + reader.error().value + ": " +
                             reader.error().message + "; " + reader.error().allowed);
  if (extension == ".csv" && q.gaps)
    throw std::runtime_error("CSV holds the shares alone: --gaps and --report need --out FILE.geojson");
  const auto snapshot = data::load_snapshot(options.db, std::time(nullptr));
  const auto coverage = query::measure_coverage(q, *snapshot);
  const encode::CoverageAnswer answer{q, *snapshot, coverage};
  const auto text = extension == ".csv" ? encode::coverage_csv(answer) : encode::coverage_geojson(answer);
  std::ofstream out(options.out, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(options.out + ": can't be written");
  std::printf("%s: %zu rows, %zu gaps\n", options.out.c_str(), coverage.rows.size(), coverage.gaps.size());
  return 0;
}

}  // namespace jobmap::tools
