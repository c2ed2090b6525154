#include "data/store/street_store.hpp"

#include <gtest/gtest.h>

#include "data/store/load.hpp"
#include "data/store/store.hpp"
#include "tests/data/scratch.hpp"
#include "tests/street_grid.hpp"

namespace jobmap::data {
namespace {

class StreetStore : public testing::Test {
 protected:
  Scratch dir_;
  std::string path_ = dir_ / "a.sqlite";
  void SetUp() override { create_database(path_); }

  void write(const geo::StreetNetwork& network) {
    Database db = Database::open_writer(path_);
    Transaction t(db, Transaction::write);
    write_streets(db, network);
    t.commit();
  }
  void execute(const std::string& sql) { Database::open_writer(path_).execute(sql); }
};

TEST_F(StreetStore, gives_back_what_was_written_and_the_last_one_counts) {
  auto network = street_grid({120.17, 30.2}, 30, 100);
  write(network);
  network = street_grid({120.17, 30.2}, 20, 100);
  network.shape_begin.assign(network.edges.size() + 1, 0);
  for (std::size_t e = 0; e < network.edges.size(); ++e) {
    if (e % 3 == 0) network.shape.push_back({1201700000, 302000000 + static_cast<int>(e)});
    network.shape_begin[e + 1] = static_cast<std::uint32_t>(network.shape.size());
  }
  write(network);
  Database db = Database::open_reader(path_);
  EXPECT_EQ(read_streets(db), network);
}

TEST_F(StreetStore, a_network_larger_than_a_blob) {
  const auto network = street_grid({120.17, 30.2}, 520, 100);  // 540,000 edges of 16 bytes
  write(network);
  Database db = Database::open_reader(path_);
  EXPECT_GT(db.query_int64("SELECT count(*) FROM street_blobs WHERE part = 'edges'"), 1);
  EXPECT_EQ(read_streets(db), network);
}

TEST_F(StreetStore, a_database_without_a_network_has_none) {
  EXPECT_FALSE(load_snapshot(path_, 0)->streets);
  write(street_grid({120.17, 30.2}, 10, 100));
  const auto snapshot = load_snapshot(path_, 0);
  ASSERT_TRUE(snapshot->streets);
  EXPECT_EQ(snapshot->streets->edges(), 180u);
}

TEST_F(StreetStore, refuses_a_damaged_network) {
  write(street_grid({120.17, 30.2}, 10, 100));
  execute("UPDATE street_blobs SET data = substr(data, 1, length(data) - 1) WHERE part = 'edges'");
  EXPECT_NE(error_of([&] { load_snapshot(path_, 0); }).find("damaged"), std::string::npos);
  write(street_grid({120.17, 30.2}, 10, 100));
  execute("UPDATE street_blobs SET data = substr(data, 1, 80) WHERE part = 'nodes'");
  EXPECT_NE(error_of([&] { load_snapshot(path_, 0); }).find("not there"), std::string::npos);
}

TEST_F(StreetStore, refuses_a_limit_that_is_none) {
  write(street_grid({120.17, 30.2}, 10, 100));
  execute("INSERT INTO meta VALUES ('streets', 'snap_limit_m', 'far')");
  EXPECT_NE(error_of([&] { load_snapshot(path_, 0); }).find("snap_limit_m"), std::string::npos);
}

}  // namespace
}  // namespace jobmap::data
