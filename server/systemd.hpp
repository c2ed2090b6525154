#pragma once
// Tells systemd how the server fares, and takes the socket that it passes: sd_notify(3), sd_watchdog_enabled(3)
// and sd_listen_fds(3) of libsystemd.
// Without systemd every call does nothing.
//
//   Systemd systemd;                       // one a process, before any thread
//   options.listening = systemd.socket();  // of socket activation; -1: none was passed
//   systemd.notify_ready();                // data are served
//   if (now >= systemd.next_ping()) systemd.ping();
#include <chrono>

namespace jobmap {

class Systemd {
 public:
  using Clock = std::chrono::steady_clock;

  // Throws std::runtime_error where several sockets were passed, or what was passed is not open.
  Systemd();

  int socket() const { return socket_; }
  void notify_ready() const;
  void notify_reloading() const;
  void notify_stopping() const;
  // When the next ping of the watchdog is due: twice within WatchdogSec. time_point::max() where there is none.
  Clock::time_point next_ping() const { return next_ping_; }
  void ping();

 private:
  int socket_ = -1;
  std::chrono::microseconds every_{0};
  Clock::time_point next_ping_ = Clock::time_point::max();
};

}  // namespace jobmap
