#include "geo/max_cover.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <queue>

#include "geo/deadline.hpp"

namespace jobmap::geo {
namespace {

class Search {
 public:
  Search(const CoverProblem& problem, std::size_t picks, std::uint64_t max_work)
      : p_(problem),
        wanted_(picks),
        work_left_(static_cast<std::int64_t>(max_work)),
        left_((problem.weights.size() + 63) / 64, ~0ull) {}

  CoverChoice run() {
    CoverChoice choice;
    choice.picks = greedy();
    for (const auto& pick : choice.picks) choice.greedy += pick.gain;
    choice.covered = choice.greedy;
    choice.upper_bound = root_bound_;
    if (choice.covered < root_bound_) improve(choice);
    choice.exact = choice.exact || choice.covered == choice.upper_bound;
    return choice;
  }

 private:
  struct Candidate {
    std::uint64_t gain;
    std::uint32_t index;
    // The most first; ties by index.
    bool operator<(const Candidate& o) const { return gain != o.gain ? gain < o.gain : index > o.index; }
  };

  std::uint64_t gain_of(std::uint32_t candidate) const {
    check_deadline(1 + static_cast<unsigned>(p_.sets[candidate].size() / 32));
    std::uint64_t sum = 0;
    for (const auto& [word, elements] : p_.sets[candidate])
      for (auto m = elements & left_[word]; m; m &= m - 1)
        sum += p_.weights[std::size_t{word} * 64 + static_cast<unsigned>(std::countr_zero(m))];
    return sum;
  }
  // Takes what the candidate covers; gives back what was taken, to be put back.
  CoverSet take(std::uint32_t candidate) {
    CoverSet taken;
    for (const auto& [word, elements] : p_.sets[candidate])
      if (const auto m = elements & left_[word]) left_[word] &= ~m, taken.push_back({word, m});
    return taken;
  }
  void put_back(const CoverSet& taken) {
    for (const auto& [word, elements] : taken) left_[word] |= elements;
  }

  // A gain only falls as picks are made, so a candidate whose old gain is not the most need not be asked.
  // After each pick the gains then known bound the best: what is covered and the most that p more can add.
  std::vector<CoverPick> greedy() {
    std::priority_queue<Candidate> queue;
    for (std::uint32_t c = 0; c < p_.sets.size(); ++c)
      if (const auto gain = gain_of(c)) queue.push({gain, c}), all_.push_back({gain, c});
    std::sort(all_.rbegin(), all_.rend());
    root_bound_ = 0;
    for (std::size_t i = 0; i < std::min(wanted_, all_.size()); ++i) root_bound_ += all_[i].gain;
    std::vector<CoverPick> picks;
    std::uint64_t covered = 0;
    while (picks.size() < wanted_ && !queue.empty()) {
      auto top = queue.top();
      queue.pop();
      const auto gain = gain_of(top.index);
      if (gain == 0) continue;
      if (!queue.empty() && Candidate{gain, top.index} < queue.top()) {
        queue.push({gain, top.index});
        continue;
      }
      picks.push_back({top.index, gain});
      covered += gain;
      take(top.index);
      tighten(queue, covered);
    }
    std::fill(left_.begin(), left_.end(), ~0ull);
    return picks;
  }
  // Any p sites cover at most what is covered and the p largest gains beyond it (gains in the queue may be
  // stale, which only makes them larger).
  void tighten(std::priority_queue<Candidate> queue, std::uint64_t covered) {
    std::uint64_t bound = covered;
    for (std::size_t i = 0; i < wanted_ && !queue.empty(); ++i, queue.pop()) bound += queue.top().gain;
    root_bound_ = std::min(root_bound_, bound);
  }

  void improve(CoverChoice& choice) {
    best_ = choice.covered;
    std::vector<std::uint32_t> chosen;
    const bool finished = branch(all_, 0, chosen);
    if (!best_picks_.empty()) {
      choice.picks.clear();
      for (const auto c : best_picks_) choice.picks.push_back({c, gain_of(c)}), take(c);
      choice.covered = best_;
    }
    if (finished) choice.exact = true, choice.upper_bound = choice.covered;
  }

  // Candidates by falling gain as it was above; false where the work ran out.
  bool branch(const std::vector<Candidate>& above, std::uint64_t covered,
              std::vector<std::uint32_t>& chosen) {
    if (work_left_ <= 0) return false;
    const std::size_t more = wanted_ - chosen.size();
    if (more == 0) return true;
    std::vector<Candidate> now;
    for (const auto& c : above) {
      work_left_ -= static_cast<std::int64_t>(p_.sets[c.index].size()) + 1;
      if (const auto gain = gain_of(c.index)) now.push_back({gain, c.index});
    }
    std::sort(now.rbegin(), now.rend());
    for (std::size_t i = 0; i < now.size(); ++i) {
      std::uint64_t bound = covered;
      for (std::size_t k = i; k < std::min(i + more, now.size()); ++k) bound += now[k].gain;
      if (bound <= best_) return true;
      chosen.push_back(now[i].index);
      if (covered + now[i].gain > best_) best_ = covered + now[i].gain, best_picks_ = chosen;
      const auto taken = take(now[i].index);
      const std::vector<Candidate> rest(now.begin() + static_cast<std::ptrdiff_t>(i) + 1, now.end());
      const bool finished = branch(rest, covered + now[i].gain, chosen);
      put_back(taken);
      chosen.pop_back();
      if (!finished) return false;
    }
    return true;
  }

  const CoverProblem& p_;
  std::size_t wanted_;
  std::int64_t work_left_;           // words to look at while branching
  std::vector<std::uint64_t> left_;  // elements nobody has taken
  std::vector<Candidate> all_;
  std::uint64_t root_bound_ = 0, best_ = 0;
  std::vector<std::uint32_t> best_picks_;
};

}  // namespace

CoverChoice choose_cover(const CoverProblem& problem, std::size_t picks, std::uint64_t max_work) {
  return Search(problem, picks, max_work).run();
}

}  // namespace jobmap::geo
