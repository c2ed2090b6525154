#pragma once
// Shared by the subcommands of `jobmap`: how options are read, and how long work is shown.
//
//   const auto given = read_command_line(args, options, "file");    // one positional argument, under that name
//   ProgressLine progress;
//   import.progress = [&](auto phase, auto done, auto of) { progress.show(phase, done, of); };
//
// An option that is unknown, abbreviated or given twice is a std::runtime_error.
#include <unistd.h>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <cstdint>
#include <string_view>

#include "tools/commands.hpp"

namespace jobmap::tools {

boost::program_options::variables_map read_command_line(
    Arguments args, const boost::program_options::options_description& options,
    const char* positional = nullptr);

// A line on standard error that overwrites itself, where that is a terminal, and is gone at the end.
class ProgressLine {
 public:
  ProgressLine() = default;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();
  // Without a percentage where `of` is 0.
  void show(std::string_view what, std::uint64_t done, std::uint64_t of) const;

 private:
  bool terminal_ = isatty(STDERR_FILENO) == 1;
};

}  // namespace jobmap::tools
