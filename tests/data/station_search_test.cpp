#include "data/index/station_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/ingest/city_data.hpp"

namespace jobmap::data {
namespace {

const City& hangzhou() {
  static const City city = [] {
    City c = read_city(shipped_cities()[0]);
    c.finish();
    return c;
  }();
  return city;
}

std::string chosen(const City& c, std::string_view text) {
  std::string ids;
  const auto choice = choose_stations(c, text);
  for (const auto s : choice.stations) ids += (ids.empty() ? "" : ",") + c.stations[s].id;
  return choice.is_clear ? ids : "? " + ids;
}

TEST(StationSearch, TakesAStationHoweverItIsWritten) {
  for (const char* text :
       {"龙翔桥", "龙翔桥站", "龙翔桥地铁站", "龍翔橋", "龍翔橋站", "⻰翔桥", "longxq", "lxq", "longxqiao",
        "lxiangq", "lóngxiángqiáo", "Lóng Xiáng Qiáo", "LONGXIANGQIAO", "Ｌongxiangqiao",
        "Longxiangqiao Station", "longxiangqiaozhan", "long\u200Bxiangqiao", "龙 翔 桥", "龙翔"}) {
    EXPECT_EQ(chosen(hangzhou(), text), "longxiangqiao") << text;
    const auto found = search_stations(hangzhou(), text);
    ASSERT_FALSE(found.empty()) << text;
    EXPECT_EQ(hangzhou().stations[found[0]].id, "longxiangqiao") << text;
  }
  const auto square = hangzhou().find_stations("火车东站（东广场）");
  ASSERT_EQ(square.size(), 1u);
  for (const char* text : {"火车东站(东广场)", "火車東站（東廣場）", "火车东站 (东广场)", "火车东站东广场"})
    EXPECT_EQ(hangzhou().find_stations(text), square) << text;
  EXPECT_NE(hangzhou().find_stations("火车东站"), square);
  for (const char* text : {"lǜtīnglù", "lvtinglu", "lutinglu", "綠汀路", "lvtl"})
    EXPECT_EQ(chosen(hangzhou(), text), "lütinglu") << text;
}

TEST(StationSearch, NamesTheCandidatesWhereItIsNotClear) {
  const auto choice = choose_stations(hangzhou(), "火车东");
  EXPECT_FALSE(choice.is_clear);
  EXPECT_GE(choice.stations.size(), 2u);
  EXPECT_TRUE(choose_stations(hangzhou(), "没有这个站名").stations.empty());
  EXPECT_TRUE(choose_stations(hangzhou(), "").stations.empty());
}

// A query takes what the search finds alone, for every beginning and mixture of every station.
TEST(StationSearch, TakesWhatIsFoundAlone) {
  int alone = 0;
  for (std::size_t i = 0; i < hangzhou().stations.size(); ++i) {
    const auto& spelling = hangzhou().station_spellings[i];
    std::vector<std::string> texts{spelling.initials, spelling.name.substr(0, 6), spelling.name + "站"};
    for (std::size_t full = 0; full < spelling.syllables.size(); ++full) {
      std::string mixed;
      for (std::size_t s = 0; s < spelling.syllables.size(); ++s)
        mixed += s == full ? spelling.syllables[s] : spelling.syllables[s].substr(0, 1);
      texts.push_back(mixed);
      const auto found = search_stations(hangzhou(), mixed);
      EXPECT_NE(std::find(found.begin(), found.end(), i), found.end()) << mixed;
    }
    for (const auto& text : texts) {
      const auto found = search_stations(hangzhou(), text);
      if (found.size() != 1) continue;
      ++alone;
      EXPECT_EQ(choose_stations(hangzhou(), text).stations, std::vector{static_cast<std::uint16_t>(found[0])})
          << text;
      EXPECT_TRUE(choose_stations(hangzhou(), text).is_clear) << text;
    }
  }
  EXPECT_GT(alone, 300);
}

TEST(StationSearch, AMixtureHasEverySyllableFromTheFirst) {
  City c;
  c.stations.push_back({"xihu", "西湖", "", "xi hu", "xh", {}, {}});
  c.stations.push_back({"zhongheluzhan", "中河路", "", "zhong he lu", "zhl", {}, {}});
  c.finish();
  EXPECT_EQ(chosen(c, "xihu"), "xihu");
  EXPECT_EQ(chosen(c, "zhhl"), "zhongheluzhan");
  EXPECT_EQ(chosen(c, "zhonghl"), "zhongheluzhan");
  EXPECT_EQ(chosen(c, "zhe"), "zhongheluzhan") << "zhong, and he in full";
  EXPECT_EQ(chosen(c, "hel"), "zhongheluzhan") << "in the pinyin as a whole";
  EXPECT_TRUE(choose_stations(c, "xl").stations.empty());
}

}  // namespace
}  // namespace jobmap::data
