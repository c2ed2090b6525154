#pragma once
// The subcommands of `jobmap`. Each gets the arguments behind its name and gives the exit status: 0, or 1 and
// 2 as its help says. A std::runtime_error from one is one clear line on standard error and exit status 2
// (tools/jobmap.cpp).
//
//   int status = run_import(std::span(argv + 2, argc - 2));
#include <span>

namespace jobmap::tools {

using Arguments = std::span<const char* const>;

int run_backup(Arguments args);      // backup_command.cpp
int run_coverage(Arguments args);    // coverage_command.cpp
int run_demo(Arguments args);        // demo_command.cpp
int run_import(Arguments args);      // import_command.cpp
int run_import_osm(Arguments args);  // import_osm_command.cpp
int run_info(Arguments args);        // info_command.cpp
int run_init(Arguments args);        // init_command.cpp
int run_sample(Arguments args);      // sample_command.cpp
int run_upgrade(Arguments args);     // upgrade_command.cpp
int run_verify(Arguments args);      // verify_command.cpp

}  // namespace jobmap::tools
