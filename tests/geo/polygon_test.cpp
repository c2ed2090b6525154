#include "geo/polygon.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

namespace jobmap::geo {
namespace {

const Ring square{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}};
const Ring hole{{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}};

Ring star(std::size_t n) {
  Ring ring;
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = 2 * M_PI * static_cast<double>(i) / static_cast<double>(n), r = i % 2 ? 1 : 2;
    ring.push_back({r * std::cos(angle), r * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return ring;
}

TEST(Polygon, ValidAreas) {
  EXPECT_EQ(invalid_reason({{square}}), std::nullopt);
  EXPECT_EQ(invalid_reason({{square, hole}}), std::nullopt);
  EXPECT_EQ(invalid_reason({{square}, {{{5, 5}, {6, 5}, {6, 6}, {5, 5}}}}), std::nullopt);
}

TEST(Polygon, SaysWhyAndWhereAnAreaIsInvalid) {
  const auto bow = invalid_reason({{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}});
  ASSERT_TRUE(bow);
  EXPECT_EQ(*bow, "Self-intersection at 2.0000000, 2.0000000.");
  const auto outside = invalid_reason({{square, {{5, 5}, {6, 5}, {6, 6}, {5, 5}}}});
  ASSERT_TRUE(outside);
  EXPECT_NE(outside->find("Hole lies outside shell"), std::string::npos) << *outside;
}

TEST(Polygon, StructureIsCheckedBeforeGeosSeesIt) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto error = [](const MultiPolygon& area) { return structure_error(area).value_or("fine"); };
  EXPECT_EQ(error({}), "The area has no polygon.");
  EXPECT_EQ(error({{}}), "A polygon has no ring.");
  EXPECT_EQ(error({{{{0, 0}, {1, 0}, {0, 0}}}}), "A ring has fewer than four points.");
  EXPECT_EQ(error({{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}}),
            "A ring is not closed: it begins at 0.0000000, 0.0000000.");
  for (LonLat bad : {LonLat{nan, 0}, {0, inf}, {181, 0}, {0, -90.5}})
    EXPECT_NE(error({{{{0, 0}, bad, {1, 1}, {0, 0}}}}).find("not a longitude and latitude"),
              std::string::npos);
  EXPECT_EQ(error({{star(10'000)}}), "The area has 10001 vertices, at most 10000 are allowed.");
  EXPECT_EQ(error({{star(9'999)}}), "fine");
  EXPECT_EQ(structure_error({{star(10'000)}}, import_limits), std::nullopt);
  EXPECT_EQ(error({Polygon(65, square)}), "The area has 65 rings, at most 64 are allowed.");
  EXPECT_THROW(PreparedPolygon({{{{0, 0}, {nan, 0}, {1, 1}, {0, 0}}}}), std::invalid_argument);
}

TEST(Polygon, PreparedCoversIsClosed) {
  PreparedPolygon area({{square, hole}});
  EXPECT_TRUE(area.covers({3, 3}));
  EXPECT_TRUE(area.covers({0, 2}));    // an edge
  EXPECT_TRUE(area.covers({4, 4}));    // a vertex
  EXPECT_TRUE(area.covers({1, 1.5}));  // the edge of the hole
  EXPECT_FALSE(area.covers({1.5, 1.5}));
  EXPECT_FALSE(area.covers({4.0000001, 2}));
  PreparedPolygon moved = std::move(area);
  EXPECT_TRUE(moved.covers({3, 3}));
}

TEST(Polygon, EveryThreadHasItsOwnContext) {
  std::thread([] { EXPECT_TRUE(invalid_reason({{{{0, 0}, {4, 4}, {4, 0}, {0, 4}, {0, 0}}}})); }).join();
  EXPECT_EQ(invalid_reason({{square}}), std::nullopt);
}

}  // namespace
}  // namespace jobmap::geo
