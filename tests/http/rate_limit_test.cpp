#include "server/http/rate_limit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace jobmap::http {
namespace {

using Clock = RateLimit::Clock;
using std::chrono::milliseconds;

const Clock::time_point start = Clock::time_point{} + std::chrono::hours(1);

TEST(RateLimit, OffRefusesNobody) {
  RateLimit limit(0, 10);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(limit.take(1, start).count(), 0);
}

TEST(RateLimit, ABurstThenTheRate) {
  RateLimit limit(10, 5);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.take(1, start).count(), 0) << i;
  EXPECT_NEAR(limit.take(1, start).count(), 0.1, 1e-9);
  EXPECT_EQ(limit.take(2, start).count(), 0) << "another client pays for the first";
  EXPECT_NEAR(limit.take(1, start + milliseconds(60)).count(), 0.04, 1e-9);
  EXPECT_EQ(limit.take(1, start + milliseconds(101)).count(), 0);
  EXPECT_GT(limit.take(1, start + milliseconds(102)).count(), 0);
}

TEST(RateLimit, ARequestThatCostsNothingTakesTheLeast) {
  RateLimit limit(10, 1, 0.25);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(limit.take(1, start).count(), 0) << i;
  EXPECT_NEAR(limit.take(1, start).count(), 0.025, 1e-9);
}

TEST(RateLimit, WhatCostsMoreIsWaitedOff) {
  RateLimit limit(10, 5);
  EXPECT_EQ(limit.take(1, start).count(), 0);
  limit.charge(1, 24, start);
  EXPECT_NEAR(limit.take(1, start).count(), 2.1, 1e-9);
  EXPECT_EQ(limit.take(1, start + milliseconds(2101)).count(), 0);
}

// A model with a bucket for everybody, at times that also step back.
TEST(RateLimit, AgreesWithABucketForEverybody) {
  std::mt19937 random(11);
  RateLimit limit(50, 20);
  struct Model {
    double tokens = 20;
    Clock::time_point at = start;
  };
  std::map<std::uint64_t, Model> models;
  auto now = start;
  for (int i = 0; i < 20'000; ++i) {
    now += milliseconds(random() % 7);
    const std::uint64_t client = random() % 5;
    auto& m = models[client];
    m.tokens = std::min(20.0, m.tokens + std::chrono::duration<double>(now - m.at).count() * 50), m.at = now;
    const auto wait = limit.take(client, now).count();
    if (std::abs(m.tokens - 1) > 1e-6) EXPECT_EQ(wait == 0, m.tokens >= 1) << i;
    if (wait == 0) m.tokens -= 1;
    if (random() % 3 == 0) limit.charge(client, 0.5, now), m.tokens -= 0.5;
  }
}

// A flood of names leaves the table as large as it was, and a client that behaves is never refused.
TEST(RateLimit, AMillionNamesDoNotHurtAGoodClient) {
  RateLimit limit(100, 50);
  auto now = start;
  for (std::uint64_t name = 2; name < 1'000'000; ++name) {
    limit.take(name * 0x9E3779B97F4A7C15u, now);
    if (name % 1000 == 0) {
      now += milliseconds(20);
      EXPECT_EQ(limit.take(1, now).count(), 0);
    }
  }
}

// One who is deep in debt stays so among many who aren't.
TEST(RateLimit, NewcomersTakeThePlaceOfFullBuckets) {
  RateLimit limit(1, 10);
  limit.take(1, start);
  limit.charge(1, 1000, start);
  for (std::uint64_t name = 2; name < 500'000; ++name) limit.take(name, start + milliseconds(1));
  EXPECT_GT(limit.take(1, start + milliseconds(2)).count(), 900);
}

}  // namespace
}  // namespace jobmap::http
