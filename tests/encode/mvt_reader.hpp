#pragma once
// Reads a vector tile as its specification says, on top of the decoder generated from vector_tile.proto.
//
//   for (const auto& f : read_layer(body, "jobs")) f.properties.at("id"); f.parts[0].points[0];
//   read_tile(body).at("clusters");
//
// Whatever the specification forbids fails the test it is used in.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "data/model/utf8.hpp"
#include "server/encode/mvt.hpp"
#include "vector_tile.pb.h"

namespace jobmap::encode {

struct Part {  // a point, a line or a ring
  TilePath points;
  bool closed = false;
};

struct TileFeature {
  std::map<std::string, std::string> properties;  // numbers in decimal, true and false
  vector_tile::Tile::GeomType type = vector_tile::Tile::UNKNOWN;
  std::vector<Part> parts;
};

// Whether a command may follow another in a feature of that type; 0 is its beginning, or its end. Of a line
// or ring a MoveTo to one point, a LineTo, and of a ring a ClosePath; points are one MoveTo.
inline bool may_follow(vector_tile::Tile::GeomType type, std::uint32_t before, std::uint32_t id) {
  const std::uint32_t last = type == vector_tile::Tile::POINT        ? 1u
                             : type == vector_tile::Tile::LINESTRING ? 2u
                                                                     : 7u;
  if (id == 0) return before == last;
  if (id == 1) return before == 0 || (before == last && last != 1);
  return id <= last && ((id == 2 && before == 1) || (id == 7 && before == 2));
}

inline std::vector<Part> read_geometry(const vector_tile::Tile::Feature& feature) {
  std::vector<Part> parts;
  TilePoint pen;
  std::uint32_t before = 0;
  for (int i = 0; i < feature.geometry_size();) {
    const std::uint32_t header = feature.geometry(i++), id = header & 7, count = header >> 3;
    if (!may_follow(feature.type(), before, id) || count == 0 || (id == 7 && count != 1) ||
        (id == 1 && count != 1 && feature.type() != vector_tile::Tile::POINT) ||
        (id != 7 && 2 * std::int64_t{count} > feature.geometry_size() - i)) {
      ADD_FAILURE() << "command " << id << " x " << count << " after " << before << " in a feature of type "
                    << feature.type();
      return parts;
    }
    before = id;
    if (id == 7) {
      parts.back().closed = true;
      continue;
    }
    for (std::uint32_t k = 0; k < count; ++k) {
      const auto delta = [&] {
        const std::uint32_t v = feature.geometry(i++);
        return static_cast<std::int32_t>(v >> 1) ^ -static_cast<std::int32_t>(v & 1);
      };
      pen.x += delta();
      pen.y += delta();
      if (id == 1) parts.emplace_back();
      parts.back().points.push_back(pen);
    }
  }
  EXPECT_TRUE(may_follow(feature.type(), before, 0)) << "a feature ends after command " << before;
  return parts;
}

// The area by the surveyor's formula, positive where the ring is clockwise as seen.
inline double ring_area(const TilePath& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const TilePoint a = ring[i], b = ring[(i + 1) % ring.size()];
    sum += double(a.x) * b.y - double(b.x) * a.y;
  }
  return sum / 2;
}

inline void expect_valid(const TileFeature& f) {
  EXPECT_FALSE(f.parts.empty());
  const bool polygon = f.type == vector_tile::Tile::POLYGON;
  const std::size_t least = polygon ? 3 : f.type == vector_tile::Tile::LINESTRING ? 2 : 1;
  if (polygon) {
    EXPECT_GT(ring_area(f.parts.at(0).points), 0);
  }
  for (const Part& p : f.parts) {
    EXPECT_GE(p.points.size(), least);
    EXPECT_EQ(p.closed, polygon);
    for (std::size_t i = 1; i < p.points.size(); ++i) EXPECT_FALSE(p.points[i] == p.points[i - 1]);
    if (polygon) {
      EXPECT_NE(ring_area(p.points), 0);
      EXPECT_FALSE(p.points.front() == p.points.back());
    }
  }
}

inline std::string text_of(const vector_tile::Tile::Value& v) {
  if (v.has_string_value()) return v.string_value();
  if (v.has_bool_value()) return v.bool_value() ? "true" : "false";
  if (v.has_double_value()) return std::to_string(v.double_value());
  EXPECT_TRUE(v.has_uint_value()) << "a value of a type we don't write";
  return std::to_string(v.uint_value());
}

inline std::vector<TileFeature> read_features(const vector_tile::Tile::Layer& layer) {
  std::vector<TileFeature> features;
  EXPECT_EQ(layer.version(), 2u);
  EXPECT_EQ(layer.extent(), 4096u);
  EXPECT_GT(layer.features_size(), 0);
  EXPECT_TRUE(layer.unknown_fields().empty());
  const std::set<std::string> keys(layer.keys().begin(), layer.keys().end());
  EXPECT_EQ(keys.size(), static_cast<std::size_t>(layer.keys_size())) << layer.name() << " has a key twice";
  for (const auto& value : layer.values()) {
    EXPECT_EQ(
        value.has_string_value() + value.has_bool_value() + value.has_double_value() + value.has_uint_value(),
        1);
    EXPECT_TRUE(value.unknown_fields().empty());
    EXPECT_TRUE(data::is_valid_utf8(value.string_value()));
  }
  for (const auto& raw : layer.features()) {
    TileFeature f;
    f.type = raw.type();
    EXPECT_NE(f.type, vector_tile::Tile::UNKNOWN);
    EXPECT_TRUE(raw.unknown_fields().empty());
    f.parts = read_geometry(raw);
    EXPECT_EQ(raw.tags_size() % 2, 0);
    for (int i = 0; i + 1 < raw.tags_size(); i += 2) {
      const auto key = static_cast<int>(raw.tags(i)), value = static_cast<int>(raw.tags(i + 1));
      if (key >= layer.keys_size() || value >= layer.values_size()) {
        ADD_FAILURE() << "a tag outside the tables: " << key << ' ' << value;
        continue;
      }
      EXPECT_TRUE(f.properties.emplace(layer.keys(key), text_of(layer.values(value))).second);
    }
    expect_valid(f);
    features.push_back(std::move(f));
  }
  return features;
}

// The features of each layer of a tile; of an empty body none.
inline std::map<std::string, std::vector<TileFeature>> read_tile(const std::string& body) {
  std::map<std::string, std::vector<TileFeature>> layers;
  vector_tile::Tile tile;
  EXPECT_TRUE(tile.ParseFromString(body));
  EXPECT_TRUE(tile.unknown_fields().empty());
  for (const auto& layer : tile.layers())
    EXPECT_TRUE(layers.emplace(layer.name(), read_features(layer)).second) << layer.name() << " twice";
  return layers;
}

// The features of a tile that has this one layer; none where it is empty.
inline std::vector<TileFeature> read_layer(const std::string& body, const std::string& name) {
  auto layers = read_tile(body);
  EXPECT_LE(layers.size(), 1u);
  if (!body.empty()) {
    EXPECT_TRUE(layers.contains(name));
  }
  return std::move(layers[name]);
}

}  // namespace jobmap::encode
