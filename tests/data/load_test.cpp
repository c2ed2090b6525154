// Which version of the data a file holds, and a load that is given up.
#include <gtest/gtest.h>

#include <filesystem>

#include "data/snapshot.hpp"
#include "data/store.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

class Load : public testing::Test {
 protected:
  Load() { create_database(path("a")); }
  std::string path(const char* name) const { return dir_ / name; }
  static void put(const std::string& path, const std::string& id) {
    Store store(path);
    store.begin();
    Posting posting;
    posting.source = "s", posting.id = id, posting.title = "t", posting.employer = "e";
    posting.published_at = 1'700'000'000, posting.expires_at = 4'000'000'000;
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

TEST_F(Load, AskedToStopItDoes) {
  put(path("a"), "1");
  std::stop_source stop;
  EXPECT_EQ(load_snapshot(path("a"), 1'800'000'000, stop.get_token())->jobs->size, 1u);
  stop.request_stop();
  EXPECT_THROW(load_snapshot(path("a"), 1'800'000'000, stop.get_token()), LoadStopped);
}

}  // namespace
}  // namespace jobmap::data
