// Words that look alike are alike: each way to write a word finds what is written in each other way. And what
// a search leaves out is what it would have found.
#include <gtest/gtest.h>

#include <algorithm>

#include "server/query/list/evaluate.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::query {
namespace {

using data::Posting;

struct Jobs {
  std::shared_ptr<data::City> city = std::make_shared<data::City>();
  data::JobTableBuilder builder;
  std::shared_ptr<const data::Snapshot> snapshot;
  int size = 0;

  Posting& next() {
    posting_ = {};
    posting_.source = "t", posting_.id = std::to_string(size++);
    posting_.title = "岗位", posting_.employer = "单位", posting_.openings = 1;
    posting_.expires_at = test::now + 86400;
    posting_.point = geo::LonLat{120.16, 30.26}, posting_.precision = data::Precision::exact;
    return posting_;
  }
  void add() { builder.add(posting_); }
  void titled(const std::string& title) { next().title = title, add(); }
  void build() {
    city->finish();
    snapshot = data::make_snapshot(std::move(builder).build(*city), city, "0123456789abcdef", 1, test::now);
  }
  std::size_t found(const std::string& q) const {
    const auto params = Params::parse("q=" + percent_encode(q));
    Reader r(*params);
    const auto query = parse_filter(r, *snapshot);
    EXPECT_FALSE(r.failed()) << q;
    return r.failed() ? 0 : count(query, *snapshot).ads;
  }

 private:
  Posting posting_;
};

TEST(Alike, EverySpellingFindsEveryOther) {
  const std::vector<std::vector<std::string>> groups{
      {"电气工程师", "電氣工程師", "电⽓⼯程師", "电气工\u200B程师", "电气工\u00AD程师", "电气\n工程师",
       "电气工程\uFEFF师"},
      {"Résumé 顾问", "Re\u0301sume\u0301 顾问", "RÉSUMÉ 顾问", "resume 顾问", "ＲＥＳＵＭÉ 顧問"},
      {"Повар", "ПОВАР", "повар"},
      {"Müller", "MÜLLER", "Mu\u0308ller", "muller"},
      {"プログラマー", "ﾌﾟﾛｸﾞﾗﾏｰ", "フ\u309Aロク\u3099ラマー"},
      {"Δάσκαλος", "ΔΑΣΚΑΛΟΣ", "δασκαλος"},
      {"Designer", "designers", "DESIGNERS"},
      {"Secretary", "secretaries"},
      {"网络管理", "網路管理", "網絡管理"},
      {"中文程序员", "中文程式員", "中文軟體開發", "中文软件开发"},
      {"𝐃𝐁𝐀 专员", "ＤＢＡ专员", "dba 專員"},
      {"\uF92F务员", "劳务员", "勞務員"},
      {"⻋工", "车工", "車工"},
  };
  Jobs jobs;
  for (const auto& group : groups)
    for (const auto& title : group) jobs.titled(title);
  jobs.build();
  for (const auto& group : groups)
    for (const auto& q : group) EXPECT_EQ(jobs.found(q), group.size()) << q;
}

TEST(Alike, WhatReadsOtherwiseStaysApart) {
  Jobs jobs;
  for (const char* title : {"Engine fitter", "Engineer", "C", "C++", "ハン", "パン", "①Java", "Java™"})
    jobs.titled(title);
  jobs.build();
  EXPECT_EQ(jobs.found("engine"), 1u);
  EXPECT_EQ(jobs.found("engineers"), 1u);
  EXPECT_EQ(jobs.found("c"), 1u);
  EXPECT_EQ(jobs.found("パン"), 1u);
  EXPECT_EQ(jobs.found("java"), 2u);
}

TEST(Alike, PhrasesAreMeantAsTheyAreWritten) {
  Jobs jobs;
  for (const char* title :
       {"machine learning engineer", "learning machine", "machine-learning engineers", "程序员", "软件开发"})
    jobs.titled(title);
  jobs.build();
  EXPECT_EQ(jobs.found("machine learning"), 3u);
  EXPECT_EQ(jobs.found("\"machine learning\""), 2u);
  EXPECT_EQ(jobs.found("“machine learning engineer”"), 1u);
  EXPECT_EQ(jobs.found("程序员"), 2u);
  EXPECT_EQ(jobs.found("\"程序员\""), 1u);
  EXPECT_EQ(jobs.found("machine -engineer"), 1u);
  EXPECT_EQ(jobs.found("machine -\"learning engineer\""), 2u);
  EXPECT_EQ(jobs.found("-程序员"), 3u) << "what is left out is what would be found";
}

TEST(Alike, EveryFieldIsSearched) {
  Jobs jobs;
  jobs.next().title = "延安路店长", jobs.add();
  jobs.next().employer = "延安路餐飲", jobs.add();
  jobs.next().description = "在延安\n路", jobs.add();
  jobs.next().address = "上城区延安路 55 号", jobs.add();
  jobs.next().address = "解放路", jobs.add();
  jobs.build();
  EXPECT_EQ(jobs.found("延安路"), 4u);
  EXPECT_EQ(jobs.found("延安路 55"), 1u);
  EXPECT_EQ(jobs.found("-延安路"), 1u);
  EXPECT_EQ(jobs.found("岗位 延安路"), 3u) << "one term in the title, the other in the address";
}

// Leaving a term out finds the rest, for any term.
TEST(Alike, ATermAndItsExclusionPartAllPostings) {
  test::SmallCity small(21, 1200);
  std::mt19937_64 random(21);
  const auto ads = [&](const std::string& q) {
    const auto params = Params::parse(q);
    Reader r(*params);
    const auto query = parse_filter(r, *small.snapshot);
    return r.failed() ? std::size_t{1'000'000} : std::size_t{count(query, *small.snapshot).ads};
  };
  const auto all = ads("");
  int parted = 0;
  for (int i = 0; i < 300; ++i)
    for (const auto& term :
         data::search_terms(test::random_text(random) + " \"" + test::random_text(random) + '"')) {
      if (data::read_term(term).excluded) continue;
      const auto with = ads("q=" + percent_encode(term)), without = ads("q=" + percent_encode("-" + term));
      EXPECT_EQ(with + without, all) << term;
      parted += with > 0 && without > 0;
    }
  EXPECT_GT(parted, 100);
}

}  // namespace
}  // namespace jobmap::query
