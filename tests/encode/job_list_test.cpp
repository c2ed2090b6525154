// GeoJSON and protobuf are the same content: the JSON read by Boost.JSON, the protobuf by its generated
// decoder. That their numbers are equal to the last bit is same_numbers_test's.
#include "server/encode/job_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <ctime>
#include <map>

#include "data/model/time.hpp"
#include "jobmap.pb.h"
#include "tests/query/street_city.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::encode {
namespace {

namespace json = boost::json;

struct Answer {
  query::JobQuery query;
  query::Page page;
  json::object list;
  v1::JobList message;
};

Answer ask(const std::string& text, const data::Snapshot& s) {
  const auto params = query::Params::parse(text);
  query::Reader r(*params);
  Answer a;
  a.query = parse_filter(r, s);
  parse_listing(r, a.query, s);
  r.finish();
  EXPECT_FALSE(r.failed()) << text << ": " << r.error().message;
  a.page = evaluate(a.query, s);
  const JobList list{a.query, s, a.page, "/v1/jobs?a=\"b\"", "/v1/jobs?next"};
  a.list = json::parse(list_geojson(list)).as_object();
  EXPECT_TRUE(a.message.ParseFromString(list_pb(list))) << text;
  return a;
}

double number(const json::value& v) { return v.to_number<double>(); }
std::string text(const json::object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  return v ? std::string(v->as_string()) : "";
}

// The properties that are texts, and the protobuf fields that hold them.
void expect_texts(const json::object& p, const v1::Job& job) {
  EXPECT_EQ(text(p, "source"), job.source());
  EXPECT_EQ(text(p, "title"), job.title());
  EXPECT_EQ(text(p, "description"), job.description());
  EXPECT_EQ(text(p, "employer"), job.employer());
  EXPECT_EQ(text(p, "uscc"), job.uscc());
  EXPECT_EQ(text(p, "pay_unit"), job.pay_unit());
  EXPECT_EQ(text(p, "settlement"), job.settlement());
  EXPECT_EQ(text(p, "shifts"), job.shifts());
  EXPECT_EQ(text(p, "education"), job.education());
  EXPECT_EQ(text(p, "occupation"), job.occupation());
  EXPECT_EQ(text(p, "industry"), job.industry());
  EXPECT_EQ(text(p, "address"), job.address());
  EXPECT_EQ(text(p, "district"), job.district());
  EXPECT_EQ(text(p, "precision"), job.precision());
  EXPECT_EQ(text(p, "apply_url"), job.apply_url());
  EXPECT_EQ(text(p, "contact"), job.contact());
}

void expect_number(const json::object& p, std::string_view name, bool present, double value, double within) {
  const auto* v = p.if_contains(name);
  ASSERT_EQ(v != nullptr, present) << name;
  if (v) {
    EXPECT_NEAR(number(*v), value, within) << name;
  }
}

void expect_near(const json::object& place, const v1::Nearby& near) {
  EXPECT_EQ(text(place, "id"), near.id());
  EXPECT_EQ(text(place, "name"), near.name());
  EXPECT_NEAR(number(place.at("distance_m")), near.distance_m(), 1e-9);
  ASSERT_EQ(place.at("minutes").is_null(), !near.has_minutes());
  if (near.has_minutes()) {
    EXPECT_NEAR(number(place.at("minutes")), near.minutes(), 1e-9);
  }
}

void expect_same(const json::object& feature, const v1::Job& job) {
  EXPECT_EQ(text(feature, "id"), job.id());
  EXPECT_EQ(feature.at("geometry").is_null(), !job.has_point());
  if (job.has_point()) {
    const auto& xy = feature.at("geometry").at("coordinates").as_array();
    EXPECT_NEAR(number(xy[0]), job.point().x(), 1e-8);
    EXPECT_NEAR(number(xy[1]), job.point().y(), 1e-8);
  }
  const auto& p = feature.at("properties").as_object();
  expect_texts(p, job);
  const auto category = text(p, "category");
  EXPECT_EQ(category.empty() ? 0 : static_cast<int>(*data::parse_category(category)) + 1,
            static_cast<int>(job.category()));
  expect_number(p, "openings", job.openings() != 0, job.openings(), 0);
  expect_number(p, "pay_min", job.has_pay_min(), job.pay_min(), 1e-9);
  expect_number(p, "pay_max", job.has_pay_max(), job.pay_max(), 1e-9);
  expect_number(p, "stipend", job.has_stipend(), job.stipend(), 1e-9);
  expect_number(p, "months", job.has_months(), job.months(), 0);
  expect_number(p, "experience", job.has_experience(), job.experience(), 0);
  expect_number(p, "distance_m", job.has_distance_m(), job.distance_m(), 1e-9);
  expect_number(p, "minutes", job.has_minutes(), job.minutes(), 1e-9);
  expect_number(p, "minutes_from", job.minutes_from() != 0, job.minutes_from(), 0);
  const auto* legs = p.if_contains("legs");
  ASSERT_EQ(legs ? legs->as_array().size() : 0, static_cast<std::size_t>(job.legs_size()));
  const auto published = data::parse_time(text(p, "published_at"), 0),
             expires = data::parse_time(text(p, "expires_at"), 0);
  EXPECT_EQ(published ? published->seconds : 0, job.published_at());
  EXPECT_EQ(expires ? expires->seconds : 0, job.expires_at());
  const auto* stations = p.if_contains("stations");
  ASSERT_EQ(stations ? stations->as_array().size() : 0, static_cast<std::size_t>(job.stations_size()));
  for (int i = 0; i < job.stations_size(); ++i) {
    const auto& station = stations->as_array()[static_cast<std::size_t>(i)].as_object();
    expect_near(station, job.stations(i));
    EXPECT_EQ(station.at("lines").as_array().size(), static_cast<std::size_t>(job.stations(i).lines_size()));
    if (i) {
      EXPECT_LE(job.stations(i - 1).distance_m(), job.stations(i).distance_m());
    }
  }
  ASSERT_EQ(p.contains("service_point"), job.has_service_point());
  if (job.has_service_point()) expect_near(p.at("service_point").as_object(), job.service_point());
}

const std::vector<std::string> queries{"limit=1000",
                                       "station=s3&radius=5000&limit=200",
                                       "near=120.15,30.2&category=gig",
                                       "circle=service&crs=gcj02&limit=300",
                                       "line=1&crs=EPSG:4549",
                                       "reach=120.15,30.2&minutes=20",
                                       "reach=120.12,30.2;120.2,30.2&minutes=90;60&mode=metro&limit=300",
                                       "fields=title,minutes_from&reach=120.15,30.2;120.16,30.2&minutes=60",
                                       "fields=title,pay_min,stations",
                                       "fields=service_point&near=120.15,30.2",
                                       "district=东区&sort=-newest&limit=1000",
                                       "pay_unit=hour&pay_min=1999999"};

TEST(JobList, GeoJsonAndProtobufSayTheSame) {
  const test::SmallCity city(21, 3000);
  for (const auto& q : queries) {
    SCOPED_TRACE(q);
    const auto a = ask(q, *city.snapshot);
    EXPECT_EQ(number(a.list.at("numberMatched")), static_cast<double>(a.message.number_matched()));
    EXPECT_EQ(number(a.list.at("openings")), static_cast<double>(a.message.openings()));
    EXPECT_EQ(number(a.list.at("located")), static_cast<double>(a.message.located()));
    EXPECT_EQ(number(a.list.at("unlocated")), static_cast<double>(a.message.unlocated()));
    EXPECT_EQ(number(a.list.at("numberReturned")), a.message.number_returned());
    EXPECT_EQ(text(a.list, "generation"), a.message.generation());
    EXPECT_EQ(text(a.list, "crs"), a.message.crs());
    EXPECT_EQ(text(a.list.at("method").as_object(), "name"), a.message.method().name());
    EXPECT_EQ(a.list.at("method").as_object().contains("circle_m"), a.message.method().has_circle_m());
    ASSERT_EQ(a.list.at("links").as_array().size(), static_cast<std::size_t>(a.message.links_size()));
    EXPECT_EQ(text(a.list.at("links").as_array()[0].as_object(), "href"), a.message.links(0).href());
    const auto& features = a.list.at("features").as_array();
    ASSERT_EQ(features.size(), static_cast<std::size_t>(a.message.jobs_size()));
    for (int i = 0; i < a.message.jobs_size(); ++i)
      expect_same(features[static_cast<std::size_t>(i)].as_object(), a.message.jobs(i));
  }
}

// Beside its places, against a search from each of them.
TEST(JobList, ListedMinutesGoAlongTheStreets) {
  const test::StreetCity city(25, 600);
  const auto& s = *city.snapshot;
  const auto& walks = *s.walks;
  const auto a = ask("limit=1000&sort=newest", s);
  EXPECT_EQ(a.message.method().listed_places(), "network");
  EXPECT_EQ(text(a.list.at("method").as_object(), "listed_places"), "network");
  std::map<std::string, data::Row> rows;
  for (data::Row row = 0; row < s.jobs->located; ++row) rows[s.jobs->public_id(row)] = row;
  geo::StreetSearch search;
  int near = 0;
  for (int i = 0; i < a.message.jobs_size(); ++i) {
    const auto& job = a.message.jobs(i);
    expect_same(a.list.at("features").as_array()[static_cast<std::size_t>(i)].as_object(), job);
    if (!job.has_point()) continue;
    const auto& snap = walks.on_foot[walks.spot[rows.at(job.id())]];
    for (const auto& station : job.stations()) {
      const auto index = s.city->find_stations(station.id()).at(0);
      std::vector<geo::Seed> doors;
      for (const auto& door : walks.stations[index]) doors.push_back({door, 0});
      search.run(*s.streets, geo::TravelMode::walk, doors, geo::millimetres(30, 4.68));
      const auto way = search.to(snap);
      ASSERT_EQ(station.has_minutes(), way.has_value()) << job.id() << ' ' << station.id();
      if (way) {
        EXPECT_EQ(station.minutes(), std::round(geo::minutes(way->mm, 4.68) * 10) / 10);
      }
      near += way.has_value();
    }
  }
  EXPECT_GT(near, 50);
}

TEST(JobList, SaysWhatWasPutIn) {
  const test::SmallCity city(22, 500);
  const auto a = ask("limit=1000&sort=newest", *city.snapshot);
  std::size_t found = 0;
  for (const auto& job : a.message.jobs()) {
    for (const auto& p : city.postings) {
      if (p.source + ':' + p.id != job.id()) continue;
      ++found;
      EXPECT_EQ(p.title, job.title());
      EXPECT_EQ(p.openings, static_cast<std::int32_t>(job.openings()));
      EXPECT_EQ(p.expires_at, job.expires_at());
      EXPECT_EQ(p.pay_min.has_value(), job.has_pay_min());
      if (p.pay_min) {
        EXPECT_EQ(*p.pay_min / 100.0, job.pay_min());
      }
      EXPECT_EQ(p.point.has_value(), job.has_point());
      if (p.point) {
        EXPECT_EQ(p.point->lon, job.point().x());
      }
      EXPECT_EQ(std::string(p.education ? name_of(*p.education) : ""), job.education());
      EXPECT_EQ(p.experience.value_or(-1), job.has_experience() ? static_cast<int>(job.experience()) : -1);
    }
  }
  EXPECT_EQ(found, static_cast<std::size_t>(a.message.jobs_size()));
  EXPECT_GT(found, 300u);
}

TEST(JobList, StationsAreAllWithinReachNearestFirst) {
  const test::SmallCity city(23, 2000);
  for (const std::string q :
       {"limit=1000", "line=2&radius=300&limit=1000", "station=s4&radius=9000&limit=1000"}) {
    const auto a = ask(q, *city.snapshot);
    const double reach = a.message.method().station_reach_m();
    for (const auto& job : a.message.jobs()) {
      if (!job.has_point()) continue;
      int expected = 0;
      for (const auto& s : city.city->stations)
        expected +=
            geo::geodesic_distance_m({job.point().x(), job.point().y()}, geo::to_lonlat(s.at)) <= reach;
      ASSERT_EQ(job.stations_size(), expected) << q;
    }
  }
}

// Against the geodesic to each station of a real city, where a radius of 50 km holds them all.
TEST(JobList, NamesNoMoreThanTheNearestStations) {
  const auto s = sample_snapshot({.seed = 5, .jobs = 2000, .now = 1'767'225'600});
  for (const std::string radius : {"1500", "3000", "50000"}) {
    const auto a = ask("station=longxiangqiao&radius=" + radius + "&limit=200", *s);
    ASSERT_GT(a.message.jobs_size(), 0);
    for (const auto& job : a.message.jobs()) {
      std::vector<std::pair<double, std::string>> expected;
      for (const auto& station : s->city->stations) {
        const auto at = geo::to_lonlat(station.at);
        const double d = geo::geodesic_distance_m({job.point().x(), job.point().y()}, at);
        if (d <= std::stod(radius)) expected.push_back({d, station.id});
      }
      std::sort(expected.begin(), expected.end());
      if (expected.size() > most_stations) expected.resize(most_stations);
      ASSERT_EQ(job.stations_size(), static_cast<int>(expected.size())) << radius;
      for (int i = 0; i < job.stations_size(); ++i) {
        EXPECT_EQ(job.stations(i).id(), expected[static_cast<std::size_t>(i)].second) << radius;
        EXPECT_NEAR(job.stations(i).distance_m(), expected[static_cast<std::size_t>(i)].first, 0.01);
      }
    }
  }
}

TEST(JobList, LinksOfAPostedQuerySayWhatToPost) {
  const test::SmallCity city(24, 300);
  const auto a = ask("limit=5", *city.snapshot);
  const JobList list{.query = a.query,
                     .snapshot = *city.snapshot,
                     .page = a.page,
                     .self = "q=C%2B%2B&category=gig%2Cfull_time",
                     .next = "q=C%2B%2B&cursor=x%26y",
                     .post_to = "https://a.example/v1/jobs"};
  const auto links = json::parse(list_geojson(list)).at("links").as_array();
  ASSERT_EQ(links.size(), 2u);
  for (const auto& link : links) {
    EXPECT_EQ(link.at("href").as_string(), "https://a.example/v1/jobs");
    EXPECT_EQ(link.at("method").as_string(), "POST");
    EXPECT_EQ(link.at("headers").at("Content-Type").as_string(), "application/json");
    EXPECT_EQ(link.at("body").at("q").as_string(), "C++");
  }
  EXPECT_EQ(links[0].at("body").at("category").as_string(), "gig,full_time");
  EXPECT_EQ(links[1].at("body").at("cursor").as_string(), "x&y");
  v1::JobList message;
  ASSERT_TRUE(message.ParseFromString(list_pb(list)));
  ASSERT_EQ(message.links_size(), 2);
  EXPECT_EQ(message.links(1).rel(), "next");
  EXPECT_EQ(message.links(1).href(), list.post_to);
  EXPECT_EQ(message.links(1).method(), "POST");
  EXPECT_EQ(message.links(1).body(), list.next);
}

TEST(JobList, OneJobIsAFeatureAndAMessage) {
  const test::SmallCity city(24, 300);
  for (data::Row row = 0; row < city.snapshot->jobs->size; ++row) {
    const query::JobQuery q;
    const auto feature = json::parse(job_geojson(q, *city.snapshot, {row, -1})).as_object();
    v1::JobList list;
    ASSERT_TRUE(list.ParseFromString(job_pb(q, *city.snapshot, {row, -1})));
    ASSERT_EQ(list.jobs_size(), 1);
    EXPECT_EQ(list.crs(), "wgs84");
    EXPECT_EQ(list.generation(), city.snapshot->generation);
    const auto& job = list.jobs(0);
    EXPECT_EQ(text(feature, "type"), "Feature");
    EXPECT_EQ(text(feature, "generation"), city.snapshot->generation);
    expect_same(feature, job);
  }
}

TEST(JobList, APlaceTheSystemHasNoCoordinatesForHasNoGeometry) {
  const std::string crs = "EPSG:3857";
  for (const double pole : {90.0, -90.0}) {
    data::Posting p;
    p.source = "a", p.id = "1", p.title = "t", p.employer = "e";
    p.precision = data::Precision::exact;
    p.expires_at = test::now + 3600;
    p.point = geo::LonLat{10, pole};
    data::JobTableBuilder builder;
    builder.add(p);
    auto city = std::make_shared<data::City>();
    const auto snapshot =
        data::make_snapshot(std::move(builder).build(*city), city, "0123456789abcdef", 1, test::now);
    const auto a = ask("crs=" + crs, *snapshot);
    ASSERT_EQ(a.message.jobs_size(), 1);
    EXPECT_FALSE(a.message.jobs(0).has_point()) << crs;
    EXPECT_TRUE(a.list.at("features").as_array()[0].at("geometry").is_null()) << crs;
  }
}

}  // namespace
}  // namespace jobmap::encode
