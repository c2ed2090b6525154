#include "server/query/filter/expression_filter.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "geo/deadline.hpp"
#include "server/query/filter/expression_cost.hpp"
#include "server/query/filter/expression_ranges.hpp"
#include "server/query/parse/job_queryables.hpp"

namespace jobmap::query {

using cql2::Node;
using cql2::Truth;
using Decided = ExpressionFilter::Decided;

class ExpressionFilter::Condition {
 public:
  virtual ~Condition() = default;
  virtual Decided decide(std::size_t w, std::uint64_t candidates) const = 0;
  int cost = 1;  // the cheaper is asked first
};

namespace {

using Condition = ExpressionFilter::Condition;
using ConditionPtr = std::unique_ptr<Condition>;

// Asks one by one where few are left, since a whole word costs as much as some of its rows.
constexpr int few_candidates = 8;

template <typename Ask>  // ask(row) -> Truth
Decided one_by_one(std::size_t w, std::uint64_t candidates, Ask&& ask) {
  Decided d;
  for (auto m = candidates; m; m &= m - 1) {
    const auto bit = m & (~m + 1);
    const Truth t = ask(static_cast<data::Row>(w * 64 + static_cast<unsigned>(std::countr_zero(m))));
    if (t == Truth::yes) d.yes |= bit;
    if (t == Truth::no) d.no |= bit;
  }
  return d;
}

class Constant final : public Condition {
 public:
  explicit Constant(Truth value) : value_(value) { cost = 0; }
  Decided decide(std::size_t, std::uint64_t candidates) const override {
    return {value_ == Truth::yes ? candidates : 0, value_ == Truth::no ? candidates : 0};
  }

 private:
  Truth value_;
};

class Negation final : public Condition {
 public:
  explicit Negation(ConditionPtr of) : of_(std::move(of)) { cost = of_->cost; }
  Decided decide(std::size_t w, std::uint64_t candidates) const override {
    const auto d = of_->decide(w, candidates);
    return {d.no, d.yes};
  }

 private:
  ConditionPtr of_;
};

// AND and OR: a row that one member has settled meets no other.
class Chain final : public Condition {
 public:
  Chain(bool all, std::vector<ConditionPtr> members) : all_(all), members_(std::move(members)) {
    std::stable_sort(members_.begin(), members_.end(), [](auto& a, auto& b) { return a->cost < b->cost; });
    cost = 0;
    for (const auto& member : members_) cost += member->cost;
  }
  Decided decide(std::size_t w, std::uint64_t candidates) const override {
    // `settled`: false under AND, true under OR. `agreed`: so far every member says the other.
    std::uint64_t settled = 0, agreed = candidates;
    for (const auto& member : members_) {
      const auto left = candidates & ~settled;
      if (!left) break;
      const auto d = member->decide(w, left);
      settled |= all_ ? d.no : d.yes;
      agreed &= all_ ? d.yes : d.no;
    }
    return all_ ? Decided{agreed, settled} : Decided{settled, agreed};
  }

 private:
  bool all_;
  std::vector<ConditionPtr> members_;
};

// A condition on one property of few values: decided once for each of them.
template <typename T>
class Lookup final : public Condition {
 public:
  // truths[i] is of the value first + i.
  Lookup(const T* column, std::size_t size, int first, const std::vector<Truth>& truths)
      : column_(column), size_(size), first_(first) {
    for (const Truth t : truths) yes_.push_back(t == Truth::yes), no_.push_back(t == Truth::no);
  }
  Decided decide(std::size_t w, std::uint64_t candidates) const override {
    const auto at = [&](std::size_t row) { return static_cast<std::size_t>(column_[row] - first_); };
    if (std::popcount(candidates) <= few_candidates)
      return one_by_one(w, candidates, [&](data::Row row) {
        return yes_[at(row)] ? Truth::yes : no_[at(row)] ? Truth::no : Truth::unknown;
      });
    Decided d;
    const std::size_t begin = w * 64, n = std::min<std::size_t>(64, size_ - begin);
    for (std::size_t i = 0; i < n; ++i) {
      d.yes |= std::uint64_t{yes_[at(begin + i)]} << i;
      d.no |= std::uint64_t{no_[at(begin + i)]} << i;
    }
    return {d.yes & candidates, d.no & candidates};
  }

 private:
  const T* column_;
  std::size_t size_;
  int first_;
  std::vector<std::uint8_t> yes_, no_;
};

// The same where each value has a bitmap.
class Bitmaps final : public Condition {
 public:
  std::vector<const std::uint64_t*> yes, no;
  Decided decide(std::size_t w, std::uint64_t candidates) const override {
    Decided d;
    for (const auto* words : yes) d.yes |= words[w];
    for (const auto* words : no) d.no |= words[w];
    return {d.yes & candidates, d.no & candidates};
  }
};

// A number or a time in one of some ranges.
template <typename T>
class Ranges final : public Condition {
 public:
  Ranges(const T* column, std::size_t size, T least_known, const RangeSet& ranges)
      : column_(column),
        size_(size),
        least_known_(least_known),
        complement_(ranges.complement),
        ranges_(ranges, least_known) {
    cost = 2 + 4 * static_cast<int>(std::bit_width(ranges_.size() / few_ranges));
  }
  Decided decide(std::size_t w, std::uint64_t candidates) const override {
    Decided d;
    if (std::popcount(candidates) <= few_candidates) {
      d = one_by_one(w, candidates, [&](data::Row row) {
        const T v = column_[row];
        if (v < least_known_) return Truth::unknown;
        return ranges_.holds(v) ? Truth::yes : Truth::no;
      });
    } else {
      d.yes = whole_word(w) & candidates;
      d.no = known(w) & candidates & ~d.yes;
    }
    return complement_ ? Decided{d.no, d.yes} : d;
  }

 private:
  static constexpr std::size_t few_ranges = 8;  // compared one after the other, without a branch
  template <typename Holds>
  std::uint64_t bits(std::size_t w, Holds&& holds) const {
    const std::size_t begin = w * 64, n = std::min<std::size_t>(64, size_ - begin);
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < n; ++i) mask |= static_cast<std::uint64_t>(holds(column_[begin + i])) << i;
    return mask;
  }
  std::uint64_t whole_word(std::size_t w) const {
    if (ranges_.size() > few_ranges) return bits(w, [&](T v) { return ranges_.holds(v); });
    std::uint64_t mask = 0;
    for (const auto& r : ranges_) mask |= bits(w, [&](T v) { return (v >= r.low) & (v <= r.high); });
    return mask;
  }
  std::uint64_t known(std::size_t w) const {
    return bits(w, [&](T v) { return v >= least_known_; });
  }

  const T* column_;
  std::size_t size_;
  T least_known_;  // less is null
  bool complement_;
  SortedRanges<T> ranges_;
};

// A place: by the boxes of nodes of 256 rows and leaves of 16 first.
class Located final : public Condition {
 public:
  Located(const Node& node, const data::JobTable& table) : node_(node), t_(table) { cost = 10; }
  Decided decide(std::size_t w, std::uint64_t candidates) const override {
    candidates &= data::word_mask(w, 0, t_.located);
    if (!candidates) return {};
    const bool negative = node_.spatial == cql2::Spatial::disjoint;
    const auto relation =
        t_.tree.levels() > 1 ? node_.region->relate(t_.tree.nodes(1)[w * 64 / 256]) : geo::Relation::partly;
    std::uint64_t yes = 0;
    if (relation == geo::Relation::inside)
      yes = candidates;
    else if (relation == geo::Relation::partly)
      for (unsigned leaf = 0; leaf < 4; ++leaf)
        yes |= in_leaf(w, candidates & 0xFFFFull << (16 * leaf), leaf);
    const std::uint64_t no = candidates & ~yes;
    return negative ? Decided{no, yes} : Decided{yes, no};
  }

 private:
  // The candidates that S_INTERSECTS or S_WITHIN holds for.
  std::uint64_t in_leaf(std::size_t w, std::uint64_t candidates, unsigned leaf) const {
    if (!candidates) return 0;
    const auto relation = node_.region->relate(t_.tree.nodes(0)[w * 4 + leaf]);
    if (relation == geo::Relation::inside) return candidates;
    if (relation == geo::Relation::outside) return 0;
    const auto how =
        node_.spatial == cql2::Spatial::within ? cql2::Spatial::within : cql2::Spatial::intersects;
    return one_by_one(w, candidates,
                      [&](data::Row row) { return cql2::relates(t_.tree.point(row), how, *node_.region); })
        .yes;
  }

  const Node& node_;
  const data::JobTable& t_;
};

// Whatever else: the expression itself, row by row.
class Rows final : public Condition {
 public:
  Rows(const Node& node, const data::Snapshot& snapshot) : node_(node), s_(snapshot) { cost = 1000; }
  Decided decide(std::size_t w, std::uint64_t candidates) const override {
    for (auto m = candidates; m; m &= m - 1)
      __builtin_prefetch(
          s_.jobs->record(static_cast<data::Row>(w * 64 + static_cast<unsigned>(std::countr_zero(m)))));
    return one_by_one(w, candidates,
                      [&](data::Row row) { return cql2::evaluate(node_, JobProperties(s_, row)); });
  }

 private:
  const Node& node_;
  const data::Snapshot& s_;
};

// Stands for a feature with one property.
class One final : public cql2::Properties {
 public:
  explicit One(cql2::Value value) : value_(value) {}
  cql2::Value get(int) const override { return value_; }
  Truth relates(int, cql2::Spatial, const cql2::Region&) const override { return Truth::unknown; }

 private:
  cql2::Value value_;
};

class Compiler {
 public:
  explicit Compiler(const data::Snapshot& snapshot) : s_(snapshot), t_(*snapshot.jobs) {}

  ConditionPtr compile(const Node& node) const {
    switch (node.kind) {
      case Node::Kind::all_of:
      case Node::Kind::any_of: {
        std::vector<ConditionPtr> members;
        for (const Node& child : node.children) members.push_back(compile(child));
        return std::make_unique<Chain>(node.kind == Node::Kind::all_of, std::move(members));
      }
      case Node::Kind::negation:
        return std::make_unique<Negation>(compile(node.children[0]));
      case Node::Kind::spatial:
        return std::make_unique<Located>(node, t_);
      default:
        return leaf(node);
    }
  }

 private:
  ConditionPtr leaf(const Node& node) const {
    if (needs_rows(node, t_)) return std::make_unique<Rows>(node, s_);
    const int property = property_of(node);
    if (property == no_property) return std::make_unique<Constant>(evaluate(node, One({})));
    const auto named = static_cast<JobProperty>(property);
    if (const auto* column = byte_column(t_, named)) return of_bytes(node, named, column);
    if (named == JobProperty::occupation) {
      std::vector<Truth> truths{evaluate(node, One({}))};
      for (const auto& code : t_.occupations) truths.push_back(evaluate(node, One(std::string_view(code))));
      return std::make_unique<Lookup<std::int32_t>>(t_.occupation.data(), t_.size, data::no_value, truths);
    }
    const auto ranges = ranges_of(node, whole_numbers(t_, named).value_or(WholeNumbers{}).per_unit);
    assert(ranges);
    if (const auto numbers = whole_numbers(t_, named))
      return std::make_unique<Ranges<std::int32_t>>(numbers->column, t_.size, 0, *ranges);
    if (named == JobProperty::published_at)
      return std::make_unique<Ranges<std::uint32_t>>(t_.published.data(), t_.size, 1u, *ranges);
    return std::make_unique<Ranges<std::uint32_t>>(t_.expires.data(), t_.size, 1u, *ranges);
  }

  ConditionPtr of_bytes(const Node& node, JobProperty property, const std::uint8_t* column) const {
    std::vector<Truth> truths;
    for (unsigned byte = 0; byte < 256; ++byte)
      truths.push_back(evaluate(node, One(byte_value(s_, property, static_cast<std::uint8_t>(byte)))));
    const auto bitmaps = bitmaps_of(property);
    if (bitmaps.empty() || truths[255] != Truth::unknown)
      return std::make_unique<Lookup<std::uint8_t>>(column, t_.size, 0, truths);
    auto condition = std::make_unique<Bitmaps>();
    for (std::size_t i = 0; i < bitmaps.size(); ++i) {
      if (truths[i] == Truth::yes) condition->yes.push_back(bitmaps[i].words().data());
      if (truths[i] == Truth::no) condition->no.push_back(bitmaps[i].words().data());
    }
    return condition;
  }

  // Some properties have a bitmap for each value but null.
  std::span<const data::RowSet> bitmaps_of(JobProperty property) const {
    if (property == JobProperty::category) return t_.is_category;
    if (property == JobProperty::pay_unit) return t_.is_pay_unit;
    if (property == JobProperty::district) return t_.in_district;
    if (property == JobProperty::industry) return t_.in_industry;
    return {};
  }

  const data::Snapshot& s_;
  const data::JobTable& t_;
};

// A row's text has a cost of 1000 and takes a seventh of a microsecond.
constexpr std::int64_t cost_of_a_step = 7000;

}  // namespace

ExpressionFilter::ExpressionFilter(const cql2::Expression& expression, const data::Snapshot& snapshot)
    : root_(Compiler(snapshot).compile(expression.root)) {}

ExpressionFilter::~ExpressionFilter() = default;

std::uint64_t ExpressionFilter::word(std::size_t w, std::uint64_t candidates) const {
  const auto cost = std::int64_t{root_->cost} * std::popcount(candidates);
  if (cost >= cost_of_a_step) geo::check_deadline(static_cast<unsigned>(cost / cost_of_a_step));
  return root_->decide(w, candidates).yes;
}

}  // namespace jobmap::query
