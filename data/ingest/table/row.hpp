#pragma once
// A row of an import file, whatever the format: the texts of a layer's columns, and where in the file it
// stands.
//
//   const LayerColumns jobs{{"id", "title"}, {"id"}};
//   std::unique_ptr<RowSource> rows = open_csv(text, jobs);       // or open_geojson
//   SourceRow row;
//   for (std::size_t i = 0; i < rows->size(); ++i) { rows->read(i, row); row.values[0]; }
//
// A source is read by index, from several threads at a time with a SourceRow each. A row that can't be read at all
// carries the reason in `fault`. A file that can't be read is a std::runtime_error of one sentence.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "geo/geometry.hpp"

namespace jobmap::data {

struct LayerColumns {
  std::vector<std::string_view> names;     // all that the layer knows
  std::vector<std::string_view> required;  // of a CSV header
};

// As read: in the datum of the file. Points are in the columns lon and lat.
using RowGeometry = std::variant<std::monostate, geo::MultiLineString, geo::MultiPolygon>;

struct SourceRow {
  std::uint64_t line = 0;                // where it begins, from 1
  std::vector<std::string_view> values;  // one a column of the layer; empty where absent
  std::string fault;
  const RowGeometry* geometry = nullptr;  // of GeoJSON
  std::string unquoted;                   // what some of the values are views into
};

class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::size_t size() const = 0;
  virtual void read(std::size_t index, SourceRow& row) const = 0;
};

// Both keep views into `text` (UTF-8), which must outlive the source.
std::unique_ptr<RowSource> open_csv(std::string_view text, const LayerColumns& columns);
std::unique_ptr<RowSource> open_geojson(std::string_view text, const LayerColumns& columns);

}  // namespace jobmap::data
