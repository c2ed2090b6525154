// A socket of this test stands for systemd's and hears what the server tells it; another is passed to the server.
#include "server/systemd.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cstdlib>

#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/http/server.hpp"
#include "tests/data/scratch.hpp"
#include "tests/e2e/client.hpp"

namespace jobmap {
namespace {

class SystemdTest : public testing::Test {
 protected:
  SystemdTest() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    const auto path = dir_ / "notify";
    path.copy(at.sun_path, sizeof at.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~SystemdTest() override {
    ::close(socket_);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID"})
      ::unsetenv(name);
  }
  // Gives the next message, "" where there is none.
  std::string told() const {
    char text[1000];
    const auto size = ::recv(socket_, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "";
  }
  data::Scratch dir_;
  int socket_;
};

TEST_F(SystemdTest, IsToldWhatBecomesOfTheServer) {
  const Systemd systemd;
  EXPECT_EQ(told(), "");
  EXPECT_EQ(systemd.socket(), -1);
  EXPECT_EQ(systemd.next_ping(), Systemd::Clock::time_point::max());
  systemd.notify_ready();
  EXPECT_TRUE(told().starts_with("READY=1\n"));
  systemd.notify_reloading();
  EXPECT_TRUE(told().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  systemd.notify_stopping();
  EXPECT_TRUE(told().starts_with("STOPPING=1\n"));
}

TEST_F(SystemdTest, HearsASignOfLifeTwiceInItsTime) {
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  Systemd systemd;
  EXPECT_LE(systemd.next_ping(), Systemd::Clock::now());
  systemd.ping();
  EXPECT_EQ(told(), "WATCHDOG=1");
  const auto in = systemd.next_ping() - Systemd::Clock::now();
  EXPECT_GT(in, std::chrono::seconds(5));
  EXPECT_LE(in, std::chrono::seconds(15));
}

TEST_F(SystemdTest, IsntThereWithoutItsVariables) {
  ::unsetenv("NOTIFY_SOCKET");
  Systemd systemd;
  systemd.notify_ready();
  systemd.ping();
  EXPECT_EQ(told(), "");
  ::setenv("LISTEN_FDS", "1", 1);
  ::setenv("LISTEN_PID", "1", 1);  // another process
  EXPECT_EQ(Systemd().socket(), -1);
}

// In a process of its own, as they are always from descriptor 3 on. Gives the socket, or what was thrown.
std::string passed(int open, const char* said) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int out = ::dup2(ends[1], 100);
    for (int i = 3; i < 100; ++i) ::close(i);
    for (int i = 0; i < open; ++i) static_cast<void>(::socket(AF_INET, SOCK_STREAM, 0));
    ::setenv("LISTEN_FDS", said, 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    std::string result;
    try {
      result = std::to_string(Systemd().socket());
    } catch (const std::exception& e) {
      result = e.what();
    }
    static_cast<void>(!::write(out, result.data(), result.size()));
    ::_exit(0);
  }
  ::close(ends[1]);
  char text[500];
  const auto size = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "nothing";
}

TEST(PassedSockets, AreOneAtMost) {
  EXPECT_EQ(passed(1, "1"), "3");
  EXPECT_NE(passed(2, "2").find("takes one"), std::string::npos) << passed(2, "2");
  EXPECT_NE(passed(0, "1").find("not open"), std::string::npos) << passed(0, "1");
}

TEST(PassedSocket, IsListenedOn) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(::listen(socket, 16), 0);
  socklen_t size = sizeof at;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size);
  Client early(ntohs(at.sin_port));  // before there is a server
  ASSERT_TRUE(early.send("/"));

  api::Metrics metrics{{""}};
  api::Log log(stderr);
  http::ServerOptions options;
  options.host = "::1";
  options.listening = socket;
  http::Server server(
      options,
      [](const api::Request&, const api::Generation&) -> api::Plan {
        api::Response done;
        done.set_body("here");
        return done;
      },
      metrics, log);
  EXPECT_EQ(server.port(), ntohs(at.sin_port));
  EXPECT_EQ(server.url(), "http://127.0.0.1:" + std::to_string(server.port()));
  server.start();
  EXPECT_EQ(early.receive(), "here");
  EXPECT_TRUE(server.responsive());
}

TEST(PassedSocket, IsOneOfTcp) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  api::Metrics metrics{{""}};
  api::Log log(stderr);
  http::ServerOptions options;
  options.listening = socket;
  EXPECT_THROW(http::Server(options, http::Planner(), metrics, log), std::runtime_error);
  ::close(socket);
}

}  // namespace
}  // namespace jobmap
