#include <boost/program_options.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "data/ingest/sample/csv.hpp"
#include "data/ingest/sample/sample.hpp"
#include "data/model/time.hpp"
#include "data/store/store.hpp"
#include "tools/command_line.hpp"
#include "tools/init_command.hpp"

namespace jobmap::tools {
namespace {

namespace po = boost::program_options;
using data::sample::Sample;

constexpr std::uint32_t most_jobs = 20'000'000;
constexpr std::int64_t earliest = 946'684'800, latest = 4'102'444'800;  // the years 2000 to 2099

struct Choice {
  std::string db, csv, city, now, valid_until;
  std::int64_t seed = 0, jobs = 0;
};

std::string text_of(std::int64_t seconds) {
  std::string text(data::time_size, ' ');
  data::format_time(seconds, text.data());
  return text;
}

template <typename Use>
void for_each_posting(const Sample& sample, const std::vector<std::uint32_t>& order, const std::string& what,
                      Use use) {
  const ProgressLine line;
  std::uint32_t done = 0;
  data::Posting posting;
  for (const auto i : order) {
    sample.make(i, posting);
    use(posting);
    if (++done % 16384 == 0) line.show(what, done, sample.size());
  }
}

void write_csv(const Sample& sample, const std::vector<std::uint32_t>& order, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  std::string text = "\xEF\xBB\xBF";  // by the mark a spreadsheet knows that this is UTF-8
  text += data::sample::csv_header;
  for_each_posting(sample, order, path, [&](const data::Posting& posting) {
    data::sample::append_csv(posting, text);
    if (text.size() < 1u << 20) return;
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    text.clear();
  });
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) throw std::runtime_error("can't write " + path);
  std::cout << path << ": " << sample.size() << " jobs\n";
}

void put_provenance(data::Store& store, const char* layer, std::size_t rows,
                    const data::sample::Options& options) {
  store.put_meta(layer, "datum", "wgs84");
  store.put_meta(layer, "source", data::sample::source_name);
  store.put_meta(layer, "accuracy", "invented");
  store.put_meta(layer, "seed", std::to_string(options.seed));
  store.put_meta(layer, "number", std::to_string(options.jobs));
  store.put_meta(layer, "base_time", text_of(options.now));
  store.put_meta(layer, "imported_at", text_of(options.now));
  store.put_meta(layer, "rows", std::to_string(rows));
}

void refuse_rows(data::Store& store, const std::string& path) {
  for (const char* layer : {"jobs", "service_points", "venture_sites"})
    if (const auto rows = store.count(layer))
      throw std::runtime_error(path + " holds " + std::to_string(rows) + " " + layer +
                               " already; a sample is made in a file without any");
}

void write_database(const Sample& sample, const std::vector<std::uint32_t>& order,
                    const data::sample::Options& options, const std::string& path) {
  data::Store store(path);
  refuse_rows(store, path);
  store.begin();
  for (const auto& [layer, name] : {std::pair{data::SiteLayer::service_points, "service_points"},
                                    std::pair{data::SiteLayer::venture_sites, "venture_sites"}}) {
    const auto sites = sample.sites(layer);
    for (const auto& site : sites) store.put(layer, site);
    put_provenance(store, name, sites.size(), options);
    std::cout << name << ": " << sites.size() << " added\n";
  }
  store.begin_bulk_jobs();
  for_each_posting(sample, order, path, [&](const data::Posting& posting) { store.put(posting); });
  put_provenance(store, "jobs", sample.size(), options);
  store.commit();
  std::cout << "jobs: " << sample.size() << " added\n";
}

data::sample::Options check(const Choice& args) {
  if (args.db.empty() && args.csv.empty()) throw std::runtime_error("--db FILE or --csv FILE is needed");
  if (args.jobs < 1 || args.jobs > most_jobs)
    throw std::runtime_error("--jobs " + std::to_string(args.jobs) + " is out of range; allowed are 1 to " +
                             std::to_string(most_jobs));
  if (args.seed < 0)
    throw std::runtime_error("--seed " + std::to_string(args.seed) + " is negative; allowed are 0 and above");
  if (args.city == "none") throw std::runtime_error("--city none has no map to put jobs on");
  data::sample::Options options{static_cast<std::uint64_t>(args.seed), static_cast<std::uint32_t>(args.jobs),
                                0, 0};
  options.now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const auto read = [](std::string_view option, const std::string& text, std::int64_t& into) {
    if (text.empty()) return;
    const auto time = data::parse_time(text, 0);
    const std::string given = std::string(option) + ' ' + text;
    if (!time) throw std::runtime_error(given + " is not a time; 2026-11-23T18:00:00+08:00 is one");
    into = time->seconds;
    if (into < earliest || into > latest)
      throw std::runtime_error(given + " is out of range; allowed are " + text_of(earliest) + " to " +
                               text_of(latest));
  };
  read("--now", args.now, options.now);
  read("--valid-until", args.valid_until, options.valid_until);
  return options;
}

}  // namespace

int run_sample(Arguments given) {
  Choice args;
  po::options_description options("jobmap sample: init, and synthetic data on the real map. Options");
  options.add_options()("help", "this text")("db", po::value(&args.db)->value_name("FILE"),
                                             "the database to fill")(
      "csv", po::value(&args.csv)->value_name("FILE"),
      "write the jobs for `jobmap import`, beside or instead of --db")(
      "jobs", po::value(&args.jobs)->default_value(50'000)->value_name("N"), "how many jobs")(
      "seed", po::value(&args.seed)->default_value(1)->value_name("S"),
      "the same seed, N and time give the same rows")(
      "now", po::value(&args.now)->value_name("TIME"),
      "the time to publish and expire round, RFC 3339; default: now. Nothing is shown before it is "
      "published")("valid-until", po::value(&args.valid_until)->value_name("TIME"),
                   "when all end that are valid, so that none does during a measurement; default: each at a "
                   "time of its own")("city",
                                      po::value(&args.city)
                                          ->default_value(std::string(data::shipped_cities().front().name))
                                          ->value_name("NAME"),
                                      "a shipped city");
  const auto map = read_command_line(given, options);
  if (map.contains("help")) {
    std::cout << options;
    return 0;
  }
  const auto chosen = check(args);
  const auto& tables = city_tables(args.city);
  const auto city = data::read_city(tables);
  std::cout << "synthetic data: --seed " << chosen.seed << " --jobs " << chosen.jobs << " --now "
            << text_of(chosen.now) << '\n';
  if (!args.db.empty()) init_database(args.db, args.city, std::cout);
  const Sample sample(tables, city, chosen);
  const auto order = sample.hilbert_order();
  if (!args.db.empty()) write_database(sample, order, chosen, args.db);
  if (!args.csv.empty()) write_csv(sample, order, args.csv);
  return 0;
}

}  // namespace jobmap::tools
