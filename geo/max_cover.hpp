#pragma once
// Maximal covering location (Church and ReVelle 1974): which p of many candidates cover the most weight.
//
//   CoverProblem problem{weights, sets};                 // sets[c]: the elements candidate c covers
//   CoverChoice choice = choose_cover(problem, 10);      // choice.picks in order, each with its gain
//   choice.upper_bound;                                  // no choice of ten covers more
//
// Greedy, lazily (Minoux 1978): covers at least 1 - 1/e of the best (Nemhauser, Wolsey and Fisher 1978), and
// more where the bound says so. Then branch and bound on the same sets, within a number of
// words looked at: where it
// ends, the choice is the best there is (`exact`), else upper_bound - covered is a proven gap. Whole weights,
// so sums are exact and ties go to the lower index. Sets are runs of 64 elements as words.
#include <cstdint>
#include <vector>

namespace jobmap::geo {

struct CoverWord {
  std::uint32_t word = 0;      // elements 64 word to 64 word + 63
  std::uint64_t elements = 0;  // bits
};
using CoverSet = std::vector<CoverWord>;

struct CoverProblem {
  std::vector<std::uint32_t> weights;  // of each element; 0 for what is covered already
  std::vector<CoverSet> sets;
};

struct CoverPick {
  std::uint32_t candidate = 0;
  std::uint64_t gain = 0;  // of weight that no pick before it covers
};

struct CoverChoice {
  std::vector<CoverPick> picks;  // fewer than asked where nothing is left to gain
  std::uint64_t covered = 0;     // by all of them
  std::uint64_t greedy = 0;      // what the greedy choice covers
  std::uint64_t upper_bound = 0;
  bool exact = false;
};

CoverChoice choose_cover(const CoverProblem& problem, std::size_t picks, std::uint64_t max_work = 20'000'000);

}  // namespace jobmap::geo
