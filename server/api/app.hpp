#pragma once
// The API as two plain functions. plan() routes, parses and answers what costs nothing (errors, 304, health,
// static files); what costs something it hands back as Work, whose run() is pure: a snapshot in, a Response
// out.
//
//   App app(options);
//   auto plan = app.plan(request, snapshot);               // microseconds
//   if (auto* r = std::get_if<Response>(&plan)) write(*r);
//   else write(run(std::get<Work>(plan)));                 // inline, or on the pool where work.heavy
//
// Work owns everything it needs, so it outlives its request and keeps its generation alive. run() never
// throws.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "api/request.hpp"
#include "api/response.hpp"

namespace jobmap::data {
class Snapshot;
}

namespace jobmap::api {

using Generation = std::shared_ptr<const data::Snapshot>;

struct Work {
  bool heavy = false;             // run it on the compute pool
  std::function<Response()> run;  // noexcept in effect: answers 500 itself
};

using Plan = std::variant<Response, Work>;

struct AppOptions {
  std::string public_base_url;  // "https://jobs.example.org" for absolute links; empty for relative ones
  std::string web_dir;          // static files; empty for none
};

class Log;
class Metrics;
class StaticFiles;
struct Call;
struct Route;

class App {
 public:
  // Reads the static files; throws std::runtime_error where they can't be read.
  App(AppOptions options, Log& log);
  ~App();

  Plan plan(const Request& request, const Generation& generation) const;
  // From now on /ready says no.
  void set_draining() { draining_.store(true, std::memory_order_relaxed); }
  Metrics& metrics() const { return *metrics_; }

 private:
  Plan route(const Request& request, const Generation& generation) const;
  Plan answer(const Route& route, Call call) const;
  Response own_page(const Route& route, const Call& call) const;
  Response static_file(const Request& request) const;

  AppOptions options_;
  Log& log_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<StaticFiles> files_;
  std::atomic<bool> draining_{false};
};

}  // namespace jobmap::api
