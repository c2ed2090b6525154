#pragma once
// Puts rows into one table by key: insert, update where anything differs, or leave alone. A part of
// data/store/store.cpp.
//
//   Table stations(db, "stations", {"id", "name", "geom"}, 1);          // the first column is the key
//   Change c = stations.put([&](Statement& s) { s.bind(1, id).bind(2, name).bind(3, blob); });
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"

namespace jobmap::data {

class Table {
 public:
  Table(Database& db, std::string_view name, std::initializer_list<std::string_view> columns, int key_columns)
      : db_(&db) {
    std::string names, values, key, key_names;
    int i = 0;
    for (std::string_view column : columns) {
      const std::string value = "?" + std::to_string(++i), comma = i > 1 ? ", " : "";
      names += comma + std::string(column);
      values += comma + value;
      if (i > key_columns) continue;
      key += (i > 1 ? " AND " : "") + std::string(column) + " = " + value;
      key_names += comma + std::string(column);
    }
    update_sql_ = "UPDATE " + std::string(name) + " SET (" + names + ") = (" + values + ") WHERE " + key +
                  " AND (" + names + ") IS NOT (" + values + ")";
    // The conflict target keeps every other constraint an error.
    insert_new_sql_ = "INSERT INTO " + std::string(name) + " (" + names + ") VALUES (" + values + ")";
    insert_sql_ = insert_new_sql_ + " ON CONFLICT (" + key_names + ") DO NOTHING";
  }

  // bind(Statement&) binds every column, in order.
  template <typename Bind>
  Change put(Bind&& bind) {
    if (!all_new_ && run(update_, update_sql_, bind)) return Change::updated;
    return run(insert_, all_new_ ? insert_new_sql_ : insert_sql_, bind) ? Change::inserted
                                                                        : Change::unchanged;
  }

  // Every row is new, and there need not be an index on the key.
  void assume_new(bool all_new) {
    all_new_ = all_new;
    insert_.reset();
  }

 private:
  template <typename Bind>
  bool run(std::optional<Statement>& statement, const std::string& sql, Bind& bind) {
    if (!statement) statement.emplace(db_->prepare(sql));
    bind(*statement);
    statement->run();
    return db_->changes() > 0;
  }

  Database* db_;
  std::string update_sql_, insert_sql_, insert_new_sql_;
  std::optional<Statement> update_, insert_;
  bool all_new_ = false;
};

}  // namespace jobmap::data
