// How connections come in: the public address, the operator's, and who makes room for whom.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <stdexcept>
#include <tuple>

#include "server/http/connection.hpp"
#include "server/http/engine.hpp"

namespace jobmap::http {
namespace {

// An address of TCP, IPv4 as IPv6 has it; all zeros for a Unix socket.
Address address_of(const asio::generic::stream_protocol::endpoint& endpoint) {
  tcp::endpoint tcp;
  if (endpoint.data()->sa_family != AF_INET && endpoint.data()->sa_family != AF_INET6) return {};
  std::memcpy(tcp.data(), endpoint.data(), endpoint.size());
  tcp.resize(endpoint.size());
  const auto address = tcp.address();
  return address.is_v6() ? address.to_v6().to_bytes()
                         : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes();
}

}  // namespace

bool is_address(const std::string& text) {
  error_code error;
  asio::ip::make_address(text, error);
  return !error;
}

std::optional<AddressAndPort> parse_address_and_port(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || text.size() - colon > 6) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  unsigned port = 0;
  for (const char c : text.substr(colon + 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  if (port > 65535 || colon + 1 == text.size() || !is_address(host)) return std::nullopt;
  return AddressAndPort{host, static_cast<unsigned short>(port)};
}

void Engine::listen(Listener& listener, const asio::generic::stream_protocol::endpoint& at,
                    const std::string& name) {
  error_code error;
  auto& acceptor = listener.acceptor;
  acceptor.open(at.protocol(), error);
  if (!error && at.data()->sa_family != AF_UNIX)
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw std::runtime_error("can't listen on " + name + ": " + error.message());
}

// Binds host and port, or takes the listening socket that systemd has passed.
void Engine::listen_for_public() {
  error_code error;
  if (options.listening >= 0) {
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    int type = 0, listens = 0;
    socklen_t type_size = sizeof type, listens_size = sizeof listens;
    const bool known =
        ::getsockname(options.listening, reinterpret_cast<sockaddr*>(&at), &size) == 0 &&
        ::getsockopt(options.listening, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0 &&
        ::getsockopt(options.listening, SOL_SOCKET, SO_ACCEPTCONN, &listens, &listens_size) == 0;
    if (!known || type != SOCK_STREAM || !listens || (at.ss_family != AF_INET && at.ss_family != AF_INET6))
      throw std::runtime_error(
          "the socket that was passed is not one of TCP that listens; set ListenStream= to a port");
    public_->acceptor.assign(at.ss_family == AF_INET ? tcp::v4() : tcp::v6(), options.listening, error);
    if (error) throw std::runtime_error("can't listen on the socket that was passed: " + error.message());
  } else {
    const auto address = asio::ip::make_address(options.host, error);
    if (error) throw std::runtime_error("host must be an IP address, not \"" + options.host + "\"");
    listen(*public_, tcp::endpoint(address, options.port),
           options.host + " port " + std::to_string(options.port));
  }
  tcp::endpoint bound;
  const auto local = public_->acceptor.local_endpoint();
  std::memcpy(bound.data(), local.data(), local.size());
  port = bound.port();
  options.host = bound.address().to_string();
}

// An address and port, or the path of a Unix socket, which only this account and its group may use.
void Engine::listen_for_admin() {
  admin_.emplace(*workers[0]);
  admin_->admin = true;
  if (const auto tcp_at = parse_address_and_port(options.admin)) {
    const tcp::endpoint at(asio::ip::make_address(tcp_at->address), tcp_at->port);
    return listen(*admin_, at, "the admin address " + options.admin);
  }
  struct stat there {};
  // A socket that an earlier server left behind is in the way; anything else is somebody's file.
  if (::lstat(options.admin.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) ::unlink(options.admin.c_str());
  if (options.admin.size() >= sizeof(sockaddr_un::sun_path))
    throw std::runtime_error("the path of the admin socket is too long: " + options.admin);
  const auto mask = ::umask(0117);
  try {
    listen(*admin_, asio::local::stream_protocol::endpoint(options.admin),
           "the admin socket " + options.admin);
  } catch (...) {
    ::umask(mask);
    throw;
  }
  ::umask(mask);
  if (::lstat(options.admin.c_str(), &there) == 0)
    admin_socket_ = {options.admin, there.st_dev, there.st_ino};
}

// A server that was started after us may have put its own socket there.
void Engine::remove_admin_socket() const {
  struct stat there {};
  if (!admin_socket_.path.empty() && ::lstat(admin_socket_.path.c_str(), &there) == 0 &&
      there.st_dev == admin_socket_.device && there.st_ino == admin_socket_.inode)
    ::unlink(admin_socket_.path.c_str());
}

// Accepts if no accept is under way. Above the limit, and after a failure, the next sweep comes here again.
void Engine::accept(Listener& listener) {
  if (listener.accepting || !listener.acceptor.is_open() || (listener.admin ? admin_seats_ : seats).full())
    return;
  // While this one is under way, stop_accepting() may give sockets to others: it stays with its worker.
  auto& worker = *workers[next_worker_];
  listener.acceptor.async_accept(worker.io,
                                 [this, &listener, &worker](const error_code& error, Socket socket) {
                                   listener.accepting = false;
                                   accepted(listener, error, worker, std::move(socket));
                                   tell_if_stopped();
                                 });
  listener.accepting = true;
}

// A client that had connected before the acceptor was closed is served, and counted before drain() returns.
void Engine::accepted(Listener& listener, const error_code& error, Worker& worker, Socket socket) {
  if (error == asio::error::operation_aborted) return;
  try {
    if (!error)
      hand_over(listener, worker, std::move(socket));
    else if (error != asio::error::connection_aborted)
      return accept_failed(listener, error.message());
    listener.failing = false;
    accept(listener);
  } catch (const std::exception& e) {
    accept_failed(listener, e.what());
  }
}

// Out of descriptors or memory: whoever is connected is served on, and waiting for the next sweep keeps this
// from spinning. Where even the complaint finds no memory, it is left out.
void Engine::accept_failed(Listener& listener, std::string_view reason) {
  metrics.accept_errors.fetch_add(1);
  if (std::exchange(listener.failing, true)) return;
  try {
    log.write("error", "accept_failed", {{"reason", reason}});
  } catch (...) {
  }
}

void Engine::hand_over(const Listener& listener, Worker& worker, Socket socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;  // it has gone
  const Address peer = address_of(remote);
  const auto client =
      listener.admin || options.trusted_proxies.hold(peer) ? Seats::anybody : client_key(peer);
  auto seat = (listener.admin ? admin_seats_ : seats).take(client);
  next_worker_ = (next_worker_ + 1) % workers.size();
  metrics.accepted.fetch_add(1, std::memory_order_relaxed);
  asio::post(worker.io, [this, &worker, peer, client, admin = listener.admin, seat = std::move(seat),
                         s = std::move(socket)]() mutable {
    if (!admin && (!seat || !seat->claim())) {
      make_room(worker, client);
      if (!seat)
        if (auto again = seats.take(client)) seat.emplace(*std::move(again));
      if (seat) seat->claim();
      asio::post(workers[0]->io, [this] { accept(*public_); });  // there may be room for the next
    }
    if (seat)
      std::make_shared<Connection>(*this, worker, *std::move(seat), peer, std::move(s), admin)->start();
  });
}

// The one that has waited longest goes, of the connections that only wait: between two requests, for the rest
// of a head or body, for a reader. Those that have never been answered, and have had the time to ask, go
// before the others. A client at its share makes room from its own; else all are looked at.
void Engine::make_room(Worker& worker, std::uint64_t client) {
  constexpr auto time_to_ask = std::chrono::milliseconds(250);
  constexpr auto time_to_go_on = std::chrono::seconds(1);  // after an answer
  const auto now = Clock::now(), late = now - time_to_ask;
  const auto order = [late](const Connection& c) {
    const bool suspect = !c.was_answered() && c.waiting_since() < late;
    return std::tuple(!suspect, c.is_guest(), c.waiting_since());  // a guest has no seat to give
  };
  const bool own = seats.at_share(client);
  Connection* longest = nullptr;
  for (Connection* connection : worker.connections) {
    if (!connection->only_waits() || (own && connection->client_of_seat() != client)) continue;
    if (connection->waiting_since() > (connection->was_answered() ? now - time_to_go_on : now)) continue;
    if (!longest || order(*connection) < order(*longest)) longest = connection;
  }
  if (!longest) return;
  metrics.evicted.fetch_add(1, std::memory_order_relaxed);
  longest->evict();
}

// A client that has connected before this is served: the queue is emptied before the socket is closed.
void Engine::stop_accepting(Listener& listener) {
  error_code error;
  try {
    listener.acceptor.non_blocking(true, error);
    while (!error) {
      auto& worker = *workers[next_worker_];
      Socket socket(worker.io);
      listener.acceptor.accept(socket, error);
      if (!error) hand_over(listener, worker, std::move(socket));
    }
  } catch (const std::exception& e) {
    accept_failed(listener, e.what());
  }
  listener.acceptor.close(error);
}

void Engine::tell_if_stopped() {
  if (stopped_ && !public_->accepting && !(admin_ && admin_->accepting)) {
    stopped_->set_value();
    stopped_ = nullptr;
  }
}

}  // namespace jobmap::http
