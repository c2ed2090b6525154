// The threads of a server: what they take up, what they look at now and then, and how they end.
#include "server/http/engine.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <latch>
#include <random>
#include <stdexcept>

#include "geo/crs.hpp"
#include "server/http/connection.hpp"

namespace jobmap::http {
namespace {

constexpr auto sweep_every = std::chrono::milliseconds(100);
constexpr auto failure_pause = std::chrono::milliseconds(1);
constexpr auto look_at_threads_every = std::chrono::milliseconds(100);
constexpr auto stuck_after = std::chrono::seconds(1);
constexpr auto lost_after = std::chrono::seconds(10);
// The long work yields to the I/O threads and to short work: a wake-up of theirs doesn't wait for its time
// slice.
constexpr int nice_of_long_work = 5;

std::int64_t nanoseconds_of(Clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
}

// PROJ takes 20 ms for a thread's first projection; done here, and now, it may also say that it can't. Each
// task waits for the others, so each has a thread of its own.
void warm_up(Lane& lane, int nice) {
  const auto warm = std::make_shared<std::latch>(lane.threads() + 1);  // its last waiter ends it
  for (unsigned i = 0; i < lane.threads(); ++i)
    asio::post(lane.pool(), [warm, nice] {
      if (nice) setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
      geo::warm_up();
      warm->arrive_and_wait();
    });
  warm->arrive_and_wait();
}

}  // namespace

Engine::Engine(ServerOptions o, Handlers h, api::Metrics& m, api::Log& l)
    : options(std::move(o)),
      handlers(std::move(h)),
      metrics(m),
      log(l),
      failure(api::problem(500, "Something went wrong here.", "")),
      seats(options.max_connections, options.max_connections_per_client),
      rate_limit(options.rate_limit, options.rate_burst, options.rate_least),
      unsent(options.unsent_bytes, options.unsent_bytes_per_client),
      unread(options.unread_bytes, options.unread_bytes_per_client),
      short_lane(options.compute_threads, options.heavy_queue, options.heavy_wait),
      long_lane(options.compute_threads, options.heavy_queue, options.heavy_wait) {
  std::random_device random;
  for (unsigned i = 0; i < options.io_threads; ++i) {
    workers.push_back(std::make_unique<Worker>());
    workers.back()->request_ids = std::uint64_t{random()} << 32;
  }
  public_.emplace(*workers[0]);
  listen_for_public();
  if (!options.admin.empty()) listen_for_admin();
}

Engine::~Engine() {
  watchdog_ = {};
  for (Lane* lane : {&short_lane, &long_lane}) lane->pool().stop();
  for (Lane* lane : {&short_lane, &long_lane}) lane->pool().join();
  for (auto& worker : workers) worker->io.stop();
  for (auto& worker : workers)
    if (worker->thread.joinable()) worker->thread.join();
  remove_admin_socket();
}

bool Engine::responsive() const {
  const auto now = nanoseconds_of(Clock::now());
  return std::any_of(workers.begin(), workers.end(), [&](const auto& worker) {
    const auto since = worker->busy_since.load(std::memory_order_relaxed);
    return since == 0 || std::chrono::nanoseconds(now - since) < lost_after;
  });
}

void Engine::start() {
  geo::warm_up();
  warm_up(short_lane, 0);
  warm_up(long_lane, nice_of_long_work);
  accept(*public_);
  if (admin_) accept(*admin_);
  for (auto& worker : workers) worker->thread = std::thread([this, &worker = *worker] { run(worker); });
  watchdog_ = std::jthread([this](const std::stop_token& stop) { watch_threads(stop); });
}

void Engine::run(Worker& worker) noexcept {
  geo::warm_up();
  for (;;) try {
      if (!worker.sweeping) sweep(worker);
      worker.io.run();
      return;
    } catch (const std::exception& e) {  // out of memory, say: costs the connection whose handler threw
      try {
        log.write("error", "connection_failed", {{"reason", e.what()}});
      } catch (...) {
      }
      worker.busy_since.store(0, std::memory_order_relaxed);
      std::this_thread::sleep_for(failure_pause);
    }
}

// Nobody waits here: a thread takes it before its next request, and one that has nothing to do is told, so
// that the data before aren't kept for it.
void Engine::publish(const api::Generation& generation) {
  {
    const std::lock_guard lock(published_mutex_);
    published_ = generation;
    published_number_.fetch_add(1, std::memory_order_release);
  }
  for (auto& worker : workers)
    if (!worker->told.exchange(true)) try {
        asio::post(worker->io, [this, &worker = *worker] {
          worker.told = false;
          take_published(worker);
        });
      } catch (...) {
        worker->told = false;  // it hears of it before its next request, or of the next one
        throw;
      }
}

void Engine::take_published(Worker& worker) {
  if (worker.generation_number == published_number_.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(published_mutex_);
  if (!worker.generation && published_) with_data_.fetch_add(1);
  worker.generation = published_;
  worker.generation_number = published_number_.load(std::memory_order_relaxed);
}

void Engine::sweep(Worker& worker) {
  worker.sweep.expires_after(sweep_every);
  worker.sweep.async_wait([this, &worker](const error_code& error) {
    worker.sweeping = false;
    if (error) return;
    const auto now = Clock::now();
    for (Connection* connection : worker.connections) connection->check_deadline(now);
    Connection::watch_clients(*this, worker);  // in case that memory ran out where it was armed
    sweep(worker);
    if (&worker != workers[0].get()) return;
    accept(*public_);
    if (admin_) accept(*admin_);
  });
  worker.sweeping = true;
}

bool Engine::drain(Duration patience) {
  const auto stopped = std::make_shared<std::promise<void>>();
  asio::post(workers[0]->io, [this, stopped] {
    stop_accepting(*public_);
    if (admin_) stop_accepting(*admin_);
    stopped_ = stopped;
    tell_if_stopped();
  });
  const bool heard = stopped->get_future().wait_for(patience) == std::future_status::ready;
  for (auto& worker : workers)
    asio::post(worker->io, [&worker = *worker] {
      worker.draining = true;
      for (Connection* connection : worker.connections) connection->drain();
    });
  return heard;
}

// Once a second at most in the log, each time in the metric. What the watchdog has counted isn't counted
// again.
void Engine::note_stall(Worker& worker, std::int64_t since, std::string_view request_id,
                        std::chrono::nanoseconds held) {
  if (worker.stuck_since.load() != since) metrics.io_stalls.fetch_add(1, std::memory_order_relaxed);
  const auto second = nanoseconds_of(Clock::now()) / 1'000'000'000;
  if (stall_logged_.exchange(second) == second) return;
  log.write("warning", "io_stalled",
            {{"request_id", request_id},
             {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(held).count()}});
}

// A thread that never comes back can't say so itself.
void Engine::watch_threads(const std::stop_token& stop) {
  std::vector<std::int64_t> known(workers.size());
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!wake.wait_for(lock, stop, look_at_threads_every, [] { return false; }) && !stop.stop_requested())
    for (std::size_t i = 0; i < workers.size(); ++i) {
      const auto since = workers[i]->busy_since.load(std::memory_order_relaxed);
      const auto held = std::chrono::nanoseconds(nanoseconds_of(Clock::now()) - since);
      if (since == 0 || since == known[i] || held < stuck_after) continue;
      known[i] = since;
      workers[i]->stuck_since.store(since);
      metrics.io_stalls.fetch_add(1, std::memory_order_relaxed);
      try {
        log.write(
            "error", "io_thread_stuck",
            {{"thread", i}, {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(held).count()}});
      } catch (...) {
      }
    }
}

}  // namespace jobmap::http
