// Numbers and bytes by pointer, held against the standard library; buffers are of the exact size, so that a
// byte too many is seen by the sanitizer.
#include "server/encode/put.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace jobmap::encode {
namespace {

constexpr unsigned seed = 9000;

template <typename Write>
std::string written(Write&& write) {
  char buffer[64];
  return {buffer, write(buffer)};
}

// Writes whole and fraction as text and takes zeros off one by one.
std::string decimal(std::int64_t value, int decimals) {
  std::string digits = std::to_string(std::abs(value));
  digits.insert(0,
                digits.size() <= static_cast<std::size_t>(decimals)
                    ? static_cast<std::size_t>(decimals) + 1 - digits.size()
                    : 0,
                '0');
  digits.insert(digits.size() - static_cast<std::size_t>(decimals), ".");
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return (value < 0 ? "-" : "") + digits;
}

TEST(Put, NumbersAreThoseOfTheLibrary) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t v = random() >> random() % 64;
    ASSERT_EQ(written([&](char* at) { return put_number(at, v); }), std::to_string(v)) << "seed " << seed;
  }
  EXPECT_EQ(written([](char* at) { return put_number(at, 0); }), "0");
}

TEST(Put, DecimalsHaveNoTrailingZeros) {
  std::mt19937_64 random(seed + 1);
  for (int i = 0; i < 200'000; ++i) {
    auto v = static_cast<std::int64_t>(random() >> (12 + random() % 52));
    if (i % 3 == 0) v -= v % 1000;
    if (i % 2) v = -v;
    ASSERT_EQ(written([&](char* at) { return put_decimal<1>(at, v); }), decimal(v, 1));
    ASSERT_EQ(written([&](char* at) { return put_decimal<2>(at, v); }), decimal(v, 2));
    ASSERT_EQ(written([&](char* at) { return put_decimal<3>(at, v); }), decimal(v, 3));
    ASSERT_EQ(written([&](char* at) { return put_decimal<7>(at, v); }), decimal(v, 7));
  }
  EXPECT_EQ(written([](char* at) { return put_decimal<7>(at, 1'201'593'700); }), "120.15937");
  EXPECT_EQ(written([](char* at) { return put_decimal<7>(at, -1); }), "-0.0000001");
}

TEST(Put, RoundingIsToTheNearest) {
  std::mt19937_64 random(seed + 2);
  std::uniform_real_distribution<double> metres(-60'000, 60'000);
  for (int i = 0; i < 100'000; ++i) {
    const double v = metres(random);
    const auto text = written([&](char* at) { return put_rounded<2>(at, v); });
    double read = 0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    ASSERT_NEAR(read, v, 0.005 + 1e-9) << text;
    ASSERT_EQ(text, decimal(std::llround(v * 100), 2));
  }
}

TEST(Put, BytesOfEveryLengthAreCopiedAndNoneBeside) {
  for (std::size_t n = 0; n <= 600; ++n) {
    std::vector<char> from(n), to(n);
    for (std::size_t i = 0; i < n; ++i) from[i] = static_cast<char>('!' + i % 90);
    ASSERT_EQ(put_bytes(to.data(), {from.data(), n}), to.data() + n);
    ASSERT_EQ(from, to) << n;
  }
}

TEST(Put, ALiteralGoesWithoutItsEnd) {
  char buffer[5] = {'x', 'x', 'x', 'x', 'x'};
  EXPECT_EQ(put(buffer, "abcd"), buffer + 4);
  EXPECT_EQ(std::string(buffer, 5), "abcdx");
}

}  // namespace
}  // namespace jobmap::encode
