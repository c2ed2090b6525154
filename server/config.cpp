#include "server/config.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cctype>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "data/index/build_id.hpp"
#include "server/query/syntax/number_text.hpp"
#include "server/settings.hpp"

namespace jobmap {
namespace {

namespace po = boost::program_options;

std::runtime_error bad(std::string_view name, std::string_view value, std::string_view allowed) {
  std::string text = "bad setting " + std::string(name) + ": \"" + std::string(value) + "\"; allowed: ";
  return std::runtime_error(text + std::string(allowed));
}

// Into the map, where what came before beats what comes now. A setting is either left out or has a value: an
// empty one is more likely a variable that somebody forgot to fill than a wish for the default.
void take(const po::parsed_options& parsed, po::variables_map& map) {
  for (const auto& option : parsed.options)
    for (const auto& value : option.value)
      if (value.empty()) throw bad(option.string_key, value, "a value that isn't empty");
  po::store(parsed, map);
}

// JOBMAP_HEADER_TIMEOUT=10 is header-timeout with the value 10, whatever bytes the value holds. An unknown
// JOBMAP_* is refused, as an unknown flag is.
void read_environment(const char* const* environment, const po::options_description& known,
                      po::variables_map& map) {
  static constexpr std::string_view prefix = "JOBMAP_";
  po::parsed_options parsed(&known);
  for (; environment && *environment; ++environment) {
    std::string_view text = *environment;
    if (!text.starts_with(prefix)) continue;
    auto equals = std::min(text.find('='), text.size());
    std::string name(text.substr(prefix.size(), equals - prefix.size()));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return c == '_' ? '-' : static_cast<char>(std::tolower(c)); });
    if (name == "config") continue;  // read before this
    if (!known.find_nothrow(name, false))
      throw std::runtime_error("unknown setting in the environment: " + std::string(text.substr(0, equals)));
    parsed.options.emplace_back(name,
                                std::vector{std::string(text.substr(std::min(equals + 1, text.size())))});
  }
  take(parsed, map);
}

void read_file(const std::string& path, const po::options_description& known, po::variables_map& map) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("can't read the settings in " + path);
  take(po::parse_config_file(in, known), map);
}

const char* find_variable(const char* const* environment, std::string_view name) {
  for (; environment && *environment; ++environment) {
    std::string_view text = *environment;
    if (text.size() > name.size() && text.starts_with(name) && text[name.size()] == '=')
      return *environment + name.size() + 1;
  }
  return nullptr;
}

std::string short_number(double value) {
  std::ostringstream out;
  out.precision(15);
  out << value;
  return out.str();
}

// The value in its range; `standard` where it wasn't given, the one case in which it is empty.
double number(const RawSettings& raw, std::string_view name, double standard = 0) {
  const auto& setting = number_setting(name);
  const std::string& text = raw.number.at(setting.name);
  if (text.empty()) return standard;
  auto value = query::parse_number(text);
  if (!value || *value < setting.min || *value > setting.max)
    throw bad(name, text, short_number(setting.min) + " to " + short_number(setting.max));
  return *value;
}

http::Networks networks(const std::string& text) {
  auto list = http::Networks::parse(text);
  if (!list) throw bad("trusted-proxies", text, "addresses or networks, such as 127.0.0.1, 10.0.0.0/8");
  return *std::move(list);
}

std::size_t count(const RawSettings& raw, std::string_view name, std::size_t standard = 0) {
  const double value = number(raw, name, static_cast<double>(standard));
  if (value != std::floor(value)) throw bad(name, raw.number.at(std::string(name)), "a whole number");
  return static_cast<std::size_t>(value);
}

std::chrono::milliseconds seconds(const RawSettings& raw, std::string_view name) {
  return std::chrono::milliseconds(std::llround(number(raw, name) * 1000));
}

std::string host(const std::string& text) {
  if (!http::is_address(text)) throw bad("host", text, "an IP address, such as 127.0.0.1 or ::1");
  return text;
}

// A path has a slash; an address and port have none.
std::string admin_of(const std::string& text) {
  if (!text.empty() && text.find('/') == text.npos && !http::parse_address_and_port(text))
    throw bad("admin", text,
              "an IP address and port, such as 127.0.0.1:9090, or a path, such as /run/jobmap/admin");
  return text;
}

unsigned short port(const std::string& text) {
  auto value = query::parse_integer(text);
  if (!value || *value < 0 || *value > 65535) throw bad("port", text, "0 to 65535");
  return static_cast<unsigned short>(*value);
}

// An http or https URL of visible ASCII without any of these.
bool is_url_without(const std::string& text, std::string_view banned) {
  const bool http = text.starts_with("http://") || text.starts_with("https://");
  const bool plain = std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return c > 0x20 && c < 0x7f && banned.find(static_cast<char>(c)) == std::string_view::npos;
  });
  return http && plain && text.find("://") + 3 < text.size();
}

api::Basemap basemap_of(const RawSettings& raw) {
  if (raw.basemap.empty() && raw.basemap_datum.empty()) return {};
  const bool tiles = raw.basemap.find("{z}") != std::string::npos &&
                     raw.basemap.find("{x}") != std::string::npos &&
                     raw.basemap.find("{y}") != std::string::npos;
  // It goes into a header of our pages, where ; and , would begin something else.
  const auto host_end = raw.basemap.find('/', raw.basemap.find("://") + 3);
  if (!is_url_without(raw.basemap, "\"<>\\^`|#") || !(tiles || raw.basemap.ends_with(".json")) ||
      raw.basemap.substr(0, host_end).find_first_of(";,{}'*") != std::string::npos)
    throw bad("basemap", raw.basemap,
              "an http or https URL that ends in .json (a MapLibre style) or has {z}, {x} and {y}");
  const std::string& datum = raw.basemap_datum;
  if (datum != "wgs84" && datum != "gcj02" && datum != "bd09")
    throw bad("basemap-datum", datum, "wgs84, gcj02 or bd09: the datum that the basemap is drawn in");
  return {raw.basemap, datum};
}

// Each without a slash at its end. A comma may stand in a path, so the next URL is known by its scheme.
std::string base_urls(const std::string& text) {
  std::string urls;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min({text.find(",http://", begin), text.find(",https://", begin), text.size()});
    auto url = text.substr(begin, end - begin);
    while (url.ends_with('/')) url.pop_back();
    if (!is_url_without(url, "\"<>\\^`{|}?#") || url.ends_with(','))
      throw bad(
          "public-base-url", text,
          "an http or https URL without query, such as https://jobs.example.org, or several with commas "
          "between");
    urls += (urls.empty() ? "" : ",") + url;
    begin = end + 1;
  }
  return urls;
}

// Some of our descriptors are kept for the database, the log and the libraries.
std::size_t most_connections(const RawSettings& raw) {
  constexpr std::size_t reserve = 32, usual = 8192;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
  const auto room = descriptors > 2 * reserve ? descriptors - reserve : reserve;
  const auto wanted = count(raw, "max-connections", std::min(usual, room));
  if (wanted > room)
    throw bad("max-connections", std::to_string(wanted),
              "up to " + std::to_string(room) + " under this limit of open files (ulimit -n)");
  return wanted;
}

Config make_config(const RawSettings& raw, const po::variables_map& map) {
  Config config;
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  config.database = raw.db;
  config.web_dir = raw.web;
  config.basemap = basemap_of(raw);
  config.public_base_url = base_urls(raw.public_base_url);
  config.cache_bytes = count(raw, "cache-mb") << 20;
  config.area_bytes = count(raw, "areas-mb") << 20;
  config.query_timeout = seconds(raw, "query-timeout");
  config.client_area_bytes = count(raw, "areas-client-mb") << 20;
  config.poll = seconds(raw, "poll");
  config.drain_timeout = seconds(raw, "drain-timeout");
  config.degraded_after = seconds(raw, "degraded-after");
  auto& server = config.server;
  server.host = host(raw.host);
  server.port = port(raw.port);
  server.io_threads = static_cast<unsigned>(count(raw, "threads", cores));
  server.compute_threads = static_cast<unsigned>(count(raw, "compute-threads", cores));
  server.heavy_queue = count(raw, "heavy-queue");
  server.max_connections = most_connections(raw);
  server.max_connections_per_client = count(raw, "max-connections-per-client");
  server.trusted_proxies = networks(raw.trusted_proxies);
  server.rate_limit = number(raw, "rate-limit", 500.0 * static_cast<double>(cores));
  server.rate_burst = number(raw, "rate-burst", std::max(1.0, 10 * server.rate_limit));
  server.rate_least = 0.1;
  server.heavy_wait = seconds(raw, "max-wait");
  server.unsent_bytes = count(raw, "max-unsent-mb") << 20;
  server.unsent_bytes_per_client = count(raw, "max-unsent-client-mb") << 20;
  server.unread_bytes = count(raw, "max-unread-mb") << 20;
  server.unread_bytes_per_client = count(raw, "max-unread-client-mb") << 20;
  server.admin = admin_of(raw.admin);
  server.debug_cost = map["debug-cost"].as<bool>();
  server.access_log_sample = count(raw, "access-log-sample", map["access-log"].as<bool>() ? 1 : 0);
  auto& limits = server.limits;
  limits.requests_per_connection = count(raw, "max-requests");
  limits.body_bytes = count(raw, "max-body");
  limits.target_bytes = count(raw, "max-target");
  limits.fields_bytes = count(raw, "max-header");
  limits.header_timeout = seconds(raw, "header-timeout");
  limits.idle_timeout = seconds(raw, "idle-timeout");
  limits.body_timeout = seconds(raw, "body-timeout");
  limits.linger_timeout = seconds(raw, "linger-timeout");
  limits.transfer_grace = seconds(raw, "transfer-grace");
  limits.transfer_bytes_per_s = count(raw, "min-rate");
  return config;
}

}  // namespace

Config parse_config(int argc, const char* const* argv, const char* const* environment) {
  RawSettings raw;
  const auto known = settings(raw);
  const auto orders = commands(raw);
  po::options_description all;
  all.add(orders).add(known);
  po::variables_map map;
  try {
    const int exact = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::positional_options_description none;
    take(po::command_line_parser(argc, argv).options(all).style(exact).positional(none).run(), map);
    Config config;
    if (map.count("help")) return config.action = Config::Action::help, config;
    if (map.count("version")) return config.action = Config::Action::version, config;
    read_environment(environment, known, map);
    const char* file = find_variable(environment, "JOBMAP_CONFIG");
    if (map.count("config"))
      read_file(map["config"].as<std::string>(), known, map);
    else if (file)
      read_file(file, known, map);
    po::notify(map);
    config = make_config(raw, map);
    if (map.count("print-config")) {
      config.action = Config::Action::print_config;
      config.file = settings_file(map);
      return config;
    }
    if (map.count("check")) config.action = Config::Action::check;
    if (config.database.empty()) throw std::runtime_error("no database given: --db FILE");
    return config;
  } catch (const po::error& e) {
    throw std::runtime_error(e.what());
  }
}

std::string version_text() {
  return "jobmapd " + std::string(data::program_version()) + "\nbuilt with " JOBMAP_LIBRARIES "\n";
}

}  // namespace jobmap
