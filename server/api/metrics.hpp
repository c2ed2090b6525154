#pragma once
// The server's counters, and their page in the Prometheus text format (version 0.0.4).
//
//   Metrics metrics({"", "/v1/jobs", "/tiles/{layer}/{z}/{x}/{y}.mvt"});  // route 0: no route
//   metrics.record(1, 200, 250us, 20'000);
//   std::string page = metrics.page(generation);
//
// Counters are relaxed atomics: a scrape may see one a moment before its neighbour, never a torn one.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/app.hpp"
#include "server/api/data_health.hpp"
#include "server/api/problem.hpp"

namespace jobmap::api {

class Metrics {
 public:
  explicit Metrics(std::vector<std::string_view> routes)
      : names_(std::move(routes)), routes_(names_.size()) {}

  // A finished answer: its route, status, time from the whole head to the last byte handed to the kernel,
  // bytes, whether it was there already, and how many rows were looked at for it.
  void record(std::size_t route, unsigned status, std::chrono::nanoseconds took, std::size_t bytes,
              bool from_cache = false, std::uint64_t rows_visited = 0);
  // An answer that is not there at once is begun, or done.
  void begin(std::size_t route) { at(route).in_flight.fetch_add(1, std::memory_order_relaxed); }
  void end(std::size_t route) { at(route).in_flight.fetch_sub(1, std::memory_order_relaxed); }
  std::string page(const Generation& generation) const;

  std::atomic<std::int64_t> connections{0}, in_flight{0}, heavy_waiting{0};
  std::atomic<std::uint64_t> accepted{0}, accept_errors{0}, refused{0}, limited{0};
  std::atomic<std::uint64_t> io_stalls{0}, outgrown{0}, cancelled{0}, evicted{0};
  CacheCounters cache;
  std::atomic<std::uint64_t> reloads{0}, reload_failures{0}, ticks{0}, clock_jumps{0};
  DataHealth health;

  static constexpr std::array<double, 12> bounds_s{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                   0.01,   0.025,   0.05,   0.1,   1,      10};

 private:
  struct Route {
    std::array<std::atomic<std::uint64_t>, statuses.size() + 1>
        by_status{};  // as the table of statuses, then others
    std::array<std::atomic<std::uint64_t>, bounds_s.size() + 1> by_time{};
    std::atomic<std::uint64_t> nanoseconds{0}, bytes{0}, from_cache{0}, rows_visited{0};
    std::atomic<std::int64_t> in_flight{0};
  };
  Route& at(std::size_t route) { return routes_[route < routes_.size() ? route : routes_.size() - 1]; }

  void append_routes(std::string& out) const;
  void append_cache(std::string& out) const;
  void append_data(std::string& out, const Generation& generation) const;

  std::vector<std::string_view> names_;
  std::vector<Route> routes_;
};

}  // namespace jobmap::api
