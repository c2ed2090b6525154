#pragma once
// Reads a database into a snapshot.
//
//   auto snapshot = load_snapshot("hangzhou.sqlite", now);
//   if (read_data_version("hangzhou.sqlite") != snapshot->version()) use(snapshot);    // somebody has written to it
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>

#include "data/index/snapshot.hpp"

namespace jobmap::data {

// Throws std::runtime_error (one clear sentence) where the file is missing, empty, foreign or corrupt.
// Asked to stop, it throws LoadStopped at the next row or step.
std::shared_ptr<const Snapshot> load_snapshot(const std::string& path, std::int64_t now,
                                              std::stop_token stop = {});
struct LoadStopped : std::runtime_error {
  LoadStopped() : std::runtime_error("the load was stopped") {}
};
// The data version of the file now: cheap, for polling.
DataVersion read_data_version(const std::string& path);

}  // namespace jobmap::data
