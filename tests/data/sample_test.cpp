// The synthetic sample: the same for the same seed, complete, inside the city, and plausible in the large.
// What the importer says of it: tests/data/sample_import_test.cpp.
#include "data/ingest/sample/sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "data/ingest/sample/csv.hpp"
#include "geo/hilbert.hpp"
#include "geo/polygon_index.hpp"

namespace jobmap::data::sample {
namespace {

constexpr std::int64_t now = 1'795'000'000;  // November 2026
constexpr std::uint32_t number = 20'000;

const CityTables& tables() { return *find_city_tables("hangzhou"); }
const City& city() {
  static const City c = read_city(tables());
  return c;
}
const std::vector<Posting>& postings() {
  static const auto made = [] {
    const Sample sample(tables(), city(), {1, number, now});
    std::vector<Posting> all(number);
    for (std::uint32_t i = 0; i < number; ++i) sample.make(i, all[i]);
    return all;
  }();
  return made;
}
double share(auto&& predicate) {
  const auto& all = postings();
  return static_cast<double>(std::count_if(all.begin(), all.end(), predicate)) /
         static_cast<double>(all.size());
}

TEST(Sample, TheSameSeedGivesTheSameRowsInAnyOrder) {
  const Sample again(tables(), city(), {1, number, now});
  Posting posting;
  for (std::uint32_t i = number; i-- > 0;) {
    again.make(i, posting);
    ASSERT_EQ(posting, postings()[i]) << "posting " << i;
  }
  for (const auto layer : {SiteLayer::service_points, SiteLayer::venture_sites}) {
    const auto once = Sample(tables(), city(), {1, number, now}).sites(layer), twice = again.sites(layer);
    ASSERT_EQ(once.size(), twice.size());
    for (std::size_t i = 0; i < once.size(); ++i) {
      EXPECT_EQ(once[i].name, twice[i].name);
      EXPECT_EQ(once[i].at, twice[i].at);
      EXPECT_EQ(once[i].capacity, twice[i].capacity);
    }
  }
}

// A change of this figure changes everybody's sample: it must be meant.
TEST(Sample, TheRowsAreTheSameOnEveryMachine) {
  std::string text;
  for (const auto& posting : postings()) append_csv(posting, text);
  std::uint64_t hash = 0xCBF29CE484222325ull;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  EXPECT_EQ(hash, 14152635903294676466ull) << "of " << text.size() << " bytes";
}

TEST(Sample, AnotherSeedOrTimeGivesOtherRows) {
  const Sample other(tables(), city(), {2, number, now}), later(tables(), city(), {1, number, now + 1000});
  Posting posting;
  std::uint32_t same_place = 0;
  for (std::uint32_t i = 0; i < number; ++i) {
    other.make(i, posting);
    same_place += posting.point == postings()[i].point && posting.point;
    later.make(i, posting);
    ASSERT_EQ(posting.expires_at, postings()[i].expires_at + 1000);
    ASSERT_EQ(posting.title, postings()[i].title);
  }
  EXPECT_LT(same_place, 20u);
}

TEST(Sample, EveryFieldAndEveryEnumeratorOccurs) {
  std::set<std::string> seen;
  const auto see = [&](std::string_view what, bool is) {
    if (is) seen.insert(std::string(what));
  };
  for (const auto& p : postings()) {
    for (const auto& text : {p.source, p.id, p.title, p.description, p.employer, p.uscc, p.occupation,
                             p.industry, p.address, p.district, p.apply_url, p.contact})
      ASSERT_FALSE(text.empty()) << p.id;
    seen.insert("category " + std::string(name_of(p.category)));
    seen.insert("unit " + std::string(name_of(p.pay_unit)));
    seen.insert("settlement " + std::string(settlement_names[static_cast<std::size_t>(p.settlement)]));
    seen.insert("precision " + std::string(name_of(p.precision)));
    seen.insert("education " + (p.education ? std::string(name_of(*p.education)) : "unsaid"));
    seen.insert("industry " + p.industry);
    see("from", p.pay_min && !p.pay_max);
    see("no experience said", !p.experience);
    see("experience", p.experience > 0);
    for (std::size_t at = 0; (at = p.shifts.find('-', at)) != p.shifts.npos; ++at)
      see("shift past midnight", p.shifts.substr(at - 5, 5) > p.shifts.substr(at + 1, 5));
    see("two shifts", p.shifts.find(';') != p.shifts.npos);
  }
  EXPECT_EQ(seen.size(), 3u + 5u + 5u + 5u + 10u + 20u + 5u) << testing::PrintToString(seen);
}

TEST(Sample, FieldsOfOneCategoryStayThere) {
  std::set<std::string> ids, codes;
  std::map<std::string, std::string> employer_of_code;
  for (const auto& p : postings()) {
    ASSERT_TRUE(ids.insert(p.id).second);
    EXPECT_EQ(p.source, "synthetic");
    EXPECT_GE(p.openings, 1);
    EXPECT_EQ(p.settlement != Settlement::none, p.category == Category::gig);
    EXPECT_EQ(!p.shifts.empty(), p.category == Category::gig);
    EXPECT_EQ(p.months.has_value(), p.category == Category::internship);
    EXPECT_EQ(p.stipend.has_value(), p.category == Category::internship);
    EXPECT_TRUE(!p.months || (*p.months >= 3 && *p.months <= 12));
    EXPECT_EQ(p.pay_min.has_value(), p.pay_unit != PayUnit::none);
    EXPECT_TRUE(!p.pay_max || *p.pay_min <= *p.pay_max);
    EXPECT_GE(p.description.size(), 50u) << p.description;
    EXPECT_LE(p.description.size(), 220u) << p.description;
    EXPECT_TRUE(p.apply_url.starts_with("https://example.com/"));
    EXPECT_TRUE(p.contact.ends_with("@example.com"));
    const auto [entry, fresh] = employer_of_code.emplace(p.uscc, p.employer);
    EXPECT_EQ(entry->second, p.employer) << "one code, two employers";
  }
}

// The figures of docs/benchmarks.md are measured on texts of this length.
TEST(Sample, TheTextsOfAPostingComeToAbout290Bytes) {
  std::size_t bytes = 0;
  for (const auto& p : postings())
    for (const auto& text :
         {p.id, p.title, p.employer, p.description, p.uscc, p.address, p.apply_url, p.contact, p.shifts})
      bytes += text.size();
  EXPECT_NEAR(static_cast<double>(bytes) / number, 290, 10);
}

// Independent of make_uscc: the remainder of the whole, check digit included.
TEST(Sample, CreditCodesHaveTheirCheckDigits) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  std::set<char> last;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const auto code = make_uscc("330106", i * 197);
    ASSERT_EQ(code.size(), 18u);
    EXPECT_EQ(code.substr(0, 10), "91330106XY");
    std::size_t sum = 0, weight = 1;
    for (std::size_t k = 0; k < 18; ++k, weight = weight * 3 % 31) {
      ASSERT_NE(alphabet.find(code[k]), alphabet.npos);
      sum += alphabet.find(code[k]) * (k < 17 ? weight : 1);
    }
    EXPECT_EQ(sum % 31, 0u) << code;
    int body = code[16] == 'X' ? 10 : code[16] - '0';
    constexpr int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    for (std::size_t k = 0; k < 8; ++k)
      body += weights[k] * (code[8 + k] <= '9' ? code[8 + k] - '0' : code[8 + k] - 55);
    EXPECT_EQ(body % 11, 0) << code;
    last.insert(code[17]);
  }
  EXPECT_EQ(last.size(), 31u);
}

TEST(Sample, PointsLieInTheDistrictTheyNameAndOffTheWater) {
  const Profile profile = read_profile(tables(), city());
  std::map<std::string, geo::PolygonIndex> areas;
  std::map<std::string, std::string> names;
  for (const auto& d : city().districts) {
    areas.emplace(d.adcode, geo::PolygonIndex(d.geometry));
    names.emplace(d.adcode, d.name);
  }
  for (const auto& p : postings()) {
    ASSERT_TRUE(names.contains(p.district)) << p.district;
    EXPECT_TRUE(p.address.starts_with(names[p.district])) << p.address;
    ASSERT_EQ(p.point.has_value(), has_point(p.precision));
    if (!p.point) continue;
    const auto at = geo::to_e7(*p.point);
    EXPECT_TRUE(areas.at(p.district).contains(at)) << p.id << " in " << p.district;
    EXPECT_FALSE(profile.in_water(at)) << p.id;
  }
}

TEST(Sample, SharesAreAsDescribed) {
  EXPECT_NEAR(share([](const Posting& p) { return !has_point(p.precision); }), 0.18, 0.02);
  EXPECT_NEAR(share([](const Posting& p) { return p.expires_at <= now; }), 0.03, 0.005);
  EXPECT_NEAR(share([](const Posting& p) { return p.expires_at > now && p.expires_at <= now + 3600; }), 0.01,
              0.003);
  EXPECT_NEAR(share([](const Posting& p) { return p.expires_at > now && p.expires_at <= now + 86400; }), 0.04,
              0.006);
  EXPECT_GT(share([](const Posting& p) { return p.category == Category::full_time; }), 0.5);
  EXPECT_GT(share([](const Posting& p) { return p.category == Category::gig; }), 0.2);
  EXPECT_GT(share([](const Posting& p) { return p.category == Category::internship; }), 0.05);
  for (const auto& p : postings()) {
    ASSERT_TRUE(p.published_at);
    EXPECT_LE(*p.published_at, std::min(p.expires_at, now));
    EXPECT_GE(*p.published_at, now - 60 * 86400);
    EXPECT_LE(p.expires_at, now + 60 * 86400);
  }
}

TEST(Sample, IsDenseRoundStationsAndThinElsewhere) {
  const Profile profile = read_profile(tables(), city());
  std::uint32_t near_station = 0, located = 0;
  std::map<std::string, std::uint32_t> by_district;
  std::map<std::pair<std::int32_t, std::int32_t>, std::uint32_t> by_point;
  for (const auto& p : postings()) {
    ++by_district[p.district];
    if (!p.point) continue;
    const auto at = geo::to_e7(*p.point);
    ++located;
    ++by_point[{at.lon, at.lat}];
    near_station += std::any_of(city().stations.begin(), city().stations.end(),
                                [&](const Station& s) { return profile.squared_m(s.at, at) < 1000 * 1000; });
  }
  // A kilometre round the stations is less than a twentieth of the city's land.
  EXPECT_GT(near_station, located / 2);
  // 淳安 is thirty times as large as 上城.
  EXPECT_GT(by_district["330102"], 4 * by_district["330127"]);
  for (const auto& d : city().districts) EXPECT_GT(by_district[d.adcode], number / 250) << d.name;
  EXPECT_LT(by_point.size(), located * 2 / 3) << "buildings are shared";
  EXPECT_GT(by_point.size(), number / 20) << "but not by all";
}

// A map of industries shows that each quarter has its own.
TEST(Sample, QuartersDifferInWhatIsWorkedAtThere) {
  const Profile profile = read_profile(tables(), city());
  std::map<Kind, std::map<char, double>> shares;
  std::map<Kind, double> totals;
  for (const auto& p : postings())
    for (const auto& quarter : profile.quarters)
      if (p.point && profile.squared_m(quarter.at, geo::to_e7(*p.point)) < 500 * 500) {
        ++shares[quarter.kind][p.industry[0]];
        ++totals[quarter.kind];
      }
  const auto share_of = [&](Kind kind, char industry) { return shares[kind][industry] / totals[kind]; };
  EXPECT_GT(share_of(Kind::tech, 'I'), 3 * share_of(Kind::center, 'I'));
  EXPECT_GT(share_of(Kind::office, 'J'), 3 * share_of(Kind::industry, 'J'));
  EXPECT_GT(share_of(Kind::industry, 'C'), 3 * share_of(Kind::center, 'C'));
  EXPECT_GT(share_of(Kind::logistics, 'G'), 3 * share_of(Kind::tourism, 'G'));
  EXPECT_GT(share_of(Kind::tourism, 'H'), 2 * share_of(Kind::tech, 'H'));
}

TEST(Sample, HilbertOrderNamesEachPostingOnceAndRises) {
  const Sample sample(tables(), city(), {1, number, now});
  const auto order = sample.hilbert_order();
  EXPECT_EQ(std::set(order.begin(), order.end()).size(), number);
  std::uint64_t last = 0;
  for (const auto i : order) {
    const auto& point = postings()[i].point;
    const auto key = point ? geo::hilbert_key(geo::to_grid(geo::to_e7(*point))) : ~0ull;
    ASSERT_LE(last, key);
    last = key;
  }
}

TEST(Sample, SitesAreOfEachKindInTheirNumber) {
  const Sample sample(tables(), city(), {1, 1, now});
  std::map<std::string, std::uint32_t> kinds;
  std::set<std::string> ids;
  std::vector<geo::PolygonIndex> areas;
  for (const auto& d : city().districts) areas.emplace_back(d.geometry);
  for (const auto layer : {SiteLayer::service_points, SiteLayer::venture_sites})
    for (const auto& site : sample.sites(layer)) {
      ++kinds[site.kind];
      EXPECT_TRUE(ids.insert(site.id).second);
      EXPECT_EQ(site.source, "synthetic");
      EXPECT_FALSE(site.name.empty() || site.address.empty());
      EXPECT_GT(site.capacity.value_or(0), 0);
      EXPECT_TRUE(
          std::any_of(areas.begin(), areas.end(), [&](const auto& a) { return a.contains(site.at); }));
    }
  // The published figures.
  EXPECT_EQ(kinds["零工市场"], 33u);
  EXPECT_EQ(kinds["高校就业指导站"], 41u);
  EXPECT_EQ(kinds["高质量就业社区"], 100u);
  EXPECT_EQ(kinds["科技企业孵化器"] + kinds["众创空间"], 574u);
  for (const auto* kind : {"就业创业服务站", "就业之家", "就业驿站", "零工驿站"})
    EXPECT_GT(kinds[kind], 0u) << kind;
}

TEST(Sample, OneJobIsASampleToo) {
  const Sample sample(tables(), city(), {7, 1, now});
  Posting posting;
  sample.make(0, posting);
  EXPECT_EQ(posting.id, "1");
  EXPECT_EQ(sample.hilbert_order(), std::vector<std::uint32_t>{0});
}

TEST(SampleWords, EveryTradeIsWhole) {
  std::set<std::string_view> titles;
  for (const auto& trade : trades()) {
    EXPECT_TRUE(titles.insert(trade.title).second) << trade.title;
    EXPECT_EQ(trade.weights.size(), kind_count) << trade.title;
    EXPECT_EQ(trade.categories.size(), 3u) << trade.title;
    EXPECT_LT(trade.pay_low, trade.pay_high) << trade.title;
    EXPECT_TRUE(trade.industry == '*' || (trade.industry >= 'A' && trade.industry <= 'T')) << trade.title;
  }
  for (std::size_t k = 0; k < kind_count; ++k) {
    const auto sum = [&](bool generic) {
      std::uint32_t total = 0;
      for (const auto& trade : trades())
        if ((trade.industry == '*') == generic) total += weight_of(trade, static_cast<Kind>(k));
      return total;
    };
    EXPECT_GT(sum(true), 0u) << kind_names[k];
    EXPECT_GT(sum(false), 0u) << kind_names[k];
  }
}

TEST(SampleRandom, FollowsItsPublishedSequence) {
  // SplitMix64 started at 0: the first three of the reference implementation.
  std::uint64_t state = 0;
  const auto next = [&] { return mix(state += 0x9E3779B97F4A7C15ull); };
  EXPECT_EQ(next(), 0xE220A8397B1DCDAFull);
  EXPECT_EQ(next(), 0x6E789E6AA1B965F4ull);
  EXPECT_EQ(next(), 0x06C45D188009454Full);
}

TEST(SampleRandom, StaysInRange) {
  Random random(3, Stream::job, 4);
  std::set<std::int32_t> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LT(random.below(7), 7u);
    EXPECT_LT(random.skewed_below(7), 7u);
    seen.insert(random.between(-2, 2));
  }
  EXPECT_EQ(seen, (std::set<std::int32_t>{-2, -1, 0, 1, 2}));
  EXPECT_EQ(random.below(1), 0u);
}

}  // namespace
}  // namespace jobmap::data::sample
