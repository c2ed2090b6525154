#pragma once
// The feature collections of /ogc, once for every page that speaks of them.
//
//   auto collection = find_collection("service-points");      // Result: not_found names the others
//   (*collection)->layer;                                     // where its data is; nothing for jobs
#include <optional>
#include <span>
#include <string_view>

#include "server/encode/tile_city.hpp"
#include "server/query/syntax/error.hpp"

namespace jobmap::api::ogc {

struct Collection {
  std::string_view id, title, description;
  std::optional<encode::CityLayer> layer;  // nothing for jobs
  std::string_view tile_layer;             // of /tiles
  int dimension;                           // of its geometry in tiles
};

std::span<const Collection> collections();
query::Result<const Collection*> find_collection(std::string_view id);

}  // namespace jobmap::api::ogc
