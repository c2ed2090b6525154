#include "server/encode/appender.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace jobmap::encode {
namespace {

void write(Appender& a, std::string_view text) { a.advance(put_bytes(a.room(text.size()), text)); }

TEST(Appender, TrimsWhatItGrewAtTheEnd) {
  std::string body = "head ";
  {
    Appender a(body);
    write(a, "and tail");
    EXPECT_GT(body.size(), 1000u);
  }
  EXPECT_EQ(body, "head and tail");
}

// Growth is filled with zeros, so a short text at the end of a long string must not cost the whole of it
// again.
TEST(Appender, GrowsByWhatItWritesNotByWhatIsThere) {
  std::string body(1 << 20, 'x');
  Appender a(body);
  std::size_t written = 0;
  for (const std::size_t size : {10, 2000, 30'000}) {
    write(a, std::string(size, 'y'));
    written += size;
    EXPECT_LE(body.size(), (1u << 20) + 2 * written + 1024);
  }
  a.finish();
  EXPECT_EQ(body.size(), (1u << 20) + written);
}

TEST(Appender, OutlivesAStringThatHasMovedAway) {
  for (const std::size_t size : {0, 1, 15, 16, 5000}) {
    std::string body, elsewhere;
    {
      Appender a(body);
      write(a, std::string(size, 'x'));
      a.finish();
      elsewhere = std::move(body);
      body.clear();
    }
    EXPECT_EQ(elsewhere, std::string(size, 'x'));
    EXPECT_EQ(body, "");
  }
}

TEST(Appender, EvenWhereItWasNotFinished) {
  std::string body, elsewhere;
  {
    Appender a(body);
    write(a, "half an answer");
    elsewhere = std::move(body);
  }
  EXPECT_TRUE(elsewhere.starts_with("half an answer"));
  EXPECT_EQ(body, "");
}

TEST(Appender, LeavesWhatTheCallerAppendedSince) {
  std::string body;
  body.reserve(4000);  // so that it doesn't move
  {
    Appender a(body);
    write(a, "ours");
    a.finish();
    body += " and theirs";
  }
  EXPECT_EQ(body, "ours and theirs");
}

}  // namespace
}  // namespace jobmap::encode
