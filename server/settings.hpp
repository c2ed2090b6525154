#pragma once
// The declaration of jobmapd's settings, and the texts that are made of it: the help page (help_text in
// config.hpp) and a settings file. What a value may be, server/config.cpp decides.
//
//   RawSettings raw;
//   po::store(po::parse_config_file(in, settings(raw)), map);
//   po::notify(map);                                  // now raw.host is what the file says
//   std::cout << settings_file(map);                  // each setting, explained; "host" as it was given
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <map>
#include <string>
#include <string_view>

namespace jobmap {

// The declaration writes each value into it. Numbers stay text, so that each can be refused by name and range.
struct RawSettings {
  std::string config, db, host, port, web, basemap, basemap_datum, public_base_url, trusted_proxies, admin;
  std::map<std::string, std::string> number;
};

struct NumberSetting {
  const char* name;
  const char* standard;  // "" : computed
  double min, max;       // both allowed
  const char* help;
};
// There must be one of that name.
const NumberSetting& number_setting(std::string_view name);

// Both write into `raw` once they are parsed and notified.
boost::program_options::options_description settings(RawSettings& raw);
boost::program_options::options_description commands(RawSettings& raw);

// A file for --config with each setting and what it means: as it was given in `map`, else as a comment with its
// standard value, if it has one that isn't computed.
std::string settings_file(const boost::program_options::variables_map& map);

}  // namespace jobmap
