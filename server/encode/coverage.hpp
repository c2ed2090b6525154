#pragma once
// Coverage as GeoJSON, as JSON without geometries, as CSV and as protobuf: the same content, with every
// assumption in it.
//
//   std::string body = coverage_geojson({query, snapshot, coverage});
//
// GeoJSON: `all` beside the features, then a feature a row, its district's outline as geometry, and one a
// gap. CSV: a line a row and measure, and the assumptions again in each line, so that no line loses them.
#include <array>
#include <string>

#include "server/encode/json_writer.hpp"
#include "server/query/service/coverage.hpp"

namespace jobmap::encode {

struct CoverageAnswer {
  const query::CoverageQuery& query;
  const data::Snapshot& snapshot;
  const query::Coverage& coverage;
};

std::string coverage_geojson(const CoverageAnswer& answer);
std::string coverage_json(const CoverageAnswer& answer);
std::string coverage_csv(const CoverageAnswer& answer);
std::string coverage_pb(const CoverageAnswer& answer);

// The sides in metres of the smallest and the largest cell that area along the streets is counted by.
std::array<double, 2> cell_sides(const data::Snapshot& snapshot);

// "method":{...}: speeds, detours and circles of the figure and of its band.
void write_coverage_method(JsonWriter& w, const query::CoverageQuery& query, const data::Snapshot& snapshot);

}  // namespace jobmap::encode
