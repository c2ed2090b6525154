// jobmapd as systemd runs it: a socket is passed to it, and another hears what it tells about itself.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "tests/data/scratch.hpp"
#include "tests/e2e/client.hpp"

namespace jobmap {
namespace {

class Service : public testing::Test {
 protected:
  void SetUp() override {
    notify_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path_.copy(at.sun_path, sizeof at.sun_path - 1);
    ASSERT_EQ(::bind(notify_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);

    listening_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
    ASSERT_EQ(::listen(listening_, 16), 0);
    socklen_t size = sizeof any;
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&any), &size);
    port_ = ntohs(any.sin_port);

    const auto sample = JOBMAP_PROGRAM " sample --jobs 200 --db " + database_ + " >/dev/null";
    ASSERT_EQ(std::system(sample.c_str()), 0);
  }
  void TearDown() override {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(notify_);
    ::close(listening_);
  }

  // Its watchdog wants a sign of life within two seconds.
  void start() {
    pid_ = ::fork();
    ASSERT_GE(pid_, 0);
    if (pid_ > 0) return;
    ::dup2(listening_, 3);
    ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "2000000", 1);
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::execl(JOBMAPD_PROGRAM, "jobmapd", "--db", database_.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }

  // The next message that begins so; others are dropped. "" where none has come within a minute.
  std::string told(std::string_view beginning) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::minutes(1);
    pollfd socket{notify_, POLLIN, 0};
    while (Clock::now() < end && ::poll(&socket, 1, 1000) >= 0) {
      if (!(socket.revents & POLLIN)) continue;
      char text[1000];
      const auto size = ::recv(notify_, text, sizeof text, 0);
      const std::string message(text, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
      if (message.starts_with(beginning)) return message;
    }
    return "";
  }

  data::Scratch dir_;
  const std::string path_ = dir_ / "notify", database_ = dir_ / "a.sqlite";
  int notify_ = -1, listening_ = -1;
  unsigned short port_ = 0;
  pid_t pid_ = 0;
};

TEST_F(Service, TellsSystemdOfItsLifeFromReadyToStopping) {
  Client early(port_);  // systemd holds the socket, so a client can come before the server
  ASSERT_TRUE(early.send("/health"));
  start();
  EXPECT_NE(told("READY=1"), "");
  EXPECT_NE(early.receive(), "");
  Client client(port_);
  EXPECT_NE(client.get("/v1/jobs?limit=1").find("numberMatched"), std::string::npos);
  EXPECT_NE(told("WATCHDOG=1"), "");

  ASSERT_EQ(::kill(pid_, SIGHUP), 0);
  EXPECT_NE(told("RELOADING=1\nMONOTONIC_USEC="), "");
  EXPECT_NE(told("READY=1"), "");

  ASSERT_EQ(::kill(pid_, SIGTERM), 0);
  EXPECT_NE(told("STOPPING=1"), "");
  int status = -1;
  ASSERT_EQ(::waitpid(pid_, &status, 0), pid_);
  pid_ = 0;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace jobmap
