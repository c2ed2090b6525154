#pragma once
// The settings of jobmapd, from one declaration: a flag --header-timeout, an environment variable
// JOBMAP_HEADER_TIMEOUT and a line `header-timeout = 10` of the file named by --config are the same setting.
// A flag beats the environment, which beats the file, in which # begins a comment. No value may be empty.
//
//   auto config = parse_config(argc, argv, environ);      // throws std::runtime_error: one clear sentence
//   if (config.action == Config::Action::help) std::cout << help_text();
#include <cstdint>
#include <string>

#include "server/api/basemap.hpp"
#include "server/http/server.hpp"

namespace jobmap {

struct Config {
  enum class Action { serve, help, version, check, print_config };
  Action action = Action::serve;
  std::string file;  // of print_config: what to print
  std::string database;
  std::string web_dir;
  api::Basemap basemap;
  std::string public_base_url;  // without a trailing slash; several with commas between
  std::size_t cache_bytes = 0;
  std::size_t area_bytes = 0, client_area_bytes = 0;
  std::chrono::milliseconds query_timeout{0};
  std::chrono::milliseconds poll{1000};
  std::chrono::milliseconds drain_timeout{10'000};
  std::chrono::milliseconds degraded_after{300'000};
  http::ServerOptions server;
};

// Arguments as main has them; environment as `environ`, a null-terminated array of NAME=value.
Config parse_config(int argc, const char* const* argv, const char* const* environment);
std::string help_text();
// The program's version and those of its libraries, a line each.
std::string version_text();

}  // namespace jobmap
