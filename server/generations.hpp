#pragma once
// Decides which data is served. One thread loads the database, looks every so often whether its data
// version has changed, makes the next generation when other jobs live than before, and hands each to
// `publish`.
//
//   Generations generations({.database = "hangzhou.sqlite"}, publish, metrics, log);   // begins to load
//   generations.reload();                          // on SIGHUP; from any thread
//   if (auto why = generations.failure()) refuse(*why);   // the first load failed: there is nothing to serve
//
// There is one such thread, so two reloads never overlap. A reload that fails leaves the generation in place,
// is logged once per reason, and is tried again every `retry` for as long as the file says it holds something
// else. What it tells of that is in metrics.health.
//
// Which jobs live follows the wall clock wherever it goes. Where it goes back before the minute that the data
// were loaded in, jobs that had expired by then are missing, so the database is loaded again, whatever `poll`
// is: that is rare, and exact. A jump of the clock is logged and counted. A retired generation is kept until
// nobody reads it, so that it is freed on this thread.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "data/index/snapshot.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/clock_watch.hpp"

namespace jobmap {

struct GenerationOptions {
  std::string database;
  std::size_t cache_bytes = 0;           // of each generation's answers; 0: none are kept
  std::chrono::milliseconds poll{1000};  // how often to look for a change; 0: on reload() alone
  std::chrono::milliseconds retry{
      60'000};  // between two tries of a version that failed; loading costs a core
  std::function<std::time_t()> now = [] {
    return std::time(nullptr);
  };  // by which jobs are published and expire
  std::function<ClockWatch::Steady()> steady = [] { return std::chrono::steady_clock::now(); };
};

class Generations {
 public:
  using Publish = std::function<void(const api::Generation&)>;

  Generations(GenerationOptions options, Publish publish, api::Metrics& metrics, api::Log& log);
  ~Generations();

  void reload();
  // True from reload() until that load has succeeded or failed.
  bool reloading() const { return reloading_.load(); }
  bool loaded() const { return loaded_.load(); }
  // Why the first load failed; nothing while it runs and after it succeeded.
  std::optional<std::string> failure() const;

 private:
  void run();
  bool load();
  void step(bool asked);
  void watch_clock();
  void poll();
  void confirm(ClockWatch::Steady at);
  void tick();
  bool lacks_jobs() const;
  void replace(std::shared_ptr<const data::Snapshot> next);
  void free_unread();
  bool wait(std::unique_lock<std::mutex>& lock);
  void complain(api::DataHealth::Fault fault, const std::string& reason);

  GenerationOptions options_;
  Publish publish_;
  api::Metrics& metrics_;
  api::Log& log_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::stop_source stop_load_;
  bool reload_asked_ = false;
  std::optional<std::string> failure_;
  std::atomic<bool> loaded_{false}, reloading_{false};

  // Owned by the loader thread.
  api::Generation current_;
  std::vector<api::Generation> retired_;
  std::optional<data::DataVersion> failed_;  // polling tries it again at retry_at_, another one at once
  ClockWatch::Steady retry_at_ = ClockWatch::Steady::min();
  std::string last_complaint_;
  ClockWatch::Steady next_poll_ = ClockWatch::Steady::min();
  ClockWatch clock_watch_;
  std::thread thread_;
};

}  // namespace jobmap
