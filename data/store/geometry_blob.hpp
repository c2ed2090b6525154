#pragma once
// SpatiaLite's BLOB form of a geometry, written and read without SpatiaLite: points, lines and areas in WGS84
// (EPSG:4326), little-endian, XY. Format: "BLOB-Geometry" of the SpatiaLite documentation.
//
//   auto blob = encode_point({120.15937, 30.25698});      // 60 bytes
//   std::optional<geo::LonLat> p = decode_point(blob);
//
// The decoders are for files we don't trust: anything but a well-formed geometry of that very type, with
// finite coordinates on the globe, closed rings of four points or more and nothing behind it, is nothing.
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "geo/geometry.hpp"

namespace jobmap::data {

using Bytes = std::vector<std::byte>;
inline constexpr std::size_t point_blob_size = 60;

std::array<std::byte, point_blob_size> encode_point(geo::LonLat p);
Bytes encode_multilinestring(const geo::MultiLineString& lines);
Bytes encode_multipolygon(const geo::MultiPolygon& polygons);

std::optional<geo::LonLat> decode_point(std::span<const std::byte> blob);
std::optional<geo::MultiLineString> decode_multilinestring(std::span<const std::byte> blob);
std::optional<geo::MultiPolygon> decode_multipolygon(std::span<const std::byte> blob);

}  // namespace jobmap::data
