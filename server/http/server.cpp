#include "http/server.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <latch>
#include <random>
#include <stdexcept>

#include "geo/crs.hpp"
#include "http/connection.hpp"
#include "http/engine.hpp"

namespace jobmap::http {
namespace {

constexpr auto sweep_every = std::chrono::milliseconds(100);
constexpr auto failure_pause = std::chrono::milliseconds(1);

// Where even the complaint finds no memory, it is left out.
void complain(api::Log& log, std::string_view event, std::string_view reason) noexcept {
  try {
    log.write("error", event, {{"reason", reason}});
  } catch (...) {
  }
}

}  // namespace

Engine::Engine(ServerOptions o, Planner p, api::Metrics& m, api::Log& l)
    : options(std::move(o)),
      planner(std::move(p)),
      metrics(m),
      log(l),
      failure(api::problem(500, "Something went wrong here.", "")),
      seats(options.max_connections, options.max_connections_per_client),
      rate_limit(options.rate_limit, options.rate_burst),
      unsent(options.unsent_bytes, options.unsent_bytes_per_client),
      pool(options.compute_threads) {
  std::random_device random;
  for (unsigned i = 0; i < options.io_threads; ++i) {
    workers.push_back(std::make_unique<Worker>());
    workers.back()->request_ids = std::uint64_t{random()} << 32;
  }
  error_code error;
  const auto address = asio::ip::make_address(options.host, error);
  if (error) throw std::runtime_error("host must be an IP address, not \"" + options.host + "\"");
  const tcp::endpoint endpoint(address, options.port);
  acceptor.emplace(workers[0]->io);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(tcp::acceptor::max_listen_connections, error);
  if (error)
    throw std::runtime_error("can't listen on " + options.host + " port " + std::to_string(options.port) +
                             ": " + error.message());
  port = acceptor->local_endpoint().port();
}

Engine::~Engine() {
  pool.stop();
  pool.join();
  for (auto& worker : workers) worker->io.stop();
  for (auto& worker : workers)
    if (worker->thread.joinable()) worker->thread.join();
}

void Engine::start() {
  // PROJ takes 20 ms for a thread's first projection; here, and now, it may also say that it can't. Each task
  // waits for the others, so each has a thread of its own.
  geo::warm_up();
  const auto warm = std::make_shared<std::latch>(options.compute_threads + 1);  // its last waiter ends it
  for (unsigned i = 0; i < options.compute_threads; ++i)
    asio::post(pool, [warm] {
      geo::warm_up();
      warm->arrive_and_wait();
    });
  warm->arrive_and_wait();
  accept();
  for (auto& worker : workers) worker->thread = std::thread([this, &worker = *worker] { run(worker); });
}

void Engine::run(Worker& worker) noexcept {
  geo::warm_up();
  for (;;) try {
      if (!worker.sweeping) sweep(worker);
      worker.io.run();
      return;
    } catch (const std::exception& e) {  // out of memory, say: costs the connection whose handler threw
      complain(log, "connection_failed", e.what());
      std::this_thread::sleep_for(failure_pause);
    }
}

// One alone is always admitted, whatever it costs.
bool Engine::admit(double cost_us) {
  const auto cost = static_cast<std::int64_t>(cost_us);
  const auto before = metrics.heavy_waiting.fetch_add(1);
  const auto ahead_us = admitted_us.fetch_add(cost);
  const auto most_us = options.heavy_wait.count() * 1000 * options.compute_threads;
  if (before == 0 || (before < static_cast<std::int64_t>(options.heavy_queue) && ahead_us + cost <= most_us))
    return true;
  dismiss(cost_us);
  return false;
}

void Engine::dismiss(double cost_us) {
  admitted_us.fetch_sub(static_cast<std::int64_t>(cost_us));
  metrics.heavy_waiting.fetch_sub(1);
}

void Engine::sweep(Worker& worker) {
  worker.sweep.expires_after(sweep_every);
  worker.sweep.async_wait([this, &worker](const error_code& error) {
    worker.sweeping = false;
    if (error) return;
    const auto now = Clock::now();
    for (Connection* connection : worker.connections) connection->check_deadline(now);
    sweep(worker);
    if (&worker == workers[0].get()) accept();
  });
  worker.sweeping = true;
}

// Where none is under way. Above the limit, and after a failure, the next sweep comes here again.
void Engine::accept() {
  if (accepting_ || !acceptor->is_open() || seats.full()) return;
  // While this one is under way, stop_accepting() may give sockets to others: it stays with its worker.
  auto& worker = *workers[next_worker_];
  acceptor->async_accept(worker.io, [this, &worker](const error_code& error, tcp::socket socket) {
    accepting_ = false;
    accepted(error, worker, std::move(socket));
    tell_if_stopped();
  });
  accepting_ = true;
}

// A client that had connected before the acceptor was closed is served, and counted before drain() returns.
void Engine::accepted(const error_code& error, Worker& worker, tcp::socket socket) {
  if (error == asio::error::operation_aborted) return;
  try {
    if (!error)
      hand_over(worker, std::move(socket));
    else if (error != asio::error::connection_aborted)
      return accept_failed(error.message());
    accept_failing_ = false;
    accept();
  } catch (const std::exception& e) {
    accept_failed(e.what());
  }
}

// Out of descriptors or memory: whoever is connected is served on, and waiting for the next sweep keeps this
// from spinning.
void Engine::accept_failed(std::string_view reason) {
  metrics.accept_errors.fetch_add(1);
  if (!std::exchange(accept_failing_, true)) complain(log, "accept_failed", reason);
}

void Engine::hand_over(Worker& worker, tcp::socket socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error).address();
  if (error) return;  // it has gone
  const Address peer = remote.is_v6()
                           ? remote.to_v6().to_bytes()
                           : asio::ip::make_address_v6(asio::ip::v4_mapped, remote.to_v4()).to_bytes();
  auto seat = seats.take(options.trusted_proxies.hold(peer) ? Seats::anybody : client_key(peer));
  if (!seat) return;
  next_worker_ = (next_worker_ + 1) % workers.size();
  metrics.accepted.fetch_add(1, std::memory_order_relaxed);
  asio::post(worker.io, [this, &worker, peer, seat = *std::move(seat), s = std::move(socket)]() mutable {
    std::make_shared<Connection>(*this, worker, std::move(seat), peer, std::move(s))->start();
  });
}

// Who has connected before this is served: the queue is emptied before the socket is closed.
void Engine::stop_accepting() {
  error_code error;
  try {
    acceptor->non_blocking(true, error);
    while (!error) {
      auto& worker = *workers[next_worker_];
      tcp::socket socket(worker.io);
      acceptor->accept(socket, error);
      if (!error) hand_over(worker, std::move(socket));
    }
  } catch (const std::exception& e) {
    accept_failed(e.what());
  }
  acceptor->close(error);
}

void Engine::tell_if_stopped() {
  if (stopped_ && !accepting_) std::exchange(stopped_, nullptr)->set_value();
}

void Engine::drain() {
  std::promise<void> stopped;
  asio::post(workers[0]->io, [this, &stopped] {
    stop_accepting();
    stopped_ = &stopped;
    tell_if_stopped();
  });
  stopped.get_future().wait();
  for (auto& worker : workers)
    asio::post(worker->io, [&worker = *worker] {
      worker.draining = true;
      for (Connection* connection : worker.connections) connection->drain();
    });
}

bool is_address(const std::string& text) {
  error_code error;
  asio::ip::make_address(text, error);
  return !error;
}

Server::Server(ServerOptions options, Planner planner, api::Metrics& metrics, api::Log& log)
    : engine_(std::make_unique<Engine>(std::move(options), std::move(planner), metrics, log)) {}

Server::~Server() = default;

void Server::start() { engine_->start(); }

void Server::publish(const api::Generation& generation) {
  const auto taken = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(engine_->workers.size()));
  for (auto& worker : engine_->workers)
    asio::post(worker->io, [&worker = *worker, generation, taken] {
      worker.generation = generation;
      taken->count_down();
    });
  taken->wait();
}

void Server::drain() { engine_->drain(); }

void Server::stop() { engine_.reset(); }

unsigned short Server::port() const { return engine_->port; }

std::string Server::url() const {
  const std::string& host = engine_->options.host;
  return "http://" + (host.find(':') == host.npos ? host : '[' + host + ']') + ':' + std::to_string(port());
}

std::size_t Server::connections() const { return engine_->seats.taken(); }

}  // namespace jobmap::http
