// Numbers too coarse to be a place.
#include "server/api/coarse_numbers.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <limits>

#include "server/api/log.hpp"
#include "server/api/order.hpp"

namespace jobmap::api {
namespace {

TEST(CoarseNumbers, OneNumber) {
  EXPECT_EQ(coarse_number(120.15937), "120.16");
  EXPECT_EQ(coarse_number(-0.004), "0.00");
  EXPECT_EQ(coarse_number(-120.155), "-120.16");
  EXPECT_EQ(coarse_number(360), "360.00");
  EXPECT_EQ(coarse_number(499'999.9), "500000");
  EXPECT_EQ(coarse_number(-13376423.5), "-13376000");
  for (const double v :
       {1e300, -2e9, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(coarse_number(v), "-") << v;
}

TEST(CoarseNumbers, OfAText) {
  EXPECT_EQ(coarse_numbers("", Which::all), "");
  EXPECT_EQ(coarse_numbers("no number. at all", Which::all), "no number. at all");
  EXPECT_EQ(coarse_numbers("(120.15937 -30.25698)", Which::all), "(120.16 -30.26)");
  EXPECT_EQ(coarse_numbers("13376423 .5e3 1e999", Which::all), "13376000 1000 -");
  EXPECT_EQ(coarse_numbers("at 120.15937 30.25, row 12345", Which::precise), "at 120.16 30.25, row 12345");
  EXPECT_EQ(coarse_numbers("PIONT(13376423 3513579) > 12345 ", Which::planar),
            "PIONT(13376000 3514000) > 12345 ");
  EXPECT_EQ(coarse_numbers("120.15937 120.15 99999", Which::planar), "120.16 120.15 99999");
  EXPECT_EQ(coarse_numbers("1.2015937e2 1e 2.e 3.", Which::precise), "120.16 1e 2.e 3.");
}

// An exception's text may quote coordinates, as those of GEOS do.
TEST(CoarseNumbers, StandInTheReasonOfAFailure) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  Log log(file);
  log_failure(log, "id-1", "TopologyException: side location conflict at 120.15937012 30.25698034");
  std::rewind(file);
  std::string line(1000, '\0');
  line.resize(std::fread(line.data(), 1, line.size(), file));
  std::fclose(file);
  EXPECT_NE(line.find("side location conflict at 120.16 30.26"), line.npos) << line;
}

}  // namespace
}  // namespace jobmap::api
