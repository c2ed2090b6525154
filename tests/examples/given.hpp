#pragma once
// The examples in the headers take these names for granted (tests/check_examples compiles them), the same few everywhere,
// and stand-ins for what a caller would do. Nothing here is linked or run.
#include <boost/json.hpp>
#include <boost/program_options.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include "data/index/snapshot.hpp"
#include "data/store/sqlite.hpp"
#include "server/api/endpoint.hpp"
#include "server/encode/tile_city.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/parse/job_query.hpp"

namespace jobmap {
using namespace std::chrono_literals;
namespace po = boost::program_options;
}  // namespace jobmap

namespace jobmap::examples {

// Anything: what an example returns, and what a stand-in gives.
struct Anything {
  Anything();
  template <typename T>
  Anything(T&&);
  template <typename T>
  operator T() const;
};

struct StandIn {
  template <typename... T>
  Anything operator()(T&&...) const;
};

struct Given {
  const data::Snapshot& snapshot;
  const data::City& city;
  data::JobTable& table;
  data::Database& db;
  const query::JobQuery& query;
  query::Reader& reader;
  const api::Call& call;
  const api::Request& request;
  const geo::TileId& tile;
  std::string& body;
  std::string_view text;
  data::Row row;
  std::size_t i, w;
  StandIn use, say, refuse, write, take, relate;
};

}  // namespace jobmap::examples

// The sources of server/api have these using-declarations at their top.
namespace jobmap::api {
using encode::CityLayer;
using query::Reader;
using query::Result;
namespace json = boost::json;
}  // namespace jobmap::api
