// GET /v1/suggest: what comes first, and what is found by what, against the sample's own titles and names.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

#include "data/model/city.hpp"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "tests/sample_snapshot.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;

struct Suggested {
  std::string kind, text;
  std::uint64_t ads = 0;
};

class Suggest : public testing::Test {
 protected:
  Response ask(const std::string& q, const std::string& more = "") {
    const std::string query = "q=" + query::percent_encode(q) + more, target = "/v1/suggest?" + query;
    Request request;
    request.target = target, request.path = "/v1/suggest", request.query = query;
    auto plan = app_.plan(request, snapshot_);
    if (auto* response = std::get_if<Response>(&plan)) return std::move(*response);
    return std::get<Work>(plan).run();
  }
  std::vector<Suggested> suggestions(const std::string& q, const std::string& more = "") {
    const auto response = ask(q, more);
    EXPECT_EQ(response.status, 200u) << q;
    std::vector<Suggested> found;
    if (response.status != 200) return found;
    const auto page = json::parse(*response.body);
    for (const auto& s : page.at("suggestions").as_array())
      found.push_back({std::string(s.at("kind").as_string()), std::string(s.at("text").as_string()),
                       s.at("ads").to_number<std::uint64_t>()});
    return found;
  }
  // Whole names first, then those that begin with q, then those that hold it; a kind after the other.
  static int rank(const Suggested& s, const std::string& q) {
    const auto name = data::fold_name(s.text), sought = data::fold_name(q);
    const int place = name == sought ? 0 : name.starts_with(sought) ? 1 : 2;
    const int kind = s.kind == "district" ? 0 : s.kind == "station" ? 1 : s.kind == "title" ? 2 : 3;
    return place * 4 + kind;
  }

  std::shared_ptr<const data::Snapshot> snapshot_ =
      sample_snapshot({.seed = 1, .jobs = 3000, .now = 1'767'225'600});
  Log log_{stderr};
  App app_{{}, log_};
};

TEST_F(Suggest, PutsWholeNamesBeforeBeginningsAndThoseBeforeTheRest) {
  for (const std::string q : {"工程", "工程师", "西湖", "龙翔", "客服", "城", "Java", "店"}) {
    const auto found = suggestions(q, "&limit=20");
    ASSERT_FALSE(found.empty()) << q;
    for (std::size_t i = 1; i < found.size(); ++i) {
      const int before = rank(found[i - 1], q), here = rank(found[i], q);
      EXPECT_LE(before, here) << q << ": " << found[i - 1].text << ", " << found[i].text;
      if (before == here) {
        EXPECT_GE(found[i - 1].ads, found[i].ads) << q << ": " << found[i].text;
      }
    }
  }
}

TEST_F(Suggest, FindsStationsByPinyinAndInitials) {
  for (const std::string q : {"龙翔桥", "longx", "lxq", "Longxiang"}) {
    const auto found = suggestions(q);
    ASSERT_FALSE(found.empty()) << q;
    EXPECT_EQ(found[0].kind, "station") << q;
    EXPECT_EQ(found[0].text, "龙翔桥") << q;
    EXPECT_GT(found[0].ads, 0u) << q;
  }
}

TEST_F(Suggest, FindsWhatHoldsTheWordAndCountsItsLivingPostings) {
  const auto& jobs = *snapshot_->jobs;
  for (const std::string q : {"工程师", "java", "C++"}) {
    std::map<std::string, std::uint64_t> titles;
    for (data::Row row = 0; row < jobs.size; ++row) {
      if (!snapshot_->alive.test(row)) continue;
      ++titles[std::string(jobs.text(row).field[data::JobText::title])];
    }
    for (const auto& s : suggestions(q, "&limit=20")) {
      if (s.kind != "title") continue;
      EXPECT_NE(data::fold_name(s.text).find(data::fold_name(q)), std::string::npos) << q << ": " << s.text;
      EXPECT_EQ(s.ads, titles[s.text]) << s.text;
    }
  }
}

TEST_F(Suggest, GivesNoMoreThanAskedFor) {
  EXPECT_EQ(suggestions("工程", "&limit=3").size(), 3u);
  EXPECT_LE(suggestions("工程").size(), 10u);
  EXPECT_TRUE(suggestions("qqzzqq").empty());
}

TEST_F(Suggest, RefusesNothingAndTooMuch) {
  for (const std::string& q :
       {std::string(), std::string(" "), std::string("，。"), std::string(5000, 'a')}) {
    const auto response = ask(q);
    EXPECT_EQ(response.status, 400u) << q.substr(0, 20);
    ASSERT_TRUE(response.body);
    EXPECT_EQ(json::parse(*response.body).at("parameter").as_string(), "q");
  }
  EXPECT_EQ(ask("a", "&limit=0").status, 400u);
  EXPECT_EQ(ask("a", "&limit=21").status, 400u);
}

}  // namespace
}  // namespace jobmap::api
