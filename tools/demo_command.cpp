// jobmap demo: a sample, and jobmapd on it, until it is interrupted.
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <cerrno>
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

class Server {
 public:
  // In a process group of its own: Ctrl-C reaches this program alone, which then ends jobmapd as SIGTERM does.
  explicit Server(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    const int error = posix_spawn(&pid_, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    log_ = ends[0];
    if (error == 0) return;
    ::close(log_);
    throw std::runtime_error(words[0] + ": " + std::strerror(error));
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
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
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
  const auto programs = installed();
  const auto signals = take_signals();
  const Scratch directory;
  const auto db = (directory / "demo.sqlite").string();
  const char* sample[] = {"--db", db.c_str(), "--jobs", jobs.c_str()};
  if (const int status = run_sample(sample); status != 0) return status;
  if (interrupted(signals)) return 1;
  std::vector<std::string> words{programs.jobmapd, "--db", db, "--host", host, "--port", port};
  if (programs.web.empty())
    std::cout << "the page is not installed, so there are only the answers of the API\n";
  else
    words.insert(words.end(), {"--web", programs.web});
  return Server(std::move(words)).wait_for_end(signals);
}

}  // namespace jobmap::tools
