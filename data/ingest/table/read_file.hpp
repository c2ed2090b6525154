#pragma once
// A whole file in memory.
//
//   // Throws std::runtime_error with the reason and without the name.
//   std::string bytes = read_file("jobs.csv");
#include <string>

namespace jobmap::data {

std::string read_file(const std::string& path);

}  // namespace jobmap::data
