// Which version of the data a file holds, and a load that is given up.
#include <gtest/gtest.h>

#include <filesystem>

#include "data/store/load.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

class Load : public testing::Test {
 protected:
  Load() { create_database(path("a")); }
  std::string path(const char* name) const { return dir_ / name; }
  static void put(const std::string& path, const std::string& id, std::int64_t expires = 4'000'000'000,
                  std::int64_t published = 1'700'000'000) {
    Store store(path);
    store.begin();
    Posting posting;
    posting.source = "s", posting.id = id, posting.title = "t", posting.employer = "e";
    posting.published_at = published;
    posting.expires_at = expires;
    posting.precision = Precision::district;
    store.put(posting);
    store.commit();
  }

  Scratch dir_;
};

TEST_F(Load, CopiesThatWentDifferentWaysAreDifferentVersions) {
  std::filesystem::copy_file(path("a"), path("b"));
  EXPECT_EQ(read_data_version(path("a")), read_data_version(path("b")));
  put(path("a"), "1"), put(path("b"), "2");
  const auto a = read_data_version(path("a")), b = read_data_version(path("b"));
  EXPECT_EQ(a.generation, b.generation);
  EXPECT_FALSE(a == b) << "a server that polls takes up either in place of the other";
  constexpr std::int64_t now = 1'800'000'000;
  EXPECT_NE(load_snapshot(path("a"), now)->generation, load_snapshot(path("b"), now)->generation);
  put(path("a"), "1");
  EXPECT_EQ(read_data_version(path("a")), a) << "what changes nothing is no change";
}

TEST_F(Load, KnowsFromWhichMinuteItHasAllJobs) {
  constexpr std::int64_t now = 1'800'000'000 / 60 * 60;
  put(path("a"), "stays"), put(path("a"), "expires", now + 90);
  const auto early = load_snapshot(path("a"), now), late = load_snapshot(path("a"), now + 120);
  EXPECT_EQ(early->jobs->size, 2u);
  EXPECT_EQ(late->jobs->size, 1u);
  EXPECT_EQ(late->jobs->complete_from, late->minute);
  EXPECT_EQ(late->alive.count(), 1u);
  EXPECT_EQ(tick(*late, now), nullptr) << "what it lacks it can't bring back";
  const auto ticked = tick(*early, now + 120);
  ASSERT_TRUE(ticked);
  EXPECT_EQ(ticked->minute, late->minute);
  EXPECT_EQ(ticked->alive.count(), 1u);
  EXPECT_NE(ticked->generation, late->generation) << "explain=true counts the rows of the table";
  EXPECT_EQ(tick(*ticked, now)->generation, early->generation) << "the same table in the same minute";
}

TEST_F(Load, AJobIsThereBeforeItIsPublishedAndShownFromItsMinuteOn) {
  constexpr std::int64_t now = 1'800'000'000 / 60 * 60;
  put(path("a"), "now"), put(path("a"), "later", 4'000'000'000, now + 150);
  put(path("a"), "never", now + 119, now + 60);  // published and expired within one minute
  const auto early = load_snapshot(path("a"), now);
  EXPECT_EQ(early->jobs->size, 3u);
  EXPECT_EQ(early->alive.count(), 1u);
  EXPECT_EQ(early->unchanged.until, now / 60 + 2) << "the minute to tick in, and none before it";
  EXPECT_EQ(tick(*early, now + 119), nullptr);
  const auto later = tick(*early, now + 120);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->alive.count(), 2u);
  EXPECT_TRUE(later->alive.test(*later->jobs->find("s:later")));
  EXPECT_EQ(later->unchanged.until, 4'000'000'000 / 60);
  EXPECT_EQ(tick(*later, now)->generation, early->generation) << "a clock set back takes it away again";
}

TEST_F(Load, AskedToStopItDoes) {
  put(path("a"), "1");
  std::stop_source stop;
  EXPECT_EQ(load_snapshot(path("a"), 1'800'000'000, stop.get_token())->jobs->size, 1u);
  stop.request_stop();
  EXPECT_THROW(load_snapshot(path("a"), 1'800'000'000, stop.get_token()), LoadStopped);
}

}  // namespace
}  // namespace jobmap::data
