#pragma once
// Brings a database of an older schema to that of this program, one step a version, all in one transaction: afterwards
// it has every table, constraint and setting that a new one has, or it is as it was. It may be served meanwhile.
//
//   for (const auto& step : upgrade_steps(version)) say(step.from, step.what);     // what would be done
//   const std::int64_t version = upgrade_database("hangzhou.sqlite");              // the version it had
//
// Rows that a newer constraint forbids, and every failure of the database, are a DatabaseError.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "data/store/sqlite.hpp"

namespace jobmap::data {

struct UpgradeStep {
  std::int64_t from;  // to the version after it
  std::string_view what;
  void (*run)(Database&);
};

// The steps that a database of this version needs, in their order.
std::span<const UpgradeStep> upgrade_steps(std::int64_t version);
std::int64_t upgrade_database(const std::string& path);

}  // namespace jobmap::data
