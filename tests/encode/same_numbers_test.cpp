// The numbers of a GeoJSON answer and of the same answer in protobuf are the same doubles: the JSON text is
// parsed by protobuf's own JSON reader, which rounds correctly, the message by its generated class.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <random>

#include "jobmap.pb.h"
#include "server/encode/coverage.hpp"
#include "server/encode/job_list.hpp"
#include "tests/query/street_city.hpp"

namespace jobmap::encode {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

Struct parsed(const std::string& json) {
  Struct object;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &object).ok());
  return object;
}
// A member, null where there is none.
const Value& at(const Struct& object, const std::string& name) {
  static const Value none;
  const auto it = object.fields().find(name);
  return it == object.fields().end() ? none : it->second;
}
const Struct& object(const Value& v) { return v.struct_value(); }
const auto& items(const Value& v) { return v.list_value().values(); }

// How many numbers were compared, so that a test that compares none fails.
class Compared {
 public:
  void equal(const Struct& object, const std::string& name, double value, bool present = true) {
    const auto& v = at(object, name);
    ASSERT_EQ(v.has_number_value(), present) << name;
    if (!present) return;
    ++count_;
    EXPECT_EQ(v.number_value(), value) << name << " is " << v.number_value() << " in JSON, "
                                       << std::setprecision(17) << value << " in protobuf";
  }
  void equal(const Value& json, double value) {
    ASSERT_TRUE(json.has_number_value());
    ++count_;
    EXPECT_EQ(json.number_value(), value) << std::setprecision(17) << value;
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

void same_line(Compared& c, const Struct& json, const v1::MetroMethod::Line& line) {
  c.equal(json, "speed_kmh", line.speed_kmh());
  c.equal(json, "headway_minutes", line.headway_minutes());
  c.equal(json, "track_factor", line.track_factor());
}

void same_method(Compared& c, const Struct& json, const v1::TravelMethod& m) {
  c.equal(json, "speed_kmh", m.speed_kmh());
  c.equal(json, "detour", m.detour());
  c.equal(json, "walk_speed_kmh", m.walk_speed_kmh(), m.has_walk_speed_kmh());
  c.equal(json, "station_reach_m", m.station_reach_m());
  c.equal(json, "circle_minutes", m.circle_minutes(), m.has_circle_minutes());
  c.equal(json, "circle_m", m.circle_m(), m.has_circle_m());
  c.equal(json, "off_street_m", m.off_street_m(), m.has_off_street_m());
  const auto& minutes = items(at(json, "minutes"));
  ASSERT_EQ(minutes.size(), m.minutes_size());
  for (int i = 0; i < minutes.size(); ++i) c.equal(minutes[i], m.minutes(i));
  if (!m.has_metro()) return;
  const auto& metro = object(at(json, "metro"));
  same_line(c, metro, m.metro().any_line());
  c.equal(metro, "access_minutes", m.metro().access_minutes());
  c.equal(metro, "egress_minutes", m.metro().egress_minutes());
  c.equal(metro, "transfer_minutes", m.metro().transfer_minutes());
  c.equal(metro, "walk_between_m", m.metro().walk_between_m());
  for (const auto& line : m.metro().lines())
    same_line(c, object(at(object(at(metro, "lines")), line.id())), line);
}

void same_place(Compared& c, const Struct& json, const v1::Nearby& near) {
  c.equal(json, "distance_m", near.distance_m());
  c.equal(json, "minutes", near.minutes(), near.has_minutes());
}

void same_job(Compared& c, const Struct& feature, const v1::Job& job) {
  const auto& point = items(at(object(at(feature, "geometry")), "coordinates"));
  ASSERT_EQ(point.size(), job.has_point() ? 2 : 0);
  if (job.has_point()) c.equal(point[0], job.point().x()), c.equal(point[1], job.point().y());
  const auto& p = object(at(feature, "properties"));
  c.equal(p, "pay_min", job.pay_min(), job.has_pay_min());
  c.equal(p, "pay_max", job.pay_max(), job.has_pay_max());
  c.equal(p, "stipend", job.stipend(), job.has_stipend());
  c.equal(p, "distance_m", job.distance_m(), job.has_distance_m());
  c.equal(p, "minutes", job.minutes(), job.has_minutes());
  const auto& legs = items(at(p, "legs"));
  ASSERT_EQ(legs.size(), job.legs_size());
  for (int i = 0; i < legs.size(); ++i) {
    c.equal(object(legs[i]), "minutes", job.legs(i).minutes());
    c.equal(object(legs[i]), "distance_m", job.legs(i).distance_m());
  }
  const auto& stations = items(at(p, "stations"));
  ASSERT_EQ(stations.size(), job.stations_size());
  for (int i = 0; i < stations.size(); ++i) same_place(c, object(stations[i]), job.stations(i));
  if (job.has_service_point()) same_place(c, object(at(p, "service_point")), job.service_point());
}

std::string random_query(test::SmallCity& city) {
  const auto crs = city.pick(6);
  const auto place = [&] {
    // Systems of degrees take these numbers as they are; those of metres take their points from elsewhere.
    return std::to_string(120.05 + 0.0001 * city.pick(2500)) + ',' +
           std::to_string(30.15 + 0.0001 * city.pick(1000));
  };
  static constexpr const char* systems[] = {"wgs84", "gcj02", "bd09", "EPSG:4490", "EPSG:3857", "EPSG:4549"};
  std::string q = "limit=60&explain=true&crs=" + std::string(systems[crs]);
  const auto number = [&](double from, double to) { return std::to_string(city.uniform(from, to)); };
  static constexpr const char* modes[] = {"walk", "bike", "metro"};
  switch (city.pick(crs > 3 ? 2 : 4)) {
    case 0:
      q += "&circle=service&circle_minutes=" + number(1, 60);
      break;
    case 1:
      q += "&line=" + std::to_string(1 + city.pick(2)) + "&radius=" + number(100, 9000);
      break;
    case 2:
      q += "&near=" + place() + "&radius=" + number(100, 9000);
      break;
    default:
      q += "&reach=" + place() + ';' + place() + "&minutes=" + number(20, 120) +
           "&mode=" + modes[city.pick(3)];
  }
  // Only what takes time has a speed.
  const bool timed = q.find("minutes") != std::string::npos;
  return timed ? q + "&detour=" + number(1, 2) + "&speed_kmh=" + number(3, 6) : q;
}

void compare_lists(test::SmallCity& city, int rounds) {
  const auto& s = *city.snapshot;
  Compared c;
  int answered = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto text = random_query(city);
    SCOPED_TRACE(text);
    const auto params = query::Params::parse(text);
    query::Reader r(*params);
    auto q = parse_filter(r, s);
    parse_listing(r, q, s);
    if (r.failed()) continue;  // a place off the streets
    ++answered;
    const auto page = evaluate(q, s);
    const JobList list{q, s, page, "/v1/jobs", ""};
    const auto json = parsed(list_geojson(list));
    v1::JobList message;
    ASSERT_TRUE(message.ParseFromString(list_pb(list)));
    same_method(c, object(at(json, "method")), message.method());
    const auto& features = items(at(json, "features"));
    ASSERT_EQ(features.size(), message.jobs_size());
    for (int i = 0; i < features.size(); ++i) same_job(c, object(features[i]), message.jobs(i));
    const auto& plan = items(at(object(at(json, "plan")), "predicates"));
    ASSERT_EQ(plan.size(), message.plan().predicates_size());
    for (int i = 0; i < plan.size(); ++i)
      if (const auto& p = object(plan[i]); at(p, "cost_us").has_number_value())
        c.equal(p, "cost_us", message.plan().predicates(i).cost_us());
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(answered, rounds / 2);
  EXPECT_GT(c.count(), 100 * rounds);
}

TEST(SameNumbers, OfListsByStraightLines) {
  test::SmallCity city(41, 2000);
  compare_lists(city, 120);
}

TEST(SameNumbers, OfListsAlongTheStreets) {
  test::StreetCity city(42, 1500);
  compare_lists(city, 120);
}

void same_measure(Compared& c, const Struct& json, const v1::Coverage::Measure& m) {
  c.equal(json, "total", m.total());
  c.equal(json, "covered", m.covered());
}

void same_row(Compared& c, const Struct& json, const v1::Coverage::Row& row) {
  for (const auto& m : row.measures()) same_measure(c, object(at(json, m.name())), m);
  same_measure(c, object(at(json, "openings_near_station")), row.near_station());
}

void same_circle(Compared& c, const Struct& json, const v1::Coverage::Circle& circle) {
  c.equal(json, "speed_kmh", circle.speed_kmh());
  c.equal(json, "detour", circle.detour());
  c.equal(json, "circle_m", circle.circle_m());
}

void compare_coverage(const test::SmallCity& city, const query::CoverageQuery& q) {
  const auto coverage = measure_coverage(q, *city.snapshot);
  const CoverageAnswer answer{q, *city.snapshot, coverage};
  const auto json = parsed(coverage_json(answer));
  v1::Coverage message;
  ASSERT_TRUE(message.ParseFromString(coverage_pb(answer)));
  Compared c;
  const auto& method = object(at(json, "method"));
  c.equal(method, "circle_minutes", message.circle_minutes());
  same_circle(c, method, message.circle());
  same_circle(c, object(at(method, "low")), message.low());
  same_circle(c, object(at(method, "high")), message.high());
  same_row(c, object(at(json, "all")), message.rows(0));
  const auto& rows = items(at(json, "rows"));
  ASSERT_EQ(rows.size() + 1, message.rows_size());
  for (int i = 0; i < rows.size(); ++i) same_row(c, object(rows[i]), message.rows(i + 1));
  const auto& gaps = items(at(json, "gaps"));
  ASSERT_EQ(gaps.size(), message.gaps_size());
  for (int i = 0; i < gaps.size(); ++i) {
    c.equal(object(gaps[i]), "area", message.gaps(i).area_m2());
    c.equal(object(gaps[i]), "population", message.gaps(i).population());
  }
  c.equal(json, "area_error_m2", message.area_error_m2(), message.has_area_error_m2());
  const auto& sides = items(at(method, "area_cell_m"));
  ASSERT_EQ(sides.size(), message.area_cell_m_size());
  for (int i = 0; i < sides.size(); ++i) c.equal(sides[i], message.area_cell_m(i));
  EXPECT_GT(c.count(), 90);
  EXPECT_GT(gaps.size(), 0);
}

TEST(SameNumbers, OfCoverage) {
  test::SmallCity plain(43, 1500);
  for (int i = 0; i < 500; ++i)
    plain.city->population.push_back({geo::to_e7(plain.place()), plain.uniform(0, 900)});
  test::StreetCity streets(44, 1500);
  streets.city->population = plain.city->population;
  streets.rebuild();
  plain.city->finish();
  for (const double minutes : {7.654321, 15.0}) {
    query::CoverageQuery q;
    q.circle_minutes = minutes;
    q.by_district = q.by_category = q.gaps = true;
    compare_coverage(plain, q), compare_coverage(streets, q);
  }
}

}  // namespace
}  // namespace jobmap::encode
