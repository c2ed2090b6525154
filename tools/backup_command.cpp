// jobmap backup: a copy of a database that may be served and written to meanwhile.
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "data/store/sqlite.hpp"
#include "tools/command_line.hpp"

namespace jobmap::tools {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

// A file that is removed again unless it is kept.
class Part {
 public:
  explicit Part(std::string path) : path_(std::move(path)) {}
  ~Part() {
    std::error_code error;
    if (kept_) return;
    for (const char* end : {"", "-journal", "-wal", "-shm"}) fs::remove(path_ + end, error);
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  const std::string& path() const { return path_; }
  // Under its name, which nobody must have taken; lasting once this returns.
  void keep_as(const std::string& name) {
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) != 0)
      throw std::runtime_error(name + ": can't be made: " + std::strerror(errno));
    kept_ = true;
    const auto folder = fs::absolute(name).parent_path();
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = directory >= 0 && ::fsync(directory) == 0;
    if (directory >= 0) ::close(directory);
    if (!synced) throw std::runtime_error(folder.string() + ": can't be synced: " + std::strerror(errno));
  }

 private:
  std::string path_;
  bool kept_ = false;
};

void copy(data::Database& source, const std::string& part) {
  const ProgressLine line;
  source.copy_to(part, [&](std::uint64_t done, std::uint64_t of) { line.show("copying", done, of); });
  if (source.may_have_changed())
    throw std::runtime_error(source.path() + ": was written while it was copied; try again");
}

}  // namespace

int run_backup(Arguments args) {
  std::string db, to;
  po::options_description options(
      "jobmap backup: a copy of a database as it is at one moment, while it is served and written to. To "
      "restore it, stop jobmapd, put it where the database was and start again. Options");
  options.add_options()("help", "this text")("db", po::value(&db)->value_name("FILE"),
                                             "the database (required)")(
      "to", po::value(&to)->value_name("FILE"), "the copy, a file that isn't there yet (required)");
  const auto map = read_command_line(args, options);
  if (map.contains("help")) {
    std::cout << options;
    return 0;
  }
  if (db.empty() || to.empty()) throw std::runtime_error("needs --db FILE and --to FILE");
  if (fs::exists(fs::symlink_status(to)))
    throw std::runtime_error(to + ": exists already; a backup replaces nothing");
  if (const auto folder = fs::absolute(to).parent_path(); !fs::is_directory(folder))
    throw std::runtime_error(to + ": there is no folder " + folder.string());
  ::setpriority(PRIO_PROCESS, 0, 19);  // a server on the same cores comes first: a backup has time
  auto source = data::Database::open_reader(db);
  data::check_is_jobmap(source);
  // Under a name of this process until it is whole, so that what bears the name that was asked for can be trusted.
  Part part(to + ".part" + std::to_string(::getpid()));
  copy(source, part.path());
  auto made = data::Database::open_reader(part.path());
  data::check_is_jobmap(made);
  if (const auto fault = made.query_text("PRAGMA quick_check(1)"); fault != "ok")
    throw std::runtime_error("the copy is damaged, as the database may be (jobmap verify): " + fault);
  const auto jobs = made.query_int64("SELECT count(*) FROM jobs");
  const auto generation = made.query_text("SELECT value FROM meta WHERE layer = '' AND key = 'generation'");
  part.keep_as(to);
  std::cout << to << ": " << jobs << " jobs, generation " << generation << ", " << fs::file_size(to)
            << " bytes\n";
  return 0;
}

}  // namespace jobmap::tools
