#include "server/http/seat.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace jobmap::http {
namespace {

TEST(Seats, AboveTheNumberAreGuests) {
  Seats seats(3, 100);
  std::vector<Seat> taken;
  for (std::uint64_t client = 0; client < 3 + Seats::reserve; ++client) {
    EXPECT_FALSE(seats.full());
    taken.push_back(seats.take(client).value());
    EXPECT_EQ(taken.back().guest(), client >= 3);
  }
  EXPECT_TRUE(seats.full());
  taken.clear();
  EXPECT_EQ(seats.taken(), 0u);
  EXPECT_FALSE(seats.take(1)->guest());
}

TEST(Seats, OneClientMayHaveItsShare) {
  Seats seats(100, 2);
  std::vector<Seat> taken;
  for (int i = 0; i < 4; ++i) {
    taken.push_back(seats.take(1).value());
    EXPECT_EQ(taken.back().guest(), i >= 2);
  }
  EXPECT_FALSE(seats.take(1));
  EXPECT_FALSE(seats.take(2)->guest()) << "others are not touched";
  for (int i = 0; i < 10; ++i) taken.push_back(seats.take(Seats::anybody).value());
  EXPECT_FALSE(taken.back().guest()) << "nor is a proxy";
  taken.clear();
  EXPECT_EQ(seats.taken(), 0u);
  EXPECT_FALSE(seats.take(1)->guest());
}

TEST(Seats, AGuestTakesASeatThatHasBecomeFree) {
  for (const auto& [most, share] : {std::pair{2, 100}, {100, 2}}) {
    Seats seats(static_cast<std::size_t>(most), static_cast<std::size_t>(share));
    std::vector<Seat> taken;
    for (int i = 0; i < 2; ++i) taken.push_back(seats.take(1).value());
    EXPECT_EQ(seats.at_share(1), share == 2);
    auto guest = seats.take(1).value(), other = seats.take(1).value();
    EXPECT_FALSE(guest.claim());
    EXPECT_TRUE(guest.guest());
    taken.pop_back();
    EXPECT_TRUE(guest.claim());
    EXPECT_FALSE(guest.guest());
    EXPECT_TRUE(guest.claim()) << "it has one";
    EXPECT_FALSE(other.claim());
    EXPECT_TRUE(taken.front().claim());
  }
}

}  // namespace
}  // namespace jobmap::http
