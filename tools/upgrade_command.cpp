// jobmap upgrade: a database of an older program becomes one of this program.
#include <boost/program_options.hpp>
#include <iostream>
#include <stdexcept>

#include "data/store/upgrade.hpp"
#include "tools/command_line.hpp"

namespace jobmap::tools {

namespace po = boost::program_options;

// The last connection to close puts the write-ahead log into the file. A reader can't, so it must close first.
static std::int64_t version_of(const std::string& path) {
  auto reader = data::Database::open_reader(path);
  data::check_is_jobmap(reader);
  return data::schema_version_of(reader);
}

int run_upgrade(Arguments args) {
  std::string db;
  po::options_description options(
      "jobmap upgrade: brings a database that an older program made to the schema of this one, in one "
      "transaction and while it is served. jobmapd reads older databases as they are; import needs the "
      "present schema. Make a backup first (jobmap backup): there is no way back to the older schema. "
      "Options");
  options.add_options()("help", "this text")("db", po::value(&db)->value_name("FILE"),
                                             "the database (required)")(
      "check", "say which steps are needed and change nothing; exit 1 where there are some");
  const auto map = read_command_line(args, options);
  if (map.contains("help")) {
    std::cout << options;
    return 0;
  }
  if (db.empty()) throw std::runtime_error("needs --db FILE");
  const auto version = version_of(db);
  const auto steps = data::upgrade_steps(version);
  std::cout << db << ": schema version " << version;
  if (steps.empty()) {
    std::cout << ", nothing to upgrade\n";
    return 0;
  }
  std::cout << ", the present one is " << data::schema_version << '\n';
  for (const auto& step : steps)
    std::cout << "  " << step.from << " to " << step.from + 1 << ": " << step.what << '\n';
  if (map.contains("check")) return 1;
  data::upgrade_database(db);
  std::cout << db << ": upgraded to schema version " << data::schema_version << '\n';
  return 0;
}

}  // namespace jobmap::tools
