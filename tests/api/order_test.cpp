// Answers that are kept: the same as those that aren't, for every way to ask again.
#include "server/api/order.hpp"

#include <gtest/gtest.h>

#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "tests/api/unpack.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::api {
namespace {

class Kept : public testing::Test {
 protected:
  Plan plan(std::string_view target, const std::vector<Header>& headers = {}) {
    Request request;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (auto mark = target.find('?'); mark != target.npos) request.query = target.substr(mark + 1);
    request.headers = headers;
    request.request_id = "0";
    return app_.plan(request, generation_);
  }
  Response ask(std::string_view target, const std::vector<Header>& headers = {}) {
    auto planned = plan(target, headers);
    return std::holds_alternative<Work>(planned) ? std::get<Work>(planned).run()
                                                 : std::get<Response>(planned);
  }
  bool is_there(std::string_view target, const std::vector<Header>& headers = {}) {
    return std::holds_alternative<Response>(plan(target, headers));
  }

  const std::shared_ptr<const data::Snapshot> snapshot_ =
      sample_snapshot({.seed = 1, .jobs = 2000, .now = 1'790'000'000});
  Log log_{stderr};
  App app_{{}, log_};
  Generation generation_{snapshot_, std::make_shared<AnswerCache>(16 << 20, app_.metrics().cache)};
};

TEST_F(Kept, RowsAreVisitedOnlyWhereTheAnswerIsMade) {
  for (const auto* target : {"/v1/jobs?limit=5&experience_max=3", "/v1/facets?by=district",
                             "/tiles/jobs/0/0/0.mvt?experience_max=3",
                             "/ogc/collections/jobs/tiles/WebMercatorQuad/0/0/0?experience_max=3",
                             "/ogc/tiles/WebMercatorQuad/0/0/0?experience_max=3"}) {
    EXPECT_GT(ask(target).rows_visited, 0u) << target;
    EXPECT_EQ(ask(target).rows_visited, 0u) << target;
  }
  EXPECT_GT(ask("/ogc/collections/jobs/items?experience_max=3").rows_visited, 0u);
  EXPECT_EQ(ask("/v1/stations").rows_visited, 0u);
}

TEST_F(Kept, AskedAgainTheAnswerIsThereAndTheSame) {
  for (const std::vector<Header>& headers : {std::vector<Header>{},
                                             {{"accept-encoding", "gzip"}},
                                             {{"accept-encoding", "br"}},
                                             {{"accept-encoding", "zstd"}},
                                             {{"accept", "application/x-protobuf"}}})
    for (auto target :
         {"/v1/jobs?limit=5", "/v1/jobs?limit=5&category=gig", "/v1/stations", "/tiles/jobs.json"}) {
      if (headers.size() == 1 && headers[0].name == "accept" &&
          !std::string_view(target).starts_with("/v1/jobs"))
        continue;
      const auto first = ask(target, headers);
      ASSERT_EQ(first.status, 200u) << target;
      for (int again = 0; again < 3; ++again) {
        ASSERT_TRUE(is_there(target, headers)) << target;
        const auto kept = ask(target, headers);
        EXPECT_TRUE(kept.from_cache);
        EXPECT_EQ(*kept.body, *first.body);
        EXPECT_EQ(kept.etag, first.etag);
        EXPECT_EQ(kept.content_encoding, first.content_encoding);
        EXPECT_EQ(kept.cache_control, first.cache_control);
        EXPECT_EQ(kept.vary, first.vary);
        EXPECT_EQ(kept.route, first.route);
        auto with_tag = headers;
        with_tag.push_back({"if-none-match", first.etag});
        EXPECT_EQ(ask(target, with_tag).status, 304u);
      }
      const auto cache = std::exchange(generation_, Generation(snapshot_));
      const auto unkept = ask(target, headers);
      EXPECT_EQ(*unkept.body, *first.body);
      EXPECT_EQ(unkept.etag, first.etag);
      generation_ = cache;
    }
}

TEST_F(Kept, TwoSpellingsAreOneAnswer) {
  ask("/v1/jobs?category=gig,internship&limit=5");
  EXPECT_TRUE(is_there("/v1/jobs?limit=5&category=internship,gig"));
  EXPECT_TRUE(is_there("/v1/jobs?limit=5&category=internship%2Cgig&f=geojson"));
  EXPECT_FALSE(is_there("/v1/jobs?limit=6&category=internship,gig"));
  EXPECT_EQ(app_.metrics().cache.entries, 1);
}

TEST_F(Kept, EachSpellingOfATileHasItsOwnCacheControl) {
  const std::string plain = "/tiles/stations/10/854/421.mvt";
  const std::string named = plain + "?v=" + snapshot_->generation;
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(ask(plain).cache_control, "no-cache");
    EXPECT_TRUE(ask(named).cache_control.ends_with("immutable"));
    EXPECT_EQ(ask(plain + "?v=other").cache_control, "no-cache");
  }
  EXPECT_EQ(ask(plain).etag, ask(named).etag);
}

TEST_F(Kept, AnotherCodingIsMadeFromTheKeptIdentity) {
  const auto plain = ask("/v1/stations");
  const auto packed = ask("/v1/stations", {{"accept-encoding", "zstd"}});
  EXPECT_EQ(unpack(*packed.body, Coding::zstd), *plain.body);
  ask("/v1/lines", {{"accept-encoding", "zstd"}});
  EXPECT_TRUE(is_there("/v1/lines")) << "the identity of a packed answer is kept beside it";
}

TEST_F(Kept, AnEmptyTileIsKeptToo) {
  EXPECT_EQ(ask("/tiles/jobs/14/0/0.mvt").status, 204u);
  EXPECT_EQ(ask("/tiles/jobs/14/0/0.mvt").status, 204u);
  EXPECT_TRUE(is_there("/tiles/jobs/14/0/0.mvt"));
  for (auto coding : {"gzip", "br", "zstd"})
    EXPECT_EQ(ask("/tiles/jobs/14/0/0.mvt", {{"accept-encoding", coding}}).status, 204u)
        << "of its kept identity there is nothing to pack";
}

TEST_F(Kept, RefusalsAreNotKept) {
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(ask("/v1/jobs?limit=0").status, 400u);
    EXPECT_EQ(ask("/v1/jobs/none:1").status, 404u);
    EXPECT_EQ(ask("/v1/lines", {{"accept", "image/png"}}).status, 406u);
  }
  EXPECT_EQ(app_.metrics().cache.entries, 0);
}

TEST_F(Kept, HeavyAnswersAreMadeOnceForAllWhoAsk) {
  const std::vector<Header> headers{{"accept-encoding", "gzip"}};
  auto first = std::get<Work>(plan("/v1/stations", headers));
  int told = 0;
  std::string body;
  for (int i = 0; i < 3; ++i)
    std::get<Wait>(plan("/v1/stations?crs=wgs84", headers)).then([&](Response response) {
      EXPECT_EQ(response.status, 200u);
      body = *response.body;
      ++told;
    });
  EXPECT_EQ(told, 0);
  const auto made = first.run();
  EXPECT_EQ(told, 3);
  EXPECT_EQ(body, *made.body);
  EXPECT_TRUE(is_there("/v1/stations", headers));
}

TEST_F(Kept, WhoWaitsForWhatIsNeverMadeIsTold) {
  const std::vector<Header> headers{{"accept-encoding", "gzip"}};
  unsigned status = 0;
  {
    const auto unmade = plan("/v1/stations", headers);
    std::get<Wait>(plan("/v1/stations", headers)).then([&](const Response& r) { status = r.status; });
    EXPECT_EQ(status, 0u);
  }
  EXPECT_EQ(status, 503u);
  EXPECT_EQ(ask("/v1/stations", headers).status, 200u) << "the next one makes it";
}

TEST_F(Kept, NewDataHasNothingKept) {
  ask("/v1/stations");
  generation_ = Generation(snapshot_, std::make_shared<AnswerCache>(16 << 20, app_.metrics().cache));
  EXPECT_FALSE(is_there("/v1/stations"));
}

TEST_F(Kept, AQueryThatTakesTooLongIsRefusedWhereverItIsAsked) {
  App hasty({.query_timeout = std::chrono::milliseconds(0)}, log_);
  const std::string filter = "filter=title+LIKE+'%25a%25'";
  for (const std::string target :
       {"/v1/jobs?", "/v1/facets?by=district&", "/tiles/jobs/0/0/0.mvt?", "/ogc/collections/jobs/items?"}) {
    Request request;
    const std::string whole = target + filter;
    request.target = whole;
    request.path = request.target.substr(0, target.size() - 1);
    request.path = request.path.substr(0, request.path.find('?'));
    request.query = request.target.substr(request.target.find('?') + 1);
    request.request_id = "0";
    auto planned = hasty.plan(request, generation_);
    ASSERT_TRUE(std::holds_alternative<Work>(planned)) << target;
    EXPECT_EQ(std::get<Work>(planned).run().status, 503u) << target;
    EXPECT_EQ(ask(whole).status, 200u) << target << ": nothing of it is kept";
  }
}

}  // namespace
}  // namespace jobmap::api
