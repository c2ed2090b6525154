#pragma once
// The database file: the only home of SQLite and SpatiaLite. A reader and a writer, statements, transactions.
//
//   Database db = Database::open_reader("hangzhou.sqlite");
//   check_is_jobmap(db);
//   Transaction read(db, Transaction::read);                    // one consistent view
//   Statement jobs = db.prepare("SELECT title, geom FROM jobs WHERE category = ?1");
//   jobs.bind(1, std::string_view("gig"));
//   while (jobs.step()) use(jobs.column_text(0), jobs.column_blob(1));
//
// A reader opens the file read-only and hardened against what a planted schema could do (trusted_schema off,
// defensive, no extensions) and runs no SpatiaLite: geometry is parsed by data/store/geometry_blob.hpp. A writer
// opens none but Jobmap's own databases: SpatiaLite 5.0.1 can't write under trusted_schema=OFF. The journal
// is a write-ahead log: readers never wait for a writer, and can open what a killed writer left behind.
//
// Every failure is a DatabaseError: one sentence that names the file and SQLite's own words. Texts and blobs
// of a row are views, valid until the next step() or reset(). Bound texts and blobs must outlive the step,
// and the database its statements.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace jobmap::data {

inline constexpr std::int64_t application_id = 0x4A4D4150;  // "JMAP"
// The version of data/store/schema.sql, and the oldest that can be read. Only a database of the first can be written to;
// data/store/upgrade.hpp brings an older one there.
inline constexpr std::int64_t schema_version = 2, oldest_schema_version = 1;

class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& message, int code) : std::runtime_error(message), code_(code) {}
  bool is_busy() const;     // another process holds the write lock
  bool is_corrupt() const;  // the file is damaged, or isn't a database at all

 private:
  int code_;  // SQLite's primary result code, 0 where the failure wasn't SQLite's
};

class Statement;

// A file as it is now: any write to it makes another state.
struct FileState {
  std::uint64_t inode = 0;
  std::int64_t size = 0, seconds = 0, nanoseconds = 0;  // of the last write
  bool operator==(const FileState&) const = default;
};

class Database {
 public:
  // An existing file. Where neither it nor its folder can be written, it must have no write-ahead log.
  static Database open_reader(const std::string& path);
  // Opens with SpatiaLite, foreign keys, write-ahead log and synchronous=FULL. The database must have the version of this
  // program's schema.
  static Database open_writer(const std::string& path);
  // The same for a database of any version that this program reads.
  static Database open_for_upgrade(const std::string& path);
  // The same on a path that is blank: a file that is missing or empty, or a database without a single table.
  static Database create(const std::string& path);
  // May roll back what a killed writer left, so it is asked by writers only.
  static bool is_blank(const std::string& path);
  bool is_blank();

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  Statement prepare(std::string_view sql);
  // One or several statements without parameters, their rows dropped.
  void execute(const std::string& sql);
  // The first column of the first row.
  std::int64_t query_int64(std::string_view sql);
  std::string query_text(std::string_view sql);
  bool has_table(std::string_view name);
  // A function of one text for the SQL of this connection; NULL is an empty text.
  void add_function(const char* name, std::function<std::string(std::string_view)> function);
  // SpatiaLite's SQL functions, on a reader (a writer has them): 8 ms, so never on a request's path.
  void load_spatialite();

  // True where this reader was opened without locks and the file has been written since, so that what was read
  // may be of two moments. Always false of other readers.
  bool may_have_changed() const;
  // Copies the database as it is now into a new file, while others read and write. The copy has no write-ahead log
  // until its first writer. progress: pages done, of how many.
  void copy_to(const std::string& path, const std::function<void(std::uint64_t, std::uint64_t)>& progress);

  std::int64_t changes() const;  // rows changed by the last INSERT, UPDATE or DELETE
  const std::string& path() const { return path_; }

 private:
  friend class Statement;
  friend class Transaction;
  Database(const std::string& path, int flags);
  void prepare_for_writing();
  [[noreturn]] void fail(int code) const;

  std::string path_;
  sqlite3* db_ = nullptr;
  void* spatialite_ = nullptr;
  std::optional<FileState> immutable_;  // of a reader without locks: the file when it was opened
};

class Statement {
 public:
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  // Parameters count from 1, as in SQL.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, double value);
  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::span<const std::byte> blob);
  Statement& bind(int index, std::string&& dies_before_the_step) = delete;
  Statement& bind_null(int index);
  // Absent is NULL.
  template <typename T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, static_cast<std::int64_t>(*value)) : bind_null(index);
  }

  bool step();  // false at the end, when the statement is also reset
  void reset();
  void run();  // of a statement that returns no rows

  // Columns count from 0.
  bool is_null(int column) const;
  std::int64_t column_int64(int column) const;
  double column_double(int column) const;
  std::string_view column_text(int column) const;  // empty where NULL
  std::span<const std::byte> column_blob(int column) const;

 private:
  friend class Database;
  Statement(const Database& db, std::string_view sql);
  void check(int code) const;

  sqlite3_stmt* stmt_ = nullptr;
};

// Rolled back unless committed. Where SQLite itself rolls back half-way, as on a full disk, whatever comes
// after, by SpatiaLite's functions too, would be changes of its own: none of them is let through, and
// commit() throws.
class Transaction {
 public:
  enum Kind { read, write };
  Transaction(Database& db, Kind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database* db_;
  bool committing_ = false;
};

// SpatiaLite's functions write what troubles them to standard error, some of it in twenty lines, and go on.
// While this lives nobody reads that: who calls them checks what they did, and throws.
class Unheard {
 public:
  Unheard();
  Unheard(const Unheard&) = delete;
  Unheard& operator=(const Unheard&) = delete;
  ~Unheard();

 private:
  int errors_;
};

// Throws where the file is not a Jobmap database of a version that this program reads.
void check_is_jobmap(Database& db);
std::int64_t schema_version_of(Database& db);
// Throws where it is older than this program's schema: it can be read, and written to once it is upgraded.
void check_is_current(Database& db);

std::string sqlite_version();
std::string spatialite_version_text();

}  // namespace jobmap::data
