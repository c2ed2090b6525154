#include "server/api/ogc/catalogue.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace jobmap::api::ogc {
namespace {

using encode::CityLayer;

constexpr std::array served_collections{
    Collection{"jobs", "Jobs", "Job postings: full-time, gigs and internships", std::nullopt, "jobs", 0},
    Collection{"stations", "Metro stations", "Metro stations", CityLayer::stations, "stations", 0},
    Collection{"lines", "Metro lines", "Metro lines, a line string a branch", CityLayer::lines, "lines", 1},
    Collection{"districts", "Districts", "Districts of the city", CityLayer::districts, "districts", 2},
    Collection{"service-points", "Service points", "Public employment service points",
               CityLayer::service_points, "service_points", 0},
    Collection{"venture-sites", "Venture sites", "Incubators and maker spaces", CityLayer::venture_sites,
               "venture_sites", 0},
};

}  // namespace

std::span<const Collection> collections() { return served_collections; }

query::Result<const Collection*> find_collection(std::string_view id) {
  const auto found = std::find_if(served_collections.begin(), served_collections.end(),
                                  [&](const Collection& c) { return c.id == id; });
  if (found != served_collections.end()) return &*found;
  std::string ids;
  for (const Collection& c : served_collections) ids.append(ids.empty() ? "" : ", ").append(c.id);
  return query::Error{query::Code::not_found, "There is no such collection.", "collectionId", std::string(id),
                      std::move(ids)};
}

}  // namespace jobmap::api::ogc
