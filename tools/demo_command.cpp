// jobmap demo: a sample, and jobmapd on it, until it is interrupted.
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/command_line.hpp"

namespace jobmap::tools {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

// A temporary directory, removed by the destructor.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "jobmap-demo-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("can't make " + name + ": " + std::strerror(errno));
    path_ = name;
  }
  ~Scratch() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

// jobmapd beside this program, and the page where the package has it or a build has.
struct Installed {
  fs::path jobmapd, web;
};
Installed installed() {
  const auto here = fs::read_symlink("/proc/self/exe").parent_path();
  Installed found{here / "jobmapd", {}};
  if (!fs::exists(found.jobmapd)) throw std::runtime_error(found.jobmapd.string() + " is missing");
  for (const char* web : {"../share/jobmap/web", "../../web-demo/dist"})
    if (fs::exists(here / web / "index.html")) {
      found.web = (here / web).lexically_normal();
      break;
    }
  return found;
}

// The string value of a member in a line of the log; "" where there is none.
std::string member(const std::string& line, const std::string& name) {
  const auto key = '"' + name + "\":\"";
  const auto begin = line.find(key);
  if (begin == line.npos) return "";
  return line.substr(begin + key.size(), line.find('"', begin + key.size()) - begin - key.size());
}

// The signals that end a demo are taken by wait_for_end() alone, so that none of them leaves its files behind.
sigset_t take_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

bool interrupted(const sigset_t& set) {
  constexpr timespec at_once{};
  for (int signal; (signal = sigtimedwait(&set, nullptr, &at_once)) > 0;)
    if (signal != SIGCHLD) return true;
  return false;
}

// Starts a program with all signals open, its standard output at `out` unless that is -1, in a process group of its
// own: Ctrl-C reaches this program alone, which then ends the other as SIGTERM does.
pid_t spawn(std::vector<std::string> words, int out) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (out >= 0) posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(words[0] + ": " + std::strerror(error));
  return pid;
}

int exit_status(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// Runs a program to its end, or to that of this one.
int run(std::vector<std::string> words, const sigset_t& signals) {
  const pid_t pid = spawn(std::move(words), -1);
  while (sigwaitinfo(&signals, nullptr) != SIGCHLD) ::kill(pid, SIGTERM);
  return exit_status(pid);
}

// Fails before anything is made where nobody could listen there.
void check_address(const std::string& host, const std::string& port) {
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (fault != std::errc() || end != port.data() + port.size() || number > 65'535)
    throw std::runtime_error("--port " + port + " is not a number from 0 to 65535");
  addrinfo numbers{};
  numbers.ai_flags = AI_NUMERICHOST | AI_PASSIVE;
  numbers.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &numbers, &found) != 0)
    throw std::runtime_error("--host " + host +
                             " is not an address; 127.0.0.1 is this machine alone, 0.0.0.0 lets others in");
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const int error =
      ::bind(socket, found->ai_addr, found->ai_addrlen) == 0 && ::listen(socket, 1) == 0 ? 0 : errno;
  ::close(socket);
  ::freeaddrinfo(found);
  if (error != 0)
    throw std::runtime_error("can't listen on " + host + " port " + port + ": " + std::strerror(error));
}

class Server {
 public:
  explicit Server(std::vector<std::string> words) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::strerror(errno));
    log_ = ends[0];
    try {
      pid_ = spawn(std::move(words), ends[1]);
    } catch (...) {
      ::close(ends[0]);
      ::close(ends[1]);
      throw;
    }
    ::close(ends[1]);
  }
  ~Server() { ::close(log_); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Says where the map is once it is served, and gives the exit status of jobmapd.
  int wait_for_end(const sigset_t& signals) {
    std::string text;
    char part[4096];
    for (pollfd log{log_, POLLIN, 0};;) {
      constexpr int look_at_signals_ms = 100;
      const bool said = ::poll(&log, 1, look_at_signals_ms) > 0;
      if (interrupted(signals)) ::kill(pid_, SIGTERM);
      if (!said) continue;
      const auto size = ::read(log_, part, sizeof part);
      if (size <= 0) break;  // jobmapd has closed it
      text.append(part, static_cast<std::size_t>(size));
      for (std::size_t end; (end = text.find('\n')) != text.npos; text.erase(0, end + 1))
        tell(text.substr(0, end));
    }
    return exit_status(pid_);
  }

 private:
  static void tell(const std::string& line) {
    if (member(line, "event") == "ready")
      std::cout << "open " << member(line, "url") << "/ (Ctrl-C ends it; the jobs are invented)" << std::endl;
  }

  pid_t pid_ = 0;
  int log_ = -1;
};

}  // namespace

int run_demo(Arguments args) {
  std::string jobs, port, host;
  po::options_description options(
      "jobmap demo: a map of synthetic jobs, served until it is interrupted, from a database that is gone "
      "then. Options");
  options.add_options()("help", "this text")(
      "jobs", po::value(&jobs)->default_value("50000")->value_name("N"), "how many jobs")(
      "port", po::value(&port)->default_value("8080")->value_name("N"), "0: any free one")(
      "host", po::value(&host)->default_value("127.0.0.1")->value_name("ADDRESS"), "address to listen on");
  const auto map = read_command_line(args, options);
  if (map.contains("help")) return std::cout << options, 0;
  check_address(host, port);
  const auto programs = installed();
  const auto signals = take_signals();
  const Scratch directory;
  const auto db = (directory / "demo.sqlite").string();
  const std::string jobmap = fs::read_symlink("/proc/self/exe");
  if (const int status = run({jobmap, "sample", "--db", db, "--jobs", jobs}, signals); status != 0)
    return status;
  if (interrupted(signals)) return 1;
  std::vector<std::string> words{programs.jobmapd, "--db", db, "--host", host, "--port", port};
  if (programs.web.empty())
    std::cout << "the page is not installed, so there are only the answers of the API\n";
  else
    words.insert(words.end(), {"--web", programs.web});
  return Server(std::move(words)).wait_for_end(signals);
}

}  // namespace jobmap::tools
