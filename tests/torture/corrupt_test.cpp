// Databases with bytes changed, runs overwritten or the end cut off, loaded as jobmapd does at its start:
// each is served or refused in one sentence within ten seconds, and neither crashes. More of it:
// JOBMAP_ROUNDS=10000 corrupt_test
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "data/store/load.hpp"
#include "data/store/sqlite.hpp"
#include "data/store/store.hpp"
#include "tests/torture/program.hpp"

namespace jobmap::torture {
namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr std::size_t page = 4096;

// A small database with all its tables in use; the systems of coordinates, nine tenths of it, are left out.
std::string small_database(const data::Scratch& dir) {
  const auto path = dir / "small.sqlite", errors = dir / "errors";
  EXPECT_EQ(run({JOBMAP_PROGRAM, "sample", "--db", path, "--jobs", "300", "--seed", "3"}, errors).code, 0);
  EXPECT_EQ(run({JOBMAP_PROGRAM, "import-osm", "--db", path, "--region", "any", JOBMAP_TOWN}, errors).code,
            0);
  auto db = data::Database::open_writer(path);
  db.execute("PRAGMA foreign_keys = OFF");
  db.execute("DELETE FROM spatial_ref_sys");
  db.execute("PRAGMA journal_mode = DELETE");
  db.execute("VACUUM");
  return path;
}

void change(std::string& bytes, std::mt19937& random) {
  const auto any = [&](std::size_t below) { return random() % below; };
  switch (any(6)) {
    case 0:  // at a page's border, or beside it
      bytes.resize(std::min(bytes.size() - 1, any(bytes.size() / page) * page + any(3)));
      break;
    case 1:  // in a page's head, where its kind and the places of its cells stand
      for (std::size_t n = 1 + any(4), at = any(bytes.size() / page) * page; n > 0; --n)
        bytes[at + any(64)] = static_cast<char>(random());
      break;
    case 2:  // a run
      for (std::size_t at = any(bytes.size()), end = std::min(bytes.size(), at + 1 + any(2 * page)); at < end;
           ++at)
        bytes[at] = static_cast<char>(random());
      break;
    case 3: {  // one page in the place of another
      const auto from = any(bytes.size() / page) * page, to = any(bytes.size() / page) * page;
      bytes.replace(to, page, bytes.substr(from, page));
      break;
    }
    default:
      for (std::size_t n = 1 + any(40); n > 0; --n) bytes[any(bytes.size())] = static_cast<char>(random());
  }
}

TEST(Corrupt, IsServedOrRefusedInASentence) {
  data::Scratch dir;
  const auto whole = data::Scratch::read(small_database(dir));
  const auto path = dir / "a.sqlite";
  dir.write("a.sqlite", whole);
  ASSERT_NO_THROW(data::load_snapshot(path, now));
  const char* text = std::getenv("JOBMAP_SEED");
  const auto first = static_cast<unsigned>(text ? std::atoi(text) : 1);
  int served = 0, refused = 0;
  for (unsigned seed = first; seed < first + static_cast<unsigned>(rounds(60)); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    auto bytes = whole;
    change(bytes, random);
    dir.write("a.sqlite", bytes);
    alarm(10);  // ends the test: a hang is a fault
    try {
      data::load_snapshot(path, now), ++served;
    } catch (const std::exception& e) {
      ++refused;
      EXPECT_FALSE(std::string_view(e.what()).empty());
      EXPECT_EQ(std::string_view(e.what()).find('\n'), std::string_view::npos) << e.what();
    }
    alarm(0);
    EXPECT_EQ(data::Scratch::read(path), bytes) << "reading changes nothing";
  }
  std::printf("from %zu bytes: %d served, %d refused\n", whole.size(), served, refused);
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace jobmap::torture
