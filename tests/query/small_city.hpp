#pragma once
// A made-up city with jobs, small enough for brute force: two square districts side by side, stations on a
// line through them, service points, and postings in clusters, some at one place, some without a point, some
// expired and some to be published later. It lies at 120 degrees east, or farther east by so many degrees: by
// 59.83 the border of its districts is the antimeridian.
//
//   SmallCity city(seed, 2000);
//   city.snapshot;  city.postings;     // the same jobs, once as columns and once as they were put in
//   // Longitudes where the city lies, and where it would lie at home.
//   city.away(120.1);  city.at_home(-179.9);
#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

#include "data/index/job_table_builder.hpp"
#include "tests/random_text.hpp"

namespace jobmap::test {

inline constexpr std::int64_t now = 1'790'000'000;

// Whether a posting is shown at a time, by the minute: published already, and not expired yet.
inline bool is_shown(const data::Posting& p, std::int64_t at = now) {
  return p.published_at.value_or(0) / 60 <= at / 60 && at / 60 < p.expires_at / 60;
}

struct SmallCity {
  std::vector<data::Posting> postings;  // in the order of "source:id"
  std::shared_ptr<data::City> city = std::make_shared<data::City>();
  std::shared_ptr<const data::Snapshot> snapshot;

  const double east;  // degrees

  explicit SmallCity(unsigned seed, int jobs, double farther_east = 0)
      : east(farther_east), random_(seed), words_(seed), addresses_(seed) {
    make_city();
    for (int i = 0; i < jobs; ++i) postings.push_back(posting(i));
    data::JobTableBuilder builder;
    for (const auto& p : postings) builder.add(p);
    std::sort(postings.begin(), postings.end(),
              [](const auto& a, const auto& b) { return a.source + ':' + a.id < b.source + ':' + b.id; });
    snapshot = data::make_snapshot(std::move(builder).build(*city), city, "0123456789abcdef", 1, now);
  }

  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  double uniform(double a, double b) { return std::uniform_real_distribution<double>(a, b)(random_); }
  geo::LonLat place() {
    // On a grid of 1e-7 degree already, so that both sides of the test mean the same point.
    const auto centre = pick(4);
    const double spread = pick(3) ? 0.004 : 0.05;
    const double lon = 120.1 + 0.05 * centre + uniform(-spread, spread);
    return geo::to_lonlat(geo::to_e7({away(lon), 30.2 + uniform(-spread, spread)}));
  }
  double away(double lon) const { return lon + east > 180 ? lon + east - 360 : lon + east; }
  double at_home(double lon) const {
    return std::round(((lon < 0 && east > 0 ? lon + 360 : lon) - east) * 1e7) / 1e7;
  }

 private:
  void make_city() {
    const auto square = [](double w, double e) {
      return geo::MultiPolygon{{{{w, 30.1}, {e, 30.1}, {e, 30.3}, {w, 30.3}, {w, 30.1}}}};
    };
    const double border = east > 0 ? -180 : 120.17;
    city->districts = {{"990001", "东区", square(away(120.0), east > 0 ? 180 : border)},
                       {"990002", "西区", square(border, away(120.4))}};
    for (std::uint16_t i = 0; i < 8; ++i)
      city->stations.push_back({"s" + std::to_string(i),
                                "站" + std::to_string(i),
                                "Stop " + std::to_string(i),
                                "zhan " + std::to_string(i),
                                "z" + std::to_string(i),
                                geo::to_e7({away(120.08 + 0.025 * i), 30.2}),
                                {}});
    city->lines = {{"1", "1号线", "#FF0000", {{0, 1, 2, 3, 4}}, {}},
                   {"2", "2号线", "#00FF00", {{4, 5, 6, 7}}, {}}};
    for (std::uint16_t l = 0; l < 2; ++l)
      for (const auto s : city->lines[l].branches[0]) city->stations[s].lines.push_back(l);
    for (int i = 0; i < 6; ++i)
      city->service_points.push_back(
          {"p" + std::to_string(i), "点", "就业驿站", "", "", "synthetic", {}, geo::to_e7(place())});
    city->finish();
  }

  data::Posting posting(int i) {
    data::Posting p;
    p.source = pick(2) ? "a" : "a-b";
    p.id = std::to_string(i * 7919 % 100003);
    p.title = !pick(10)      ? "C++ \"dev\"\
"
              : words_() % 3 ? random_text(words_)
                             : "工程师";
    p.employer = words_() % 2 ? "厂" : random_text(words_);
    p.description = random_text(words_);
    if (addresses_() % 3 == 0) p.address = random_text(addresses_);
    p.category = static_cast<data::Category>(pick(3));
    p.openings = 1 + pick(pick(20) ? 9 : 900);
    if (pick(4)) {
      p.pay_unit = static_cast<data::PayUnit>(1 + pick(4));
      p.pay_min = 100 * pick(200);
      if (pick(2)) p.pay_max = *p.pay_min + 50 * pick(100);
    }
    if (pick(3)) p.education = static_cast<data::Education>(pick(9));
    if (pick(3)) p.experience = pick(11);
    if (pick(3))
      p.occupation =
          std::to_string(1 + pick(4)) + "-0" + std::to_string(1 + pick(3)) + "-1" + std::to_string(pick(3));
    if (pick(3)) p.industry = std::string(1, static_cast<char>('A' + pick(20)));
    p.precision = static_cast<data::Precision>(pick(5));
    p.district = pick(2) ? "990001" : "990002";
    if (data::has_point(p.precision))
      p.point = i > 10 && pick(5) == 0 && postings.back().point ? *postings.back().point : place();
    if (pick(20)) p.published_at = now - 60 * pick(2000);
    p.expires_at = now + 60 * pick(3000) - 3000 + pick(60);
    if (i % 17 == 3) p.published_at = now + 60 * (i % 700) + i % 90;  // to come; some never live
    return p;
  }

  std::mt19937_64 random_;
  std::mt19937_64 words_, addresses_;  // apart, so that what is written changes nothing else
};

}  // namespace jobmap::test
