#include "server/settings.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "server/config.hpp"

namespace jobmap {

namespace po = boost::program_options;

namespace {

constexpr NumberSetting number_settings[] = {
    {"threads", "", 1, 256, "I/O threads (default: one per core)"},
    {"compute-threads", "", 1, 256,
     "threads of each of the two pools for heavy requests (default: one per core)"},
    {"heavy-queue", "256", 1, 100'000, "heavy requests admitted at once to each pool; above it 503"},
    {"cache-mb", "64", 0, 1'000'000, "MiB of answers kept for each generation of the data; 0: none"},
    {"areas-mb", "64", 2, 1'000'000, "MiB of areas that callers post, each kept for a day"},
    {"areas-client-mb", "8", 2, 1'000'000, "of them of one IPv4 address or IPv6 /64; above it 429"},
    {"max-connections", "", 1, 1'000'000,
     "open connections (default: 8192, or what the descriptor limit leaves)"},
    {"max-connections-per-client", "1024", 1, 1'000'000, "of them of one IPv4 address or IPv6 /64"},
    {"rate-limit", "", 0, 1e9,
     "tokens a second of one IPv4 address or IPv6 /64; above it 429. A millisecond of work costs one, a "
     "request "
     "a tenth at least (default: 500 for each core, half of what there is; 0: no limit)"},
    {"rate-burst", "", 1, 1e9, "tokens that a client may save up (default: ten seconds of its rate)"},
    {"max-wait", "2", 0.001, 3600, "seconds that heavy requests may have to wait by estimate; above it 503"},
    {"query-timeout", "10", 0.001, 3600, "seconds from a request to its made answer; above it 503"},
    {"max-unsent-mb", "256", 1, 1'000'000, "MiB of answers that clients are slow to take; above it 503"},
    {"max-unsent-client-mb", "64", 1, 1'000'000, "of them of one IPv4 address or IPv6 /64"},
    {"max-unread-mb", "32", 1, 1'000'000, "MiB of bodies that haven't arrived whole; above it 503"},
    {"max-unread-client-mb", "8", 1, 1'000'000, "of them of one IPv4 address or IPv6 /64"},
    {"access-log-sample", "", 1, 1e9, "log one answer in so many, and each 5xx"},
    {"max-requests", "10000", 1, 1e12, "requests per connection, which is then closed"},
    {"max-body", "4194304", 0, 1e9, "bytes of a request's body"},
    {"max-target", "8192", 256, 65536, "bytes of a request's target"},
    {"max-header", "8192", 256, 65536, "bytes of a request's header fields"},
    {"header-timeout", "10", 0.05, 3600, "seconds for a request's head to arrive"},
    {"idle-timeout", "15", 0.05, 3600, "seconds between two requests of a connection"},
    {"body-timeout", "60", 0.05, 3600, "seconds for a request's body to arrive"},
    {"linger-timeout", "2", 0.05, 60, "seconds to wait for the client to close"},
    {"transfer-grace", "10", 0.05, 3600, "seconds a body or an answer may stand still"},
    {"min-rate", "1024", 1, 1e9, "bytes per second a body or an answer must keep beyond that"},
    {"poll", "1", 0, 86400, "seconds between looks for changed data; 0: on SIGHUP alone"},
    {"degraded-after", "300", 0, 1e9, "seconds of failing reloads or polls until /ready says degraded"},
    {"drain-timeout", "10", 0, 3600, "seconds to finish what is in flight after SIGTERM"},
};

// Wraps text into comment lines of at most 100 columns.
std::string as_comment(const std::string& text) {
  constexpr std::size_t columns = 100;
  std::string out, line = "#";
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > columns) out += std::exchange(line, "#") + '\n';
    line += ' ' + word;
  }
  return out + line + '\n';
}

// The format knows no quotes: a value that it would change is refused.
const std::string& in_file(const std::string& name, const std::string& value) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  if (value.find_first_of("#\n\r") != value.npos || is_blank(value.front()) || is_blank(value.back()))
    throw std::runtime_error("bad setting " + name + ": \"" + value +
                             "\"; allowed in a file: no #, no line break, no blank at an end");
  return value;
}

// The default as text; empty where it is computed or there is none.
std::string standard_of(const po::option_description& setting) {
  boost::any value;
  if (!setting.semantic()->apply_default(value)) return "";
  if (const auto* text = boost::any_cast<std::string>(&value)) return *text;
  const auto* on = boost::any_cast<bool>(&value);
  return on && *on ? "true" : "false";
}

}  // namespace

const NumberSetting& number_setting(std::string_view name) {
  return *std::find_if(std::begin(number_settings), std::end(number_settings),
                       [&](const NumberSetting& s) { return s.name == name; });
}

po::options_description settings(RawSettings& raw) {
  po::options_description all("Settings (flag, JOBMAP_* variable or a line of the --config file)");
  auto add = all.add_options();
  add("db", po::value(&raw.db), "the database to serve (required)");
  add("host", po::value(&raw.host)->default_value("127.0.0.1"), "address to listen on");
  add("port", po::value(&raw.port)->default_value("8080"), "port to listen on; 0: any free one");
  add("web", po::value(&raw.web), "directory of static files, / is its index.html");
  add("basemap", po::value(&raw.basemap),
      "ground of the page: URL of a MapLibre style (.json) or of raster tiles ({z}/{x}/{y}); needs its "
      "datum");
  add("basemap-datum", po::value(&raw.basemap_datum), "wgs84, gcj02 (AMap, Tencent) or bd09 (Baidu)");
  add("public-base-url", po::value(&raw.public_base_url),
      "what the public calls this server, for absolute links, such as https://jobs.example.org/map; several "
      "with "
      "commas between, each for its own Host; a Host of another name is refused");
  add("trusted-proxies", po::value(&raw.trusted_proxies),
      "networks whose X-Forwarded-For is believed, such as 127.0.0.1, 10.0.0.0/8");
  add("access-log", po::bool_switch(), "log every request");
  add("admin", po::value(&raw.admin),
      "address and port, or path of a Unix socket, for the operator: /metrics is told there and no longer on "
      "the "
      "public address");
  add("debug-cost", po::bool_switch(), "say in each answer, as Jobmap-Cost, the milliseconds that it took");
  for (const auto& setting : number_settings) {
    auto* value = po::value(&raw.number[setting.name]);
    if (*setting.standard) value->default_value(setting.standard);
    add(setting.name, value, setting.help);
  }
  return all;
}

po::options_description commands(RawSettings& raw) {
  po::options_description all("Commands");
  auto add = all.add_options();
  add("help", "this page");
  add("version", "versions of the program and its libraries");
  add("print-config",
      "every setting as a line of a --config file, those that are not given as comments; and end");
  add("check", "read settings and database, say whether they are right, and end");
  add("config", po::value(&raw.config), "file of settings, one name = value per line");
  return all;
}

std::string settings_file(const po::variables_map& map) {
  std::string out =
      "# Settings of jobmapd. JOBMAP_HEADER_TIMEOUT in the environment and --header-timeout beat a line\n"
      "# header-timeout = 10 of this file. A line that begins with # is as if it weren't there.\n";
  RawSettings raw;
  const auto known = settings(raw);
  for (const auto& setting : known.options()) {
    const std::string& name = setting->long_name();
    out += '\n' + as_comment(setting->description());
    const auto given = map.find(name);
    if (given == map.end() || given->second.defaulted()) {
      const auto standard = standard_of(*setting);
      out += '#' + name + (standard.empty() ? " =" : " = " + standard) + '\n';
    } else {
      const auto* on = boost::any_cast<bool>(&given->second.value());
      out += name + " = " + (on ? (*on ? "true" : "false") : in_file(name, given->second.as<std::string>())) +
             '\n';
    }
  }
  return out;
}

std::string help_text() {
  RawSettings raw;
  std::ostringstream out;
  out << "jobmapd: serves an employment map from a Jobmap database.\n\n"
         "  jobmapd --db FILE [--host ADDRESS] [--port N] [--web DIR] ...\n\n"
      << commands(raw) << '\n'
      << settings(raw) << "\nSIGTERM: finish what is in flight and end. SIGHUP: read the database again.\n";
  return std::move(out).str();
}

}  // namespace jobmap
