#include "server/api/metrics.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <type_traits>

#include "data/index/build_id.hpp"
#include "data/index/snapshot.hpp"

namespace jobmap::api {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

template <typename T>
void append_value(std::string& out, T value) {
  std::array<char, 64> digits;
  char* const last = digits.data() + digits.size();
  if constexpr (std::is_floating_point_v<T>)
    out.append(digits.data(), std::to_chars(digits.data(), last, value, std::chars_format::fixed).ptr);
  else
    out.append(digits.data(), std::to_chars(digits.data(), last, value).ptr);
}

void describe(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help);
  out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

template <typename T>
void sample(std::string& out, std::string_view name, std::string_view labels, T value) {
  out.append(name);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out += ' ';
  append_value(out, value);
  out += '\n';
}

template <typename T>
void single(std::string& out, std::string_view name, std::string_view type, std::string_view help, T value) {
  describe(out, name, type, help);
  sample(out, name, "", value);
}

std::string label(std::string_view name, std::string_view value) {
  std::string out(name);
  out += "=\"";
  for (char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

void Metrics::record(std::size_t route, unsigned status, std::chrono::nanoseconds took, std::size_t bytes,
                     bool from_cache, std::uint64_t rows_visited) {
  Route& r = at(route);
  r.by_status[place_of(status)].fetch_add(1, relaxed);
  auto seconds = std::chrono::duration<double>(took).count();
  auto bucket = std::lower_bound(bounds_s.begin(), bounds_s.end(), seconds) - bounds_s.begin();
  r.by_time[static_cast<std::size_t>(bucket)].fetch_add(1, relaxed);
  r.nanoseconds.fetch_add(static_cast<std::uint64_t>(took.count()), relaxed);
  r.bytes.fetch_add(bytes, relaxed);
  if (from_cache) r.from_cache.fetch_add(1, relaxed);
  if (rows_visited) r.rows_visited.fetch_add(rows_visited, relaxed);
}

void Metrics::append_routes(std::string& out) const {
  describe(out, "jobmap_requests_total", "counter", "Answers, by route and status.");
  for (std::size_t i = 0; i < names_.size(); ++i)
    for (std::size_t s = 0; s <= statuses.size(); ++s)
      if (auto count = routes_[i].by_status[s].load(relaxed))
        sample(out, "jobmap_requests_total",
               label("route", names_[i]) + ",status=\"" +
                   (s < statuses.size() ? std::to_string(statuses[s].number) : "other") + '"',
               count);
  describe(out, "jobmap_request_seconds", "histogram",
           "From the whole head to the last byte handed to the kernel.");
  for (std::size_t i = 0; i < names_.size(); ++i) {
    auto route = label("route", names_[i]);
    std::uint64_t count = 0;
    for (std::size_t b = 0; b <= bounds_s.size(); ++b) count += routes_[i].by_time[b].load(relaxed);
    if (count == 0) continue;
    std::uint64_t below = 0;
    for (std::size_t b = 0; b < bounds_s.size(); ++b) {
      below += routes_[i].by_time[b].load(relaxed);
      std::string bound = route + ",le=\"";
      append_value(bound, bounds_s[b]);
      sample(out, "jobmap_request_seconds_bucket", bound + '"', below);
    }
    below += routes_[i].by_time[bounds_s.size()].load(relaxed);
    sample(out, "jobmap_request_seconds_bucket", route + ",le=\"+Inf\"", below);
    sample(out, "jobmap_request_seconds_sum", route,
           static_cast<double>(routes_[i].nanoseconds.load(relaxed)) * 1e-9);
    sample(out, "jobmap_request_seconds_count", route, below);
  }
  describe(out, "jobmap_response_bytes_total", "counter",
           "Bytes of heads and bodies handed to the kernel, by route.");
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (auto bytes = routes_[i].bytes.load(relaxed))
      sample(out, "jobmap_response_bytes_total", label("route", names_[i]), bytes);
  describe(out, "jobmap_rows_visited_total", "counter",
           "Rows that lists, facets and tiles looked at, by route.");
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (auto rows = routes_[i].rows_visited.load(relaxed))
      sample(out, "jobmap_rows_visited_total", label("route", names_[i]), rows);
}

void Metrics::append_cache(std::string& out) const {
  describe(out, "jobmap_answers_from_cache_total", "counter", "Answers that were there already, by route.");
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (auto count = routes_[i].from_cache.load(relaxed))
      sample(out, "jobmap_answers_from_cache_total", label("route", names_[i]), count);
  single(out, "jobmap_cache_hits_total", "counter", "Questions whose answer was there.",
         cache.hits.load(relaxed));
  single(out, "jobmap_cache_front_hits_total", "counter", "Of those, found before anything was parsed.",
         cache.front_hits.load(relaxed));
  single(out, "jobmap_cache_misses_total", "counter", "Questions whose answer was not there.",
         cache.misses.load(relaxed));
  single(out, "jobmap_cache_joined_total", "counter", "Of those, waited for an answer being made.",
         cache.joined.load(relaxed));
  single(out, "jobmap_cache_evictions_total", "counter", "Answers dropped for want of room.",
         cache.evictions.load(relaxed));
  single(out, "jobmap_cache_bytes", "gauge", "Bytes of the answers kept.", cache.bytes.load(relaxed));
  single(out, "jobmap_cache_entries", "gauge", "Answers kept.", cache.entries.load(relaxed));
}

void Metrics::append_data(std::string& out, const Generation& generation) const {
  single(out, "jobmap_ready", "gauge", "1 once data is loaded.", generation ? 1 : 0);
  if (!generation) return;
  describe(out, "jobmap_generation_info", "gauge", "The generation being served, as its label.");
  sample(out, "jobmap_generation_info", label("generation", generation->generation), 1);
  single(out, "jobmap_data_version", "gauge", "The version of the data in the database.",
         generation->data_version);
  if (const auto age = health.age(std::chrono::steady_clock::now()))
    single(out, "jobmap_data_age_seconds", "gauge",
           "Since the served data were last known to be what the file holds.",
           std::chrono::duration<double>(*age).count());
  single(out, "jobmap_jobs", "gauge", "Jobs that are alive.", generation->sums(generation->all_rows()).ads);
  single(out, "jobmap_rows", "gauge", "Rows of the table, expired ones since the load among them.",
         generation->jobs->size);
  single(out, "jobmap_snapshot_bytes", "gauge", "Memory of the snapshot, by its own count.",
         static_cast<std::uint64_t>(generation->memory_bytes()));
}

std::string Metrics::page(const Generation& generation) const {
  std::string out;
  describe(out, "jobmap_build_info", "gauge", "This build, as its labels.");
  sample(out, "jobmap_build_info",
         label("version", data::program_version()) + ',' + label("build", data::build_id()), 1);
  append_routes(out);
  single(out, "jobmap_connections", "gauge", "Open connections.", connections.load(relaxed));
  single(out, "jobmap_in_flight", "gauge", "Requests being answered.", in_flight.load(relaxed));
  describe(out, "jobmap_route_in_flight", "gauge", "Of those, answers being made or sent, by route.");
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (auto count = routes_[i].in_flight.load(relaxed))
      sample(out, "jobmap_route_in_flight", label("route", names_[i]), count);
  single(out, "jobmap_heavy_waiting", "gauge", "Heavy requests admitted and not yet done.",
         heavy_waiting.load(relaxed));
  single(out, "jobmap_accepted_total", "counter", "Connections accepted.", accepted.load(relaxed));
  single(out, "jobmap_accept_errors_total", "counter", "Failed accepts, such as no free descriptor.",
         accept_errors.load(relaxed));
  single(out, "jobmap_reloads_total", "counter", "Snapshots loaded, the first one included.",
         reloads.load(relaxed));
  single(out, "jobmap_reload_failures_total", "counter", "Reloads that failed and kept the old data.",
         reload_failures.load(relaxed));
  single(out, "jobmap_ticks_total", "counter",
         "Generations made because jobs expired, or are valid again after the clock went back.",
         ticks.load(relaxed));
  single(out, "jobmap_clock_jumps_total", "counter",
         "Times the wall clock moved otherwise than the steady one, by over 2 s.", clock_jumps.load(relaxed));
  single(out, "jobmap_rate_limited_total", "counter", "Answers of 429 because a client asked too much.",
         limited.load(relaxed));
  single(out, "jobmap_refused_total", "counter", "Answers of 503 because the server was too busy.",
         refused.load(relaxed));
  single(out, "jobmap_io_stalls_total", "counter",
         "Times that one request held an I/O thread for more than 20 ms.", io_stalls.load(relaxed));
  single(out, "jobmap_outgrown_total", "counter",
         "Answers begun again on another pool, since they took longer than was estimated.",
         outgrown.load(relaxed));
  single(out, "jobmap_cancelled_total", "counter",
         "Answers given up because nobody waited for them any more.", cancelled.load(relaxed));
  single(out, "jobmap_evicted_total", "counter", "Waiting connections closed to make room for new ones.",
         evicted.load(relaxed));
  append_cache(out);
  append_data(out, generation);
  single(out, "process_resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
  return out;
}

}  // namespace jobmap::api
