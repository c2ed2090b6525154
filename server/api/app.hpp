#pragma once
// The API as two plain functions. plan() routes, parses and answers what costs nothing (errors, 304, health,
// static files); what costs something it hands back as Work, whose run() is pure: a snapshot in, a Response
// out.
//
//   App app(options, log);
//   auto plan = app.plan(request, snapshot);               // microseconds
//   if (auto* r = std::get_if<Response>(&plan)) write(*r);
//   else if (auto* work = std::get_if<Work>(&plan)) write(work->run());   // on a pool if heavy
//   else std::get<Wait>(plan).then(write);                 // somebody is computing the same answer
//
// Work owns everything it needs, so it outlives its request and keeps its generation alive. run() never
// throws.
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "server/api/audience.hpp"
#include "server/api/basemap.hpp"
#include "server/api/generation.hpp"
#include "server/api/own_address.hpp"
#include "server/api/request.hpp"
#include "server/api/response.hpp"

namespace jobmap::query {
class Areas;
}

namespace jobmap::api {

struct Work {
  bool heavy = false;  // run it on a pool
  std::function<Response()>
      run;                // noexcept in effect: answers 500 itself, and 503 once its deadline has passed
  double cost_us = 100;   // about what it takes
  std::size_t route = 0;  // as in a Response
  // The same, but gives up after this time, with nothing: for a thread that may not be held longer. None
  // where run() is short whatever is asked.
  std::function<std::optional<Response>(std::chrono::microseconds)> run_within = nullptr;
  std::shared_ptr<Audience> audience = nullptr;  // of heavy work that ends where nobody waits for it
};

// The answer is under way for somebody else. `then` calls back once, on any thread, perhaps at once; the
// callback must not throw.
struct Wait {
  std::function<void(std::function<void(Response)>)> then;
  std::size_t route = 0;
  std::shared_ptr<Audience> audience = nullptr;
};

using Plan = std::variant<Response, Work, Wait>;

struct AppOptions {
  Basemap basemap{};
  std::string public_base_url{};  // "https://jobs.example.org"; several with commas between; empty for none
  std::string web_dir{};          // static files; empty for none
  std::size_t area_bytes = 64 << 20;                // areas that callers post: this much is kept
  std::size_t client_area_bytes = 8 << 20;          // of one client
  bool admin_apart = false;                         // /metrics is told on the operator's own address alone
  std::chrono::milliseconds query_timeout{10'000};  // from the request to the made answer; above it 503
  std::chrono::milliseconds degraded_after{
      300'000};  // of failing reloads or polls, from when on /ready says so
};

class Log;
class Metrics;
class StaticFiles;
struct Call;
struct CodingChoice;
struct Prepared;
struct Route;

class App {
 public:
  // Reads the static files; throws std::runtime_error where they can't be read.
  App(AppOptions options, Log& log);
  ~App();

  Plan plan(const Request& request, const Generation& generation) const;
  // Looks at a request before its body of so many bytes is read: the answer that refuses it, or nothing.
  std::optional<Response> screen(const Request& request, std::uint64_t body_bytes) const;
  // From now on /ready says yes. The publisher calls it, since a thread that is asked knows of itself alone.
  void set_ready() { ready_.store(true, std::memory_order_relaxed); }
  // From now on /ready says no.
  void set_draining() { draining_.store(true, std::memory_order_relaxed); }
  Metrics& metrics() const { return *metrics_; }

 private:
  Plan route(const Request& request, const Generation& generation) const;
  Plan answer(const Route& route, Call call) const;
  Plan order(const Route& route, const Call& call, Prepared prepared, const CodingChoice& coding) const;
  std::optional<Response> refuse_body(const Route& route, const Request& request,
                                      std::uint64_t body_bytes) const;
  bool is_told(const Route& route, const Request& request) const;
  Response own_page(const Route& route, const Call& call) const;
  Response ready_page(const Route& route, const Call& call) const;
  Response static_file(const Request& request) const;
  bool is_misdirected(const Request& request) const;

  AppOptions options_;
  OwnAddress address_;
  Log& log_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<StaticFiles> files_;
  std::shared_ptr<query::Areas> areas_;
  std::atomic<bool> ready_{false}, draining_{false};
};

}  // namespace jobmap::api
