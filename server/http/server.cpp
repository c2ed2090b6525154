#include "server/http/server.hpp"

#include "server/http/engine.hpp"

namespace jobmap::http {

Server::Server(ServerOptions options, Handlers handlers, api::Metrics& metrics, api::Log& log)
    : engine_(std::make_unique<Engine>(std::move(options), std::move(handlers), metrics, log)) {}

Server::Server(ServerOptions options, Planner planner, api::Metrics& metrics, api::Log& log)
    : Server(std::move(options), Handlers{std::move(planner), nullptr}, metrics, log) {}

Server::~Server() = default;

void Server::start() { engine_->start(); }

void Server::publish(const api::Generation& generation) { engine_->publish(generation); }

bool Server::serving() const { return engine_->serving(); }

bool Server::responsive() const { return engine_->responsive(); }

bool Server::drain(Duration patience) { return engine_->drain(patience); }

void Server::stop() { engine_.reset(); }

unsigned short Server::port() const { return engine_->port; }

std::string Server::url() const {
  const std::string& host = engine_->options.host;
  return "http://" + (host.find(':') == host.npos ? host : '[' + host + ']') + ':' + std::to_string(port());
}

std::size_t Server::connections() const { return engine_->seats.taken(); }

}  // namespace jobmap::http
