// Choices against trying every one.
#include "geo/max_cover.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace jobmap::geo {
namespace {

std::uint64_t covered(const CoverProblem& p, const std::vector<std::uint32_t>& picks) {
  std::vector<std::uint64_t> words((p.weights.size() + 63) / 64);
  for (const auto c : picks)
    for (const auto& [word, elements] : p.sets[c]) words[word] |= elements;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < p.weights.size(); ++i)
    if (words[i / 64] >> (i % 64) & 1) sum += p.weights[i];
  return sum;
}

std::uint64_t best(const CoverProblem& p, std::size_t picks) {
  std::uint64_t most = 0;
  std::vector<std::uint32_t> chosen;
  std::function<void(std::uint32_t)> tryall = [&](std::uint32_t from) {
    most = std::max(most, covered(p, chosen));
    if (chosen.size() == picks) return;
    for (auto c = from; c < p.sets.size(); ++c) {
      chosen.push_back(c);
      tryall(c + 1);
      chosen.pop_back();
    }
  };
  tryall(0);
  return most;
}

CoverProblem random_problem(std::mt19937_64& random) {
  CoverProblem p;
  const auto elements = 1 + random() % 200, sets = random() % 13;
  for (std::size_t i = 0; i < elements; ++i) p.weights.push_back(static_cast<std::uint32_t>(random() % 20));
  const auto share = 2 + random() % 10;
  for (std::size_t c = 0; c < sets; ++c) {
    std::vector<std::uint64_t> words((elements + 63) / 64);
    for (std::size_t i = 0; i < elements; ++i)
      if (random() % share == 0) words[i / 64] |= 1ull << (i % 64);
    CoverSet set;
    for (std::uint32_t w = 0; w < words.size(); ++w)
      if (words[w]) set.push_back({w, words[w]});
    p.sets.push_back(set);
  }
  return p;
}

TEST(MaxCover, IsTheBestOfAllAndGreedyIsNeverBelowItsBound) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  int worse = 0;
  for (int round = 0; round < 400; ++round) {
    const auto p = random_problem(random);
    const std::size_t picks = 1 + random() % 4;
    const auto choice = choose_cover(p, picks);
    const auto most = best(p, picks);
    ASSERT_TRUE(choice.exact);
    ASSERT_EQ(choice.covered, most);
    ASSERT_EQ(choice.upper_bound, most);
    ASSERT_GE(double(choice.greedy), (1 - std::exp(-1)) * double(most) - 1e-9);
    ASSERT_LE(choice.picks.size(), picks);
    std::vector<std::uint32_t> picked;
    std::uint64_t sum = 0;
    for (const auto& pick : choice.picks) {
      picked.push_back(pick.candidate), sum += pick.gain;
      ASSERT_EQ(sum, covered(p, picked)) << "each gain is what the pick adds";
    }
    ASSERT_EQ(sum, choice.covered);
    worse += choice.greedy < most;
  }
  EXPECT_GT(worse, 0) << "cases in which greedy is not the best must be among them";
}

TEST(MaxCover, WithoutTimeTheGapIsProven) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    const auto p = random_problem(random);
    const std::size_t picks = 1 + random() % 4;
    for (const std::uint64_t work : {0, 1, 40, 200}) {
      const auto choice = choose_cover(p, picks, work);
      const auto most = best(p, picks);
      EXPECT_GE(choice.upper_bound, most);
      EXPECT_LE(choice.covered, most);
      EXPECT_GE(choice.covered, choice.greedy);
      EXPECT_TRUE(!choice.exact || choice.covered == most);
    }
  }
}

TEST(MaxCover, NothingToGainIsNoPick) {
  EXPECT_TRUE(choose_cover({{0, 0}, {{{0, 3}}}}, 5).picks.empty());
  EXPECT_TRUE(choose_cover({{}, {}}, 5).exact);
  EXPECT_EQ(choose_cover({{7}, {{{0, 1}}, {{0, 1}}}}, 5).picks.size(), 1u);
}

}  // namespace
}  // namespace jobmap::geo
