#include "data/store/sqlite.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <spatialite.h>  // needs sqlite3.h before it

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace jobmap::data {
namespace {

// A damaged schema is quoted in the complaint of it, with its line breaks and worse.
std::string in_one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  return text;
}

constexpr const char* undone = ": the change was undone half-way: the disk is full, or can't be written";
constexpr int busy_timeout_ms = 10'000;

// Reports faults that a person can act on before SQLite opens the file: SQLite would create a missing one, and
// take an empty one for an empty database.
void check_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    throw DatabaseError(path + ": there is no such database file", 0);
  if (error) throw DatabaseError(path + ": can't be read: " + error.message(), 0);
  if (!std::filesystem::is_regular_file(status)) throw DatabaseError(path + ": is not a file", 0);
  if (std::filesystem::file_size(path, error) == 0 && !error)
    throw DatabaseError(path + ": is an empty file, not a Jobmap database", 0);
}

// Once, before the first connection. File access from SQL (BlobToFile and its like) exists only under this
// variable: nobody's environment grants it. SQLite's memory statistics take a lock at each allocation, a
// tenth of an import.
void configure_process() {
  static const bool once =
      (::unsetenv("SPATIALITE_SECURITY"), sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0), true);
  static_cast<void>(once);
}

}  // namespace

bool DatabaseError::is_busy() const { return code_ == SQLITE_BUSY || code_ == SQLITE_LOCKED; }
bool DatabaseError::is_corrupt() const { return code_ == SQLITE_CORRUPT || code_ == SQLITE_NOTADB; }

Database::Database(const std::string& path, int flags) : path_(path) {
  configure_process();
  const int code = sqlite3_open_v2(path.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const std::string cause = in_one_line(db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code));
    sqlite3_close_v2(std::exchange(db_, nullptr));
    throw DatabaseError(path + ": can't be opened: " + cause, code & 0xFF);
  }
  sqlite3_busy_timeout(db_, busy_timeout_ms);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
}

namespace {

// Inode, size and time of the last write.
FileState state_of(const std::string& path) {
  struct stat there {};
  if (::stat(path.c_str(), &there) != 0) return {};
  return {there.st_ino, there.st_size, there.st_mtim.tv_sec, there.st_mtim.tv_nsec};
}

bool has_log(const std::string& path) {
  std::error_code error;
  return std::filesystem::file_size(path + "-wal", error) > 0 && !error;
}

// SQLite's URI of the file, without locks.
std::string immutable_uri(const std::string& path) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string uri = "file://";
  for (const char c : std::filesystem::absolute(path).string())
    if (c == '%' || c == '?' || c == '#')
      uri += {'%', digits[static_cast<unsigned char>(c) >> 4], digits[c & 15]};
    else
      uri += c;
  return uri + "?immutable=1";
}

// Whether reading failed for want of the files of a write-ahead log, which can't be made there. A journal that must be
// rolled back first (SQLITE_READONLY_ROLLBACK) is not that.
bool cant_make_log(int code) {
  return (code & 0xFF) == SQLITE_CANTOPEN || code == SQLITE_READONLY_DIRECTORY ||
         code == SQLITE_READONLY_CANTINIT || code == SQLITE_READONLY_RECOVERY;
}

}  // namespace

// A write-ahead log is shared by a file beside the database, which SQLite wants to make. Where that can't be, as
// on a read-only mount, and there is no log, the database is the file alone.
Database Database::open_reader(const std::string& path) {
  check_file(path);
  Database db(path, SQLITE_OPEN_READONLY);
  if (sqlite3_exec(db.db_, "SELECT 1 FROM sqlite_master LIMIT 1", nullptr, nullptr, nullptr) != SQLITE_OK &&
      cant_make_log(sqlite3_extended_errcode(db.db_))) {
    if (has_log(path))
      throw DatabaseError(
          path + ": the newest changes are in " + path +
              "-wal, which can't be read where the folder can't be written; jobmap backup, where "
              "it can, makes a copy that needs no such file",
          0);
    const auto state = state_of(path);
    db = Database(immutable_uri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    db.path_ = path;
    db.immutable_ = state;
  }
  sqlite3_db_config(db.db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db.db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  db.execute("PRAGMA cell_size_check = ON");
  return db;
}

Database Database::open_writer(const std::string& path) {
  Database db = open_for_upgrade(path);
  check_is_current(db);
  return db;
}

Database Database::open_for_upgrade(const std::string& path) {
  check_file(path);
  Database db(path, SQLITE_OPEN_READWRITE);
  check_is_jobmap(db);
  db.prepare_for_writing();
  return db;
}

Database Database::create(const std::string& path) {
  if (!is_blank(path)) throw DatabaseError(path + ": exists already", 0);
  Database db(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  db.prepare_for_writing();
  return db;
}

// A file that isn't a database, or can't be read, belongs to somebody and isn't blank.
bool Database::is_blank(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return true;
  if (error || !std::filesystem::is_regular_file(status)) return false;
  if (std::filesystem::file_size(path, error) == 0 && !error) return true;
  try {
    return Database(path, SQLITE_OPEN_READWRITE).is_blank();
  } catch (const DatabaseError&) {
    return false;
  }
}

bool Database::is_blank() {
  return query_int64("PRAGMA application_id") == 0 && query_int64("SELECT count(*) FROM sqlite_master") == 0;
}

void Database::prepare_for_writing() {
  load_spatialite();
  execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL");
}

Database::Database(Database&& other) noexcept
    : path_(std::move(other.path_)),
      db_(std::exchange(other.db_, nullptr)),
      spatialite_(std::exchange(other.spatialite_, nullptr)),
      immutable_(other.immutable_) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(db_, other.db_);
  std::swap(spatialite_, other.spatialite_);
  std::swap(immutable_, other.immutable_);
  return *this;
}

bool Database::may_have_changed() const {
  return immutable_ && (*immutable_ != state_of(path_) || has_log(path_));
}

void Database::copy_to(const std::string& path,
                       const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  constexpr int pages_a_step = 4096;  // 16 MiB
  if (std::error_code error; std::filesystem::exists(path, error))
    throw DatabaseError(path + ": exists already", 0);
  Database copy(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const Transaction one_moment(*this, Transaction::read);
  query_int64("SELECT count(*) FROM sqlite_master");  // a transaction begins at its first read
  std::unique_ptr<sqlite3_backup, int (*)(sqlite3_backup*)> backup(
      sqlite3_backup_init(copy.db_, "main", db_, "main"), sqlite3_backup_finish);
  if (!backup) copy.fail(sqlite3_errcode(copy.db_));
  int code;
  while ((code = sqlite3_backup_step(backup.get(), pages_a_step)) == SQLITE_OK) {
    const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
    progress(all - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get())), all);
  }
  if (code != SQLITE_DONE)
    throw DatabaseError(path_ + ": can't be copied to " + path + ": " + sqlite3_errstr(code), code & 0xFF);
  backup.reset();  // which holds a lock of the copy
  copy.execute("PRAGMA journal_mode = DELETE");
}

Database::~Database() {
  sqlite3_close_v2(db_);
  if (spatialite_) spatialite_cleanup_ex(spatialite_);
}

void Database::fail(int code) const {
  if (sqlite3_extended_errcode(db_) == SQLITE_CONSTRAINT_COMMITHOOK) throw DatabaseError(path_ + undone, 0);
  throw DatabaseError(path_ + ": " + in_one_line(sqlite3_errmsg(db_)), code & 0xFF);
}

Statement Database::prepare(std::string_view sql) { return Statement(*this, sql); }

void Database::execute(const std::string& sql) {
  if (const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
    fail(code);
}

std::int64_t Database::query_int64(std::string_view sql) {
  Statement s = prepare(sql);
  if (!s.step()) throw DatabaseError(path_ + ": no row for " + std::string(sql), 0);
  return s.column_int64(0);
}

std::string Database::query_text(std::string_view sql) {
  Statement s = prepare(sql);
  if (!s.step()) throw DatabaseError(path_ + ": no row for " + std::string(sql), 0);
  return std::string(s.column_text(0));
}

bool Database::has_table(std::string_view name) {
  Statement s = prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1");
  s.bind(1, name);
  return s.step();
}

void Database::add_function(const char* name, std::function<std::string(std::string_view)> function) {
  using Function = std::function<std::string(std::string_view)>;
  const auto call = [](sqlite3_context* context, int, sqlite3_value** values) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
    try {
      const std::string result = (*static_cast<const Function*>(sqlite3_user_data(context)))(
          text ? std::string_view(text, size) : "");
      sqlite3_result_text(context, result.data(), static_cast<int>(result.size()), SQLITE_TRANSIENT);
    } catch (const std::exception& e) {
      sqlite3_result_error(context, e.what(), -1);
    }
  };
  const int code = sqlite3_create_function_v2(db_, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                              new Function(std::move(function)), call, nullptr, nullptr,
                                              [](void* f) { delete static_cast<Function*>(f); });
  if (code != SQLITE_OK) fail(code);
}

void Database::load_spatialite() {
  if (spatialite_) return;
  spatialite_ = spatialite_alloc_connection();
  spatialite_init_ex(db_, spatialite_, 0);
}

std::int64_t Database::changes() const { return sqlite3_changes64(db_); }

Statement::Statement(const Database& db, std::string_view sql) {
  const int code = sqlite3_prepare_v3(db.db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt_, nullptr);
  if (code != SQLITE_OK) db.fail(code);
}

Statement::Statement(Statement&& other) noexcept : stmt_(std::exchange(other.stmt_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(stmt_, other.stmt_);
  return *this;
}

Statement::~Statement() { sqlite3_finalize(stmt_); }

void Statement::check(int code) const {
  if (code == SQLITE_OK) return;
  sqlite3* db = sqlite3_db_handle(stmt_);
  throw DatabaseError(std::string(sqlite3_db_filename(db, "main")) + ": " + in_one_line(sqlite3_errmsg(db)),
                      code & 0xFF);
}

Statement& Statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(stmt_, index, value));
  return *this;
}
Statement& Statement::bind(int index, double value) {
  check(sqlite3_bind_double(stmt_, index, value));
  return *this;
}
Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL; an empty text is a text.
  check(sqlite3_bind_text64(stmt_, index, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                            SQLITE_UTF8));
  return *this;
}
Statement& Statement::bind(int index, std::span<const std::byte> blob) {
  check(sqlite3_bind_blob64(stmt_, index, blob.data(), blob.size(), SQLITE_STATIC));
  return *this;
}
Statement& Statement::bind_null(int index) {
  check(sqlite3_bind_null(stmt_, index));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(stmt_);
    return false;
  }
  sqlite3_reset(stmt_);  // keeps the connection's error message
  check(code);
  return false;
}

void Statement::reset() { sqlite3_reset(stmt_); }
void Statement::run() {
  while (step()) {
  }
}

bool Statement::is_null(int column) const { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }
std::int64_t Statement::column_int64(int column) const { return sqlite3_column_int64(stmt_, column); }
double Statement::column_double(int column) const { return sqlite3_column_double(stmt_, column); }

std::string_view Statement::column_text(int column) const {
  const auto* text = sqlite3_column_text(stmt_, column);
  if (!text) return {};
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

std::span<const std::byte> Statement::column_blob(int column) const {
  const auto* blob = static_cast<const std::byte*>(sqlite3_column_blob(stmt_, column));
  if (!blob) return {};
  return {blob, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

Transaction::Transaction(Database& db, Kind kind) : db_(&db) {
  db.execute(kind == read ? "BEGIN" : "BEGIN IMMEDIATE");
  const auto refuse = [](void* committing) { return *static_cast<const bool*>(committing) ? 0 : 1; };
  if (kind == write) sqlite3_commit_hook(db.db_, refuse, &committing_);
}
Transaction::~Transaction() {
  if (!db_) return;
  // SQLite has already rolled back after some errors; there is nothing left to do then.
  if (!sqlite3_get_autocommit(db_->db_)) sqlite3_exec(db_->db_, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_commit_hook(db_->db_, nullptr, nullptr);
}
void Transaction::commit() {
  if (sqlite3_get_autocommit(db_->db_)) throw DatabaseError(db_->path() + undone, 0);
  committing_ = true;
  db_->execute("COMMIT");
  sqlite3_commit_hook(db_->db_, nullptr, nullptr);
  db_ = nullptr;
}

void check_is_jobmap(Database& db) {
  const std::string& path = db.path();
  std::int64_t id = 0, version = 0;
  try {
    id = db.query_int64("PRAGMA application_id");
    version = schema_version_of(db);
  } catch (const DatabaseError& e) {
    if (e.is_corrupt())
      throw DatabaseError(std::string(e.what()) + " (damaged, or not a database)", SQLITE_CORRUPT);
    throw;
  }
  if (id == 0 && db.query_int64("SELECT count(*) FROM sqlite_master") == 0)
    throw DatabaseError(path + ": is an empty database, not one of Jobmap's", 0);
  if (id != application_id) throw DatabaseError(path + ": is a database, but not one of Jobmap's", 0);
  if (version < oldest_schema_version || version > schema_version)
    throw DatabaseError(path + ": has schema version " + std::to_string(version) +
                            "; this program reads versions " + std::to_string(oldest_schema_version) +
                            " to " + std::to_string(schema_version) +
                            (version > schema_version ? ", so it needs a newer program" : ""),
                        0);
  if (db.query_text("SELECT value FROM meta WHERE layer = '' AND key = 'database_id'").empty())
    throw DatabaseError(path + ": has an empty database_id", 0);
}

std::string sqlite_version() { return sqlite3_libversion(); }
std::string spatialite_version_text() { return spatialite_version(); }

}  // namespace jobmap::data
