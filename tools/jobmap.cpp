// jobmap: the operator's command. Dispatch, help and the one place where a failure becomes a line and a
// status.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "data/index/build_id.hpp"
#include "data/store/sqlite.hpp"
#include "tools/commands.hpp"

namespace {

using jobmap::tools::Arguments;

struct Command {
  std::string_view name, what;
  int (*run)(Arguments);
};

constexpr Command commands[] = {
    {"demo", "a map of synthetic jobs, made and served until it is interrupted", jobmap::tools::run_demo},
    {"init", "a new database: the schema, and a city's stations, lines and districts",
     jobmap::tools::run_init},
    {"sample", "synthetic jobs, service points and venture sites on the real map", jobmap::tools::run_sample},
    {"import", "a CSV or GeoJSON file of jobs or of another layer", jobmap::tools::run_import},
    {"import-osm", "the streets of an OpenStreetMap extract, and the exits of stations",
     jobmap::tools::run_import_osm},
    {"info", "what a database holds, and where it is from", jobmap::tools::run_info},
    {"coverage", "what lies within minutes of a service point, as CSV or GeoJSON",
     jobmap::tools::run_coverage},
    {"backup", "a copy of a database that is served and written to meanwhile", jobmap::tools::run_backup},
    {"upgrade", "a database of an older program, brought to the schema of this one",
     jobmap::tools::run_upgrade},
    {"verify", "the index and its answers against SQL on the same file", jobmap::tools::run_verify},
};

int usage(std::FILE* to, int status) {
  std::fputs("jobmap: the data of an employment map\n\n", to);
  for (const auto& c : commands)
    std::fprintf(to, "  jobmap %-11.*s %.*s\n", static_cast<int>(c.name.size()), c.name.data(),
                 static_cast<int>(c.what.size()), c.what.data());
  std::fputs("\n  jobmap COMMAND --help, jobmap --version\n", to);
  return status;
}

int version() {
  std::printf("jobmap %s (schema %lld, SQLite %s, SpatiaLite %s)\n",
              std::string(jobmap::data::program_version()).c_str(),
              static_cast<long long>(jobmap::data::schema_version), jobmap::data::sqlite_version().c_str(),
              jobmap::data::spatialite_version_text().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return usage(stderr, 2);
  const std::string_view name = argv[1];
  if (name == "--help" || name == "-h" || name == "help") return usage(stdout, 0);
  if (name == "--version") return version();
  const auto* command = std::find_if(std::begin(commands), std::end(commands),
                                     [&](const Command& c) { return c.name == name; });
  if (command == std::end(commands)) {
    std::fprintf(stderr, "jobmap: there is no command '%s'\n\n", argv[1]);
    return usage(stderr, 2);
  }
  try {
    return command->run(Arguments(argv + 2, static_cast<std::size_t>(argc - 2)));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "jobmap %s: %s\n", argv[1], e.what());
    return 2;
  }
}
