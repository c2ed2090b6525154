// The frame around every endpoint: routes, methods, tags, 304, codings, errors, health.
#include "server/api/app.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <set>

#include "data/index/job_table_builder.hpp"
#include "server/api/answer_cache.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "tests/api/unpack.hpp"

namespace jobmap::api {
namespace {

// Thirty stations: a body of several KiB. Equal versions are equal data.
Generation generation(std::int64_t version) {
  auto city = std::make_shared<data::City>();
  for (int i = 0; i < 30; ++i) {
    data::Station station;
    station.id = "s" + std::to_string(i);
    station.name = "站" + std::to_string(i);
    station.at = geo::to_e7({120.0 + i * 0.01, 30.0});
    city->stations.push_back(station);
  }
  data::JobTableBuilder builder;
  auto jobs = std::move(builder).build(*city);
  return data::make_snapshot(jobs, city, "0123456789abcdef", version, 1'800'000'000);
}

class Frame : public testing::Test {
 protected:
  Response ask(std::string_view target, std::vector<Header> headers = {}, Method method = Method::get) {
    Request request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (auto mark = target.find('?'); mark != target.npos) request.query = target.substr(mark + 1);
    request.headers = headers;
    request.request_id = "0123456789abcdef";
    auto plan = app_.plan(request, generation_);
    was_work_ = std::holds_alternative<Work>(plan);
    if (!was_work_) return std::get<Response>(std::move(plan));
    was_heavy_ = std::get<Work>(plan).heavy;
    return std::get<Work>(plan).run();
  }
  static std::string field(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
      if (key == name) return value;
    return "";
  }
  static boost::json::value json(const Response& response) { return boost::json::parse(*response.body); }

  Log log_{stderr};
  App app_{{}, log_};
  Generation generation_ = generation(1);
  bool was_work_ = false, was_heavy_ = false;
};

TEST_F(Frame, AnswersWithTagAndVary) {
  auto response = ask("/v1/stations");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, "application/geo+json");
  EXPECT_EQ(response.etag.size(), 34u);
  EXPECT_TRUE(response.vary);
  EXPECT_FALSE(response.cache_control.empty());
  EXPECT_TRUE(response.content_encoding.empty());
  EXPECT_EQ(json(response).at("features").as_array().size(), 30u);
}

TEST_F(Frame, ATagCostsNoWork) {
  const auto tag = ask("/v1/stations").etag;
  EXPECT_TRUE(was_work_);
  for (auto list : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    auto response = ask("/v1/stations", {{"if-none-match", list}});
    EXPECT_EQ(response.status, 304u) << list;
    EXPECT_FALSE(was_work_) << list;
    EXPECT_EQ(response.etag, tag);
    EXPECT_TRUE(response.vary);
    EXPECT_EQ(response.body, nullptr);
  }
  EXPECT_EQ(ask("/v1/stations", {{"if-none-match", "\"x\""}}).status, 200u);
}

TEST_F(Frame, TheTagFollowsWhatDecidesTheBytes) {
  const auto tag = ask("/v1/stations").etag;
  EXPECT_EQ(ask("/v1/stations").etag, tag);
  EXPECT_EQ(ask("/v1/stations?f=geojson").etag, tag);
  EXPECT_NE(ask("/v1/stations?crs=gcj02").etag, tag);
  EXPECT_NE(ask("/v1/lines").etag, tag);
  EXPECT_NE(ask("/v1/stations", {{"accept-encoding", "gzip"}}).etag, tag);
  generation_ = generation(1);
  EXPECT_EQ(ask("/v1/stations").etag, tag);
  generation_ = generation(2);
  EXPECT_NE(ask("/v1/stations").etag, tag);
  EXPECT_EQ(ask("/v1/stations", {{"if-none-match", tag}}).status, 200u);
}

TEST_F(Frame, PacksOnThePoolWhatIsWorthIt) {
  auto plain = ask("/v1/stations");
  EXPECT_FALSE(was_heavy_);
  std::set<std::string> tags{plain.etag};
  for (Coding coding : {Coding::gzip, Coding::br, Coding::zstd}) {
    auto packed = ask("/v1/stations", {{"accept-encoding", name_of(coding)}});
    EXPECT_TRUE(was_heavy_);
    EXPECT_EQ(packed.content_encoding, name_of(coding));
    EXPECT_LT(packed.body->size(), plain.body->size());
    EXPECT_EQ(unpack(*packed.body, coding), *plain.body);
    EXPECT_EQ(packed.content_type, plain.content_type);
    EXPECT_TRUE(tags.insert(packed.etag).second);
  }
  auto small = ask("/v1/lines", {{"accept-encoding", "gzip"}});
  EXPECT_TRUE(small.content_encoding.empty());
  EXPECT_EQ(json(small).at("features").as_array().size(), 0u);
  auto forced = ask("/v1/lines", {{"accept-encoding", "identity;q=0, br"}});
  EXPECT_EQ(forced.content_encoding, "br");
  EXPECT_EQ(unpack(*forced.body, Coding::br), *small.body);
  EXPECT_NE(forced.etag, ask("/v1/lines", {{"accept-encoding", "br"}}).etag);
  EXPECT_EQ(ask("/v1/lines", {{"accept-encoding", "identity;q=0"}}).status, 406u);
}

TEST_F(Frame, RefusesAsProblems) {
  auto unknown = ask("/v1/stations?foo=1");
  EXPECT_EQ(unknown.status, 400u);
  EXPECT_EQ(unknown.content_type, "application/problem+json");
  EXPECT_EQ(json(unknown).at("parameter").as_string(), "foo");
  EXPECT_EQ(json(unknown).at("request_id").as_string(), "0123456789abcdef");
  EXPECT_TRUE(unknown.etag.empty());

  auto format = ask("/v1/stations?f=xml");
  EXPECT_EQ(format.status, 400u);
  EXPECT_EQ(json(format).at("parameter").as_string(), "f");
  EXPECT_EQ(json(format).at("allowed").as_string(), "geojson");

  EXPECT_EQ(ask("/v1/stations?limit=1&limit=1").status, 400u);
  EXPECT_EQ(ask("/v1/stations?q=%zz").status, 400u);
  EXPECT_EQ(ask("/v1/stations", {{"accept", "image/png"}}).status, 406u);
  EXPECT_EQ(ask("/v1/nothing").status, 404u);
  EXPECT_EQ(ask("/v1/stations/").status, 404u);
  EXPECT_EQ(ask("/v1/jobs/%00").status, 400u);
  EXPECT_EQ(ask("/").status, 404u);
}

TEST_F(Frame, AnswersOtherMethods) {
  for (auto method : {Method::post, Method::other}) {
    auto response = ask("/v1/stations", {}, method);
    EXPECT_EQ(response.status, 405u);
    EXPECT_EQ(field(response, "Allow"), "GET, HEAD, OPTIONS");
  }
  EXPECT_EQ(ask("/v1/nothing", {}, Method::post).status, 404u);
  auto preflight =
      ask("/v1/facets", {{"origin", "https://a.example"}, {"access-control-request-method", "GET"}},
          Method::options);
  EXPECT_EQ(preflight.status, 204u);
  EXPECT_EQ(field(preflight, "Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(field(preflight, "Access-Control-Max-Age"), "86400");
  EXPECT_EQ(ask("*", {}, Method::options).status, 204u);
  auto head = ask("/v1/stations", {}, Method::head);
  EXPECT_EQ(head.status, 200u);
  EXPECT_EQ(head.body->size(), ask("/v1/stations").body->size());
}

TEST_F(Frame, IsAliveBeforeItIsReady) {
  generation_ = nullptr;
  EXPECT_EQ(ask("/health").status, 200u);
  EXPECT_EQ(ask("/ready").status, 503u);
  EXPECT_EQ(ask("/metrics").status, 200u);
  auto early = ask("/v1/jobs");
  EXPECT_EQ(early.status, 503u);
  EXPECT_EQ(field(early, "Retry-After"), "1");
  generation_ = generation(1);
  EXPECT_EQ(ask("/ready").status, 503u) << "other threads may have none yet";
  app_.set_ready();
  EXPECT_EQ(ask("/ready").status, 200u);
  app_.set_draining();
  EXPECT_EQ(ask("/ready").status, 503u);
  EXPECT_EQ(ask("/health").status, 200u);
  EXPECT_EQ(ask("/v1/stations").status, 200u);
}

TEST_F(Frame, SaysDegradedOnceReloadsHaveFailedForLong) {
  app_.set_ready();
  auto& health = app_.metrics().health;
  const auto now = std::chrono::steady_clock::now();
  const auto fault = DataHealth::Fault::reload;
  health.failed(fault, now - std::chrono::seconds(290));
  EXPECT_EQ(json(ask("/ready")).at("status").as_string(), "ready") << "300 s are the default";
  EXPECT_EQ(ask("/ready?strict=true").status, 200u);
  health.mended(fault);
  health.failed(fault, now - std::chrono::seconds(310));
  health.failed(fault, now - std::chrono::seconds(1));  // goes on, and counts from its first
  const auto plain = ask("/ready"), lenient = ask("/ready?strict=false"), strict = ask("/ready?strict=true");
  EXPECT_EQ(plain.status, 200u);
  EXPECT_EQ(lenient.status, 200u);
  EXPECT_EQ(json(plain).at("status").as_string(), "degraded");
  EXPECT_EQ(json(plain).at("reason").as_string(), "reload_failed");
  EXPECT_GE(json(plain).at("for_seconds").as_int64(), 310);
  EXPECT_EQ(json(plain).at("generation").as_string(), generation_->generation);
  EXPECT_EQ(strict.status, 503u);
  EXPECT_NE(strict.body->find("reload_failed"), std::string::npos);
  health.mended(fault);
  EXPECT_EQ(json(ask("/ready")).at("status").as_string(), "ready");
  EXPECT_EQ(ask("/ready?strict=true").status, 200u);
}

TEST_F(Frame, ReadyReadsItsParameterAsOthersDo) {
  app_.set_ready();
  const auto bad = ask("/ready?strict=perhaps"), unknown = ask("/ready?strickt=true");
  EXPECT_EQ(bad.status, 400u);
  EXPECT_EQ(json(bad).at("parameter").as_string(), "strict");
  EXPECT_EQ(json(bad).at("allowed").as_string(), "true, false");
  EXPECT_EQ(unknown.status, 400u);
  EXPECT_EQ(json(unknown).at("parameter").as_string(), "strickt");
}

TEST_F(Frame, EveryAnswerNamesItsRouteForTheMetrics) {
  std::vector<std::size_t> seen;
  for (auto target : {"/v1/jobs", "/v1/stations", "/health", "/metrics", "/v1/stations?foo=1"})
    seen.push_back(ask(target).route);
  EXPECT_EQ(seen[1], seen[4]);
  EXPECT_NE(seen[0], seen[1]);
  EXPECT_NE(seen[0], 0u);
  EXPECT_EQ(ask("/nothing").route, 0u);
  EXPECT_EQ(ask("/v1/stations", {{"if-none-match", "*"}}).route, seen[1]);
}

TEST(App, KnowsItsOwnName) {
  Log log(stderr);
  const App app({.basemap = {}, .public_base_url = "https://Jobs.example.org:8443/map", .web_dir = ""}, log);
  const auto status = [&](const App& asked, std::string_view host, std::string_view path) {
    const Header headers[] = {{"host", host}};
    Request request;
    request.target = request.path = path;
    if (!host.empty()) request.headers = headers;
    return std::get<Response>(asked.plan(request, nullptr)).status;
  };
  for (const char* host : {"jobs.example.org", "JOBS.example.org:8443", "jobs.example.org:80", "",
                           "localhost:8080", "127.0.0.1:8080", "[::1]:8080"})
    EXPECT_EQ(status(app, host, "/v1/stations"), 503u) << host;  // no data yet
  for (const char* host :
       {"evil.example", "jobs.example.org.evil.example", "evil.example:8443", "127.0.0.1.evil"}) {
    EXPECT_EQ(status(app, host, "/v1/stations"), 421u) << host;
    EXPECT_EQ(status(app, host, "/health"), 200u) << host;
    EXPECT_EQ(status(App({}, log), host, "/v1/stations"), 503u) << host;
  }
}

// The addresses in an answer depend on what we were called, so nobody gets the answer to another name,
// whether it is made, kept, or told from its tag.
TEST_F(Frame, NobodyGetsAddressesUnderAnotherName) {
  CacheCounters counters;
  generation_ = Generation(generation_.snapshot(), std::make_shared<AnswerCache>(1 << 20, counters));
  const std::pair<const char*, const char*> names[] = {{"localhost:8080", "http://localhost:8080"},
                                                       {"127.0.0.1:8080", "http://127.0.0.1:8080"},
                                                       {"localhost", "http://localhost"},
                                                       {"evil.example", ""},
                                                       {"", ""}};
  for (const char* target : {"/tiles/stations.json", "/style.json?category=gig", "/openapi.json", "/ogc",
                             "/ogc/collections/stations/tiles/WebMercatorQuad"}) {
    std::map<std::string, std::string> tags;  // by base
    for (int round = 0; round < 3; ++round)
      for (const auto& [host, base] : names) {
        const auto answer = ask(target, {{"host", host}});
        ASSERT_EQ(answer.status, 200u) << target;
        EXPECT_EQ(answer.body->find("evil.example"), std::string::npos) << target;
        for (const auto& [other, url] : names)
          if (*url && std::string_view(url) != base) {
            EXPECT_EQ(answer.body->find(std::string(url) + '/'), std::string::npos) << target << ' ' << host;
          }
        if (*base) {
          EXPECT_NE(answer.body->find(base), std::string::npos) << target << ' ' << host;
        }
        const auto [known, fresh] = tags.emplace(base, answer.etag);
        EXPECT_EQ(known->second, answer.etag) << target << ' ' << host;
        for (const auto& [of, tag] : tags)
          EXPECT_EQ(ask(target, {{"host", host}, {"if-none-match", tag}}).status, of == base ? 304u : 200u)
              << target << ' ' << host << ' ' << of;
      }
    EXPECT_EQ(tags.size(), 4u);
  }
  EXPECT_EQ(ask("/v1/stations", {{"host", "localhost:1"}}).etag,
            ask("/v1/stations", {{"host", "a.example"}}).etag)
      << "what names no address is the same for all";
}

TEST_F(Frame, OfSeveralPublicNamesEachHasItsOwnAnswers) {
  App app({.basemap = {}, .public_base_url = "https://a.example/map,http://b.lan:8080", .web_dir = ""}, log_);
  CacheCounters counters;
  const Generation kept(generation_.snapshot(), std::make_shared<AnswerCache>(1 << 20, counters));
  const auto body = [&](const char* target, const char* host) {
    const Header headers[] = {{"host", host}};
    Request request;
    request.target = target;
    request.path = request.target.substr(0, request.target.find('?'));
    if (request.path.size() < request.target.size())
      request.query = request.target.substr(request.path.size() + 1);
    request.headers = headers;
    auto plan = app.plan(request, kept);
    auto* work = std::get_if<Work>(&plan);
    const auto response = work ? work->run() : std::get<Response>(plan);
    return response.body ? *response.body : std::to_string(response.status);
  };
  for (const char* target : {"/v1/jobs?limit=1", "/tiles/lines.json", "/style.json", "/openapi.json", "/ogc"})
    for (int round = 0; round < 2; ++round)
      for (const auto& [host, base, other] :
           {std::tuple{"a.example", "https://a.example/map/", "http://b.lan"},
            std::tuple{"b.lan:8080", "http://b.lan:8080/", "https://a.example"},
            std::tuple{"localhost", "https://a.example/map/", "http://b.lan"}}) {
        EXPECT_NE(body(target, host).find(base), std::string::npos) << target << ' ' << host;
        EXPECT_EQ(body(target, host).find(other), std::string::npos) << target << ' ' << host;
      }
  const Header evil[] = {{"host", "evil.example"}};
  Request request;
  request.target = request.path = "/v1/stations";
  request.headers = evil;
  EXPECT_EQ(std::get<Response>(app.plan(request, kept)).status, 421u);
}

TEST_F(Frame, AQueryInABodyIsTheQueryInAUrl) {
  const auto post = [&](std::string_view target, std::string_view body, std::string_view type) {
    const Header headers[] = {{"content-type", type}, {"if-none-match", "*"}};
    Request request;
    request.method = Method::post;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (auto mark = target.find('?'); mark != target.npos) request.query = target.substr(mark + 1);
    request.headers = headers;
    request.body = body;
    auto plan = app_.plan(request, generation_);
    if (auto* response = std::get_if<Response>(&plan)) return *response;
    return std::get<Work>(plan).run();
  };
  constexpr std::string_view form = "application/x-www-form-urlencoded", json_type = "application/json";
  const auto by_url = ask("/v1/facets?by=category,district&category=gig");
  ASSERT_EQ(by_url.status, 200u);
  const Response same[] = {
      post("/v1/facets", "by=category,district&category=gig", form),
      post("/v1/facets?by=category,district", "category=gig", form),
      post("/v1/facets", R"({"by":["category","district"],"category":"gig"})", json_type),
      post("/v1/facets", R"({"by":["category","district"],"category":["gig"]})",
           "application/json; charset=utf-8")};
  for (const auto& answer : same) {
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(*answer.body, *by_url.body);
    EXPECT_EQ(answer.cache_control, "no-store") << "its URL doesn't say what was asked";
    EXPECT_EQ(answer.content_type, by_url.content_type);
  }
  EXPECT_EQ(post("/v1/facets", "by=planet", form).status, 400u);
  EXPECT_EQ(
      json(post("/v1/facets", R"({"by":"category","categry":"gig"})", json_type)).at("parameter").as_string(),
      "categry");
  EXPECT_EQ(post("/v1/facets", "by=category", "text/plain").status, 415u);
  EXPECT_EQ(post("/v1/facets", "by=category", "").status, 415u);
  EXPECT_EQ(post("/v1/facets", "by=category&q=" + std::string(64 << 10, 'x'), form).status, 413u);
  EXPECT_EQ(post("/v1/stations", "q=a", form).status, 405u);
  EXPECT_EQ(post("/tiles/jobs/0/0/0.mvt", "category=gig", form).status,
            ask("/tiles/jobs/0/0/0.mvt?category=gig").status);
  EXPECT_EQ(post("/v1/jobs/a:1/explain", "category=gig", form).status, 404u);
}

}  // namespace
}  // namespace jobmap::api
