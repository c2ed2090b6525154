#pragma once
// Where and when a layer's data lies. Only jobs that are shown count, so an extent tells nothing of a posting
// before it is published.
//
//   auto box = extent_of(snapshot, CityLayer::stations);     // nothing: no data; nullopt for a layer: jobs
#include <optional>

#include "data/index/snapshot.hpp"
#include "server/encode/tile_city.hpp"
#include "server/query/parse/time_span.hpp"

namespace jobmap::api {

std::optional<geo::BoxE7> extent_of(const data::Snapshot& snapshot, std::optional<encode::CityLayer> layer);
std::optional<geo::BoxE7> extent_of_water(const data::Snapshot& snapshot);
// The extent of the city: that of its districts, else its jobs, else its water.
std::optional<geo::BoxE7> extent_of_city(const data::Snapshot& snapshot);
// From the first publication to the last expiry of the jobs shown; open where nothing is said.
query::TimeSpan lifetime_of_jobs(const data::Snapshot& snapshot);

}  // namespace jobmap::api
