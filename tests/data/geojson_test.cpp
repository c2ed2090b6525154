#include <gtest/gtest.h>

#include "data/ingest/table/row.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

const LayerColumns points{{"id", "title", "pay", "lon", "lat"}, {}};
const LayerColumns areas{{"adcode"}, {}};

std::string collection(std::string_view features) {
  return "{\"type\": \"FeatureCollection\",\n\"features\": [\n" + std::string(features) + "\n]}\n";
}

SourceRow read_one(const RowSource& rows, std::size_t i = 0) {
  SourceRow row;
  rows.read(i, row);
  return row;
}

TEST(GeoJson, PropertiesAreColumnsAndAPointIsLonAndLat) {
  const auto rows =
      open_geojson(collection(R"({"type":"Feature","id":"a","properties":{"title":"\u96f6\u5de5","pay":22.5},
                     "geometry":{"type":"Point","coordinates":[120.16,30.25]}},
{"type":"Feature","properties":{"id":7,"title":null},"geometry":null})"),
                   points);
  ASSERT_EQ(rows->size(), 2u);
  const SourceRow first = read_one(*rows), second = read_one(*rows, 1);
  EXPECT_EQ(first.values, (std::vector<std::string_view>{"a", "零工", "22.5", "120.16", "30.25"}));
  EXPECT_EQ(first.line, 3u);
  EXPECT_EQ(second.values, (std::vector<std::string_view>{"7", "", "", "", ""}));
  EXPECT_EQ(second.line, 5u);
}

TEST(GeoJson, AWrongFeatureIsRefusedAlone) {
  const struct {
    const char *feature, *words;
  } cases[] = {
      {R"({"type":"Feature","properties":{"sex":"m"},"geometry":null})",
       "property 'sex' is not one of this layer's"},
      {R"({"type":"Feature","properties":{"lon":1},"geometry":null})", "belongs into the geometry"},
      {R"({"type":"Feature","properties":{"id":"a","id":"b"},"geometry":null})", "has the key 'id' twice"},
      {R"({"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1e400,1]}})",
       "too large"},
      {R"({"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":["1",1]}})",
       "two numbers"},
      {R"({"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}})",
       "is a Polygon"},
      {R"({"type":"Feature","properties":{"title":true},"geometry":null})", "neither a text nor a number"},
      {R"({"type":"Point"})", "is not a Feature"},
  };
  const std::string good = R"({"type":"Feature","properties":{"id":"ok"},"geometry":null})";
  for (const auto& c : cases) {
    const auto rows = open_geojson(collection(std::string(c.feature) + ",\n" + good), points);
    ASSERT_EQ(rows->size(), 2u) << c.feature;
    const SourceRow bad = read_one(*rows), next = read_one(*rows, 1);
    EXPECT_NE(bad.fault.find(c.words), std::string::npos) << bad.fault;
    EXPECT_EQ(bad.line, 3u);
    EXPECT_EQ(next.fault, "");
    EXPECT_EQ(next.values[0], "ok");
  }
}

TEST(GeoJson, AMemberThatIsNoObjectIsARefusedRow) {
  const auto rows = open_geojson(
      collection("null,\n1,\n2.5,\n-3,\ntrue,\n\"Feature\",\n[{\"type\":\"Feature\"}, 1],\n{}"), points);
  ASSERT_EQ(rows->size(), 8u);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_NE(read_one(*rows, i).fault.find("is not a Feature"), std::string::npos) << i;
    EXPECT_EQ(read_one(*rows, i).line, 3 + i);
  }
  EXPECT_EQ(read_one(*rows, 7).fault, "is not a Feature");
}

TEST(GeoJson, ReadsAreas) {
  const auto rows = open_geojson(
      collection(
          R"({"type":"Feature","properties":{"adcode":"1"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]]]}},
{"type":"Feature","properties":{"adcode":"2"},"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]]],[[[9,9],[8,8],[9,8],[9,9]]]]}},
{"type":"Feature","properties":{"adcode":"3"},"geometry":{"type":"MultiPolygon","coordinates":[[[0,0],[4,0]]]}})"),
      areas);
  ASSERT_EQ(rows->size(), 3u);
  const geo::Ring ring{{0, 0}, {4, 0}, {4, 4}, {0, 0}};
  EXPECT_EQ(std::get<geo::MultiPolygon>(*read_one(*rows).geometry), (geo::MultiPolygon{{ring}}));
  EXPECT_EQ(std::get<geo::MultiPolygon>(*read_one(*rows, 1).geometry).size(), 2u);
  EXPECT_NE(read_one(*rows, 2).fault, "") << "nested as a Polygon, called a MultiPolygon";
}

TEST(GeoJson, AFileThatIsNoneIsRefusedWithItsLine) {
  const auto words = [](std::string_view text) { return error_of([&] { open_geojson(text, points); }); };
  EXPECT_EQ(words("{\"type\":\n\"FeatureCollection\",\n oops}").substr(0, 18), "line 3 is not JSON");
  EXPECT_NE(words("{\"type\":\"FeatureCollection\",\"features\":[").find("is not JSON"), std::string::npos);
  EXPECT_NE(words("").find("is not JSON"), std::string::npos);
  EXPECT_NE(words("{\"type\":\"FeatureCollection\",\"features\":[NaN]}").find("is not JSON"),
            std::string::npos);
  EXPECT_NE(words(std::string(100, '[')).find("is not JSON"), std::string::npos) << "too deep";
  for (const char* text :
       {"[]", "{}", "{\"type\":\"Feature\",\"features\":[]}", "{\"type\":\"FeatureCollection\"}"})
    EXPECT_EQ(words(text), "the file is JSON, but not a GeoJSON FeatureCollection") << text;
}

}  // namespace
}  // namespace jobmap::data
