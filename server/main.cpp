// jobmapd: settings, then the parts put together, then signals until the end.
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <thread>

#include "data/store/load.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/config.hpp"
#include "server/generations.hpp"
#include "server/http/server.hpp"
#include "server/systemd.hpp"

namespace jobmap {
namespace {

using Clock = std::chrono::steady_clock;

// Blocked in every thread and taken by main alone, so no handler ever interrupts anything. SIGPIPE is an
// error code of a write, not a signal.
sigset_t take_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

int next_signal(const sigset_t& set, std::chrono::milliseconds wait) {
  const timespec time{wait.count() / 1000, (wait.count() % 1000) * 1'000'000};
  return sigtimedwait(&set, nullptr, &time);
}

bool is_end(int signal) { return signal == SIGTERM || signal == SIGINT; }

// Finishes what is in flight; a second signal ends at once.
void drain(http::Server& server, const sigset_t& signals, std::chrono::milliseconds timeout, api::Log& log) {
  const auto deadline = Clock::now() + timeout;
  server.drain(std::min(timeout, std::chrono::milliseconds(500)));
  while (server.connections() > 0 && Clock::now() < deadline)
    if (is_end(next_signal(signals, std::chrono::milliseconds(20)))) {
      log.write("warning", "stopped_at_once", {{"connections", server.connections()}});
      std::_Exit(1);
    }
  const auto left = server.connections();
  log.write("info", "stopped", {{"connections", left}});
  // Whatever still runs may not come to its end; nothing here is lost with the process.
  if (left > 0) std::_Exit(0);
}

api::AppOptions app_options(const Config& config) {
  return {.basemap = config.basemap,
          .public_base_url = config.public_base_url,
          .web_dir = config.web_dir,
          .area_bytes = config.area_bytes,
          .client_area_bytes = config.client_area_bytes,
          .admin_apart = !config.server.admin.empty(),
          .query_timeout = config.query_timeout,
          .degraded_after = config.degraded_after};
}

// All that serving reads before it listens; each throws where it is wrong.
int check(const Config& config) {
  api::Log log(stderr);
  api::App app(app_options(config), log);
  data::load_snapshot(config.database, std::time(nullptr));
  return std::puts("settings, database and files are right"), 0;
}

int serve(Config config, const sigset_t& signals, api::Log& log) {
  Systemd systemd;
  config.server.listening = systemd.socket();
  api::App app(app_options(config), log);
  http::Server server(
      config.server,
      {.plan = [&app](const api::Request& r, const api::Generation& g) { return app.plan(r, g); },
       .screen = [&app](const api::Request& r, std::uint64_t bytes) { return app.screen(r, bytes); }},
      app.metrics(), log);
  // The data load while the server's threads get ready.
  Generations generations(
      {.database = config.database, .cache_bytes = config.cache_bytes, .poll = config.poll},
      [&server](const api::Generation& g) { server.publish(g); }, app.metrics(), log);
  server.start();
  log.write("info", "listening", {{"url", server.url()}, {"port", server.port()}, {"pid", getpid()}});
  for (bool said_ready = false, reloading = false;;) {
    const int signal = next_signal(signals, std::chrono::milliseconds(said_ready && !reloading ? 1000 : 5));
    // One thread that can answer is enough: a restart would end what the others do.
    if (Clock::now() >= systemd.next_ping() && server.responsive()) systemd.ping();
    if (!said_ready) {
      if (auto why = generations.failure()) throw std::runtime_error(*why);
      if (generations.loaded() && server.serving()) {
        app.set_ready();
        log.write("info", "ready", {{"url", server.url()}});
        systemd.notify_ready();
        said_ready = true;
      }
    }
    if (signal == SIGHUP) {
      systemd.notify_reloading();
      generations.reload();
      reloading = true;
    } else if (reloading && said_ready && !generations.reloading()) {
      systemd.notify_ready();
      reloading = false;
    }
    if (!is_end(signal)) continue;
    systemd.notify_stopping();
    log.write("info", "draining", {{"connections", server.connections()}});
    app.set_draining();
    drain(server, signals, config.drain_timeout, log);
    return 0;
  }
}

int run(int argc, char** argv) {
  // A thread keeps the memory of a large answer for its next one, since new memory from the system costs more than
  // writing the answer. Larger pieces go back to the system. The C library's own bound would rise with each piece
  // that is freed.
  constexpr int largest_kept = 32 << 20;
  mallopt(M_MMAP_THRESHOLD, largest_kept);
  mallopt(M_TRIM_THRESHOLD, largest_kept);
  unsetenv("SPATIALITE_SECURITY");  // no database may make the library write files
  const Config config = parse_config(argc, argv, environ);
  switch (config.action) {
    case Config::Action::help:
      return std::fputs(help_text().c_str(), stdout), 0;
    case Config::Action::version:
      return std::fputs(version_text().c_str(), stdout), 0;
    case Config::Action::print_config:
      return std::fputs(config.file.c_str(), stdout), 0;
    case Config::Action::check:
      return check(config);
    case Config::Action::serve:
      break;
  }
  const auto signals = take_signals();
  api::Log log(stdout);  // standard error is for the one line that says why there is no server
  return serve(config, signals, log);
}

}  // namespace
}  // namespace jobmap

int main(int argc, char** argv) {
  try {
    return jobmap::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "jobmapd: %s\n", e.what());
    return 1;
  }
}
