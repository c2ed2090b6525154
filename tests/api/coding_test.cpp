#include "server/api/coding.hpp"

#include <gtest/gtest.h>

#include "tests/api/unpack.hpp"

namespace jobmap::api {
namespace {

TEST(Coding, TheBestQualityIsChosenAndTiesByOurOrder) {
  struct Case {
    std::string_view list;
    Coding coding;
    bool must = false;
  };
  using enum Coding;
  for (const auto& c : {Case{"", identity},
                        {"gzip", gzip},
                        {"gzip, deflate, br", br},
                        {"gzip, deflate, br, zstd", zstd},
                        {"br;q=0.9, gzip;q=1", gzip},
                        {"zstd;q=0.1, br;q=0.2, gzip;q=0.3", gzip},
                        {"x-gzip", gzip},
                        {"GZIP", gzip},
                        {"*", gzip},
                        {"*;q=0.5", gzip},
                        {"br, *;q=0.1", br},
                        {"gzip, identity", gzip},
                        {"gzip;q=0.5, identity", identity},
                        {"identity;q=0.5, gzip", gzip},
                        {"identity", identity},
                        {"deflate", identity},
                        {"gzip;q=0", identity},
                        {"gzip;q=0, *", identity},
                        {"gzippy", identity},
                        {"gzip;q=x", identity},
                        {"gzip;q=x, br", br},
                        {"identity;q=0, gzip;q=0.001", gzip, true},
                        {"*;q=0, br", br, true},
                        {"*;q=0, identity", identity}}) {
    const auto choice = choose_coding(c.list);
    ASSERT_TRUE(choice) << c.list;
    EXPECT_EQ(*choice, (CodingChoice{c.coding, c.must})) << c.list;
  }
  for (auto none : {"identity;q=0", "*;q=0", "deflate, *;q=0", "identity;q=0, gzip;q=0"})
    EXPECT_FALSE(choose_coding(none)) << none;
}

TEST(Coding, PacksTheSameEachTimeAndUnpacksToTheText) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::to_string(i * i);
  for (Coding coding : {Coding::gzip, Coding::br, Coding::zstd})
    for (Effort effort : {Effort::fast, Effort::kept, Effort::smallest}) {
      const auto packed = compress(text, coding, effort);
      ASSERT_TRUE(packed);
      EXPECT_LT(packed->size(), text.size());
      EXPECT_EQ(unpack(*packed, coding), text);
      EXPECT_EQ(compress(text, coding, effort), packed);
    }
}

TEST(Coding, GrowsOnlyWhereItMust) {
  for (Coding coding : {Coding::gzip, Coding::br, Coding::zstd}) {
    EXPECT_FALSE(compress("a", coding, Effort::fast));
    const auto packed = compress("a", coding, Effort::fast, true);
    ASSERT_TRUE(packed);
    EXPECT_EQ(unpack(*packed, coding), "a");
  }
}

}  // namespace
}  // namespace jobmap::api
