// Lists in an order of properties, page by page, against a sort of the postings themselves.
#include "server/query/list/property_order.hpp"

#include <algorithm>
#include <map>

#include "server/query/list/evaluate.hpp"
#include "tests/query/oracle.hpp"

namespace jobmap::query {
namespace {

// A posting's value as it is sorted by.
SortValue value_of(const Posting& p, std::string_view property) {
  const auto number = [](const auto& v, double unit = 1) {
    return v ? SortValue(static_cast<double>(*v) / unit) : SortValue();
  };
  const auto name = [](const auto& v) {
    return v ? SortValue(static_cast<double>(static_cast<unsigned>(*v))) : SortValue();
  };
  if (property == "id") return p.source + ':' + p.id;
  const auto text = [](const std::string& t) {
    return t.empty() ? SortValue() : SortValue(t.substr(0, sort_bytes));
  };
  if (property == "title") return text(p.title);
  if (property == "employer") return text(p.employer);
  if (property == "openings") return static_cast<double>(p.openings);
  if (property == "pay_min") return number(p.pay_min, 100);
  if (property == "stipend") return number(p.stipend, 100);
  if (property == "published_at") return number(p.published_at);
  if (property == "expires_at") return static_cast<double>(p.expires_at);
  if (property == "education") return name(p.education);
  ADD_FAILURE() << property;
  return {};
}

constexpr std::string_view sorted_by[] = {"id",      "title",        "employer",   "openings", "pay_min",
                                          "stipend", "published_at", "expires_at", "education"};

TEST(PropertyOrder, IsThatOfASortOfThePostings) {
  constexpr unsigned seed = 23;
  SmallCity city(seed, 3000);
  std::map<std::string, const Posting*> by_id;
  for (const auto& p : city.postings) by_id[p.source + ':' + p.id] = &p;
  for (int round = 0; round < 40; ++round) {
    std::vector<std::pair<std::string_view, bool>> keys;
    std::string sortby;
    for (int n = 1 + city.pick(3); n > 0; --n) {
      const auto property = sorted_by[static_cast<std::size_t>(city.pick(std::size(sorted_by)))];
      if (sortby.find(property) != std::string::npos) continue;
      keys.emplace_back(property, city.pick(2) == 1);
      sortby += (sortby.empty() ? "" : ",") +
                std::string(keys.back().second ? "-"
                            : city.pick(2)     ? "%2B"
                                               : "") +
                std::string(property);
    }
    const std::string filter = round % 3 == 0   ? "category=gig"
                               : round % 3 == 1 ? "bbox=120,30,120.3,30.4"
                                                : "";
    SCOPED_TRACE("seed " + std::to_string(seed) + ": sortby=" + sortby + "&" + filter);
    const auto params = *Params::parse("limit=" + std::to_string(37 + round * 20) + "&sortby=" + sortby +
                                       (filter.empty() ? "" : "&" + filter));
    Reader r(params);
    auto q = parse_filter(r, *city.snapshot);
    parse_order(r, q);
    parse_listing(r, q, *city.snapshot);
    r.finish();
    ASSERT_FALSE(r.failed()) << r.error().parameter << ": " << r.error().message;

    std::vector<const Posting*> expected;
    for (const auto row : matching_rows(q, *city.snapshot, {0, city.snapshot->jobs->size}))
      expected.push_back(by_id.at(city.snapshot->jobs->public_id(row)));
    std::sort(expected.begin(), expected.end(), [&](const Posting* a, const Posting* b) {
      for (const auto& [property, descending] : keys) {
        const auto x = value_of(*a, property), y = value_of(*b, property);
        if (x == y) continue;
        if (x.index() != y.index()) return x.index() != 0;  // what has no value is last
        return descending ? y < x : x < y;
      }
      return a->source + ':' + a->id < b->source + ':' + b->id;
    });

    std::size_t at = 0;
    for (auto page = evaluate(q, *city.snapshot);;) {
      for (const auto& hit : page.hits) {
        ASSERT_LT(at, expected.size());
        ASSERT_EQ(city.snapshot->jobs->public_id(hit.row), expected[at]->source + ':' + expected[at]->id)
            << at;
        ++at;
      }
      if (page.next_cursor.empty()) break;
      q.after = read_cursor(page.next_cursor);
      ASSERT_TRUE(q.after);
      page = evaluate(q, *city.snapshot);
    }
    ASSERT_EQ(at, expected.size());
  }
}

TEST(PropertyOrder, RefusesWhatItCannotSortBy) {
  SmallCity city(1, 10);
  const std::pair<const char*, const char*> cases[] = {
      {"sortby=nothing", "sortby"},
      {"sortby=description", "sortby"},
      {"sortby=geometry", "sortby"},
      {"sortby=title,-title", "sortby"},
      {"sortby=", "sortby"},
      {"sortby=title&sort=newest", "sort"},
      {"sortby=title,id,openings,pay_min,stipend", "sortby"}};
  for (const auto& [text, parameter] : cases) {
    const auto params = *Params::parse(text);
    Reader r(params);
    auto q = parse_filter(r, *city.snapshot);
    parse_order(r, q);
    parse_listing(r, q, *city.snapshot);
    ASSERT_TRUE(r.failed()) << text;
    EXPECT_EQ(r.error().parameter, parameter) << text;
  }
}

TEST(SortValues, AreInACursorAsTheyWere) {
  const SortValues values{3.25, SortValue(), std::string("龙翔桥\0x", 11), -0.5, std::string()};
  EXPECT_EQ(read_values(write_values(values), values.size()), values);
  const auto cursor = read_cursor(write_cursor({7, 0, "synthetic:1", write_values(values)}));
  ASSERT_TRUE(cursor);
  EXPECT_EQ(cursor->id, "synthetic:1");
  EXPECT_EQ(read_values(cursor->values, values.size()), values);
  const auto bytes = write_values(values);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_FALSE(read_values(bytes.substr(0, n), values.size())) << n;
  EXPECT_FALSE(read_values(bytes + "0", values.size()));
}

}  // namespace
}  // namespace jobmap::query
