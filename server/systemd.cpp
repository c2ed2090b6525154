#include "server/systemd.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace jobmap {

// The variables stay in the environment: LISTEN_PID and WATCHDOG_PID say that they are for this process alone.
Systemd::Systemd() {
  const int sockets = sd_listen_fds(0);
  if (sockets < 0)
    throw std::runtime_error(std::string("LISTEN_FDS names what is not open: ") + std::strerror(-sockets));
  if (sockets > 1)
    throw std::runtime_error("systemd passed " + std::to_string(sockets) +
                             " sockets; jobmapd takes one: a socket unit with one ListenStream=");
  if (sockets == 1) socket_ = SD_LISTEN_FDS_START;
  std::uint64_t us = 0;
  if (sd_watchdog_enabled(0, &us) <= 0) return;
  every_ = std::chrono::microseconds(us / 2);
  next_ping_ = Clock::now();
}

void Systemd::notify_ready() const { sd_notify(0, "READY=1\nSTATUS=serving"); }

// The time lets systemd tell this reload from the one before.
void Systemd::notify_reloading() const {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto us = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
  const auto said =
      "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(us) + "\nSTATUS=reading the database again";
  sd_notify(0, said.c_str());
}

void Systemd::notify_stopping() const { sd_notify(0, "STOPPING=1\nSTATUS=finishing what is in flight"); }

void Systemd::ping() {
  sd_notify(0, "WATCHDOG=1");
  next_ping_ = Clock::now() + every_;
}

}  // namespace jobmap
