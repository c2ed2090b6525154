#include "tools/command_line.hpp"

#include <boost/program_options.hpp>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

namespace po = boost::program_options;

namespace jobmap::tools {

po::variables_map read_command_line(Arguments args, const po::options_description& options,
                                    const char* positional) {
  po::positional_options_description names;
  if (positional) names.add(positional, 1);
  po::variables_map given;
  try {
    po::store(po::command_line_parser(std::vector<std::string>(args.begin(), args.end()))
                  .options(options)
                  .positional(names)
                  .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
                  .run(),
              given);
    po::notify(given);
  } catch (const po::error& e) {
    throw std::runtime_error(e.what());
  }
  return given;
}

ProgressLine::~ProgressLine() {
  if (terminal_) std::fputs("\r\033[K", stderr);
}

void ProgressLine::show(std::string_view what, std::uint64_t done, std::uint64_t of) const {
  if (!terminal_) return;
  std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(what.size()), what.data());
  if (of > 0) std::fprintf(stderr, " %3.0f %%", 100.0 * static_cast<double>(done) / static_cast<double>(of));
}

}  // namespace jobmap::tools
