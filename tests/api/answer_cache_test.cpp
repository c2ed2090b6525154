#include "server/api/answer_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

namespace jobmap::api {
namespace {

Kept answer(std::string body) {
  auto kept = std::make_shared<KeptAnswer>();
  kept->response.set_body(std::move(body));
  return kept;
}
std::string key(int i) { return "question " + std::to_string(i); }
const std::string& body_of(const Kept& kept) { return *kept->response.body; }

TEST(AnswerCache, FindsWhatItKeeps) {
  CacheCounters counters;
  AnswerCache cache(1 << 20, counters);
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.keep("a", answer("x"));
  cache.keep("a", answer("y"));
  ASSERT_NE(cache.find("a"), nullptr);
  EXPECT_EQ(body_of(cache.find("a")), "x") << "equal keys are equal bytes: the first stays";
  EXPECT_EQ(cache.find("ab"), nullptr);
  EXPECT_EQ(counters.entries, 1);
}

TEST(AnswerCache, StaysWithinItsBudgetAndGivesItAllBack) {
  CacheCounters counters;
  {
    constexpr std::size_t budget = 1 << 20;
    AnswerCache cache(budget, counters);
    std::mt19937 random(1);
    for (int i = 0; i < 5000; ++i) {
      cache.keep(key(i), answer(std::string(random() % 10'000, 'x')));
      ASSERT_LE(counters.bytes, static_cast<std::int64_t>(budget));
      if (random() % 2) cache.find(key(static_cast<int>(random() % 5000)));
    }
    EXPECT_GT(counters.bytes, static_cast<std::int64_t>(budget / 2));
    EXPECT_EQ(counters.evictions + static_cast<std::uint64_t>(counters.entries), 5000u);
  }
  EXPECT_EQ(counters.bytes, 0);
  EXPECT_EQ(counters.entries, 0);
}

TEST(AnswerCache, WhatIsTooLargeIsNotKept) {
  CacheCounters counters;
  AnswerCache cache(1 << 20, counters);
  cache.keep("a", answer(std::string(1 << 20, 'x')));
  EXPECT_EQ(cache.find("a"), nullptr);
  EXPECT_EQ(counters.bytes, 0);
}

TEST(AnswerCache, AFloodAskedOnceDoesNotPushOutWhatIsAskedAgain) {
  CacheCounters counters;
  AnswerCache cache(1 << 20, counters);
  for (int i = 0; i < 100; ++i) cache.keep(key(i), answer(std::string(2000, 'x')));
  for (int i = 0; i < 100; ++i) EXPECT_NE(cache.find(key(i)), nullptr);
  for (int i = 1000; i < 20'000; ++i) cache.keep(key(i), answer(std::string(2000, 'x')));
  for (int i = 0; i < 100; ++i) EXPECT_NE(cache.find(key(i)), nullptr) << i;
}

TEST(AnswerCache, RecallsARequestByAllOfItsBytes) {
  CacheCounters counters;
  AnswerCache cache(1 << 20, counters);
  const auto kept = answer("x");
  cache.keep("a", kept);
  cache.remember({"/tiles?x=1", "a/b", "gzip"}, kept, "no-cache");
  const auto hit = cache.recall({"/tiles?x=1", "a/b", "gzip"});
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->answer, kept);
  EXPECT_EQ(hit->cache_control, "no-cache");
  using Raw = AnswerCache::Raw;
  for (const auto& other :
       {Raw{"/tiles?x=", "1a/b", "gzip"}, Raw{"/tiles?x=1", "a/bg", "zip"}, Raw{"/tiles?x=1", "a/b", ""},
        Raw{"/tiles?x=1a/b", "", "gzip"}, Raw{"/tiles?x=1", "a/b", "gzip", "h"},
        Raw{"/tiles?x=1", "a/b", "gz", "ip"}, Raw{"", "", ""}})
    EXPECT_FALSE(cache.recall(other)) << other.target;
}

TEST(AnswerCache, ARecalledRequestKeepsNothingAlive) {
  CacheCounters counters;
  AnswerCache cache(1 << 20, counters);
  auto kept = answer("x");
  cache.remember({"/a", "", ""}, kept, "");
  EXPECT_TRUE(cache.recall({"/a", "", ""}));
  kept = nullptr;
  EXPECT_FALSE(cache.recall({"/a", "", ""}));
}

TEST(AnswerCache, OneFliesAndTheOthersWait) {
  CacheCounters counters;
  AnswerCache cache(1 << 20, counters);
  const auto lead = cache.board("a");
  EXPECT_TRUE(lead.first);
  EXPECT_TRUE(cache.board("b").first);
  const auto second = cache.board("a");
  EXPECT_FALSE(second.first);
  int told = 0;
  const auto tell = [&](const Outcome& outcome) {
    EXPECT_EQ(body_of(std::get<Kept>(outcome)), "x");
    ++told;
  };
  second.flight->wait(tell);
  EXPECT_EQ(told, 0);
  cache.land(lead.flight, answer("x"));
  EXPECT_EQ(told, 1);
  second.flight->wait(tell);  // too late to wait
  EXPECT_EQ(told, 2);
  EXPECT_TRUE(cache.board("a").first) << "a new flight";
}

// For ThreadSanitizer, and true everywhere: each asker gets the bytes of its own question.
TEST(AnswerCache, ServesManyThreads) {
  CacheCounters counters;
  AnswerCache cache(1 << 18, counters);
  std::atomic<int> wrong{0}, told{0};
  const auto ask = [&](unsigned seed) {
    std::mt19937 random(seed);
    for (int i = 0; i < 5000; ++i) {
      const auto k = key(static_cast<int>(random() % 200));
      const AnswerCache::Raw raw{k, "", ""};
      const auto right = [&](const Kept& kept) { return body_of(kept).starts_with(k + ";"); };
      if (const auto hit = cache.recall(raw)) {
        if (!right(hit->answer)) ++wrong;
      } else if (const auto kept = cache.find(k)) {
        if (!right(kept)) ++wrong;
        cache.remember(raw, kept, "");
      } else if (const auto flight = cache.board(k); flight.first) {
        const auto made = answer(k + ";" + std::string(random() % 3000, 'x'));
        cache.keep(k, made);
        cache.land(flight.flight, made);
      } else {
        flight.flight->wait([&told, &wrong, k](const Outcome& outcome) {
          ++told;
          if (!body_of(std::get<Kept>(outcome)).starts_with(k + ";")) ++wrong;
        });
      }
    }
  };
  std::vector<std::thread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed) threads.emplace_back(ask, seed);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace jobmap::api
