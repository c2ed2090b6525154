#include "server/http/read_buffer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace jobmap::http {
namespace {

// Bytes go out in the order they came in, however they are cut, and the buffer is full at its limit and not before.
TEST(ReadBuffer, IsAQueueOfBytes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (std::size_t most : {1, 100, 4096, 5000, 16448}) {
    ReadBuffer buffer(most);
    std::string expected, got;
    std::size_t held = 0;
    for (int step = 0; step < 2000; ++step) {
      if (buffer.make_room()) {
        auto room = buffer.room();
        ASSERT_FALSE(room.empty());
        const std::size_t size = random() % room.size() + 1;
        for (char& c : room.first(size)) expected += c = static_cast<char>(random());
        buffer.received(size);
        held += size;
        ASSERT_LE(held, most);
      } else {
        ASSERT_EQ(held, most);
      }
      const std::size_t size = random() % 3 == 0 ? held : random() % (held + 1);
      got.append(buffer.bytes().data(), size);
      buffer.consume(size);
      held -= size;
      ASSERT_EQ(buffer.bytes().size(), held);
      ASSERT_EQ(buffer.empty(), held == 0);
    }
    got.append(buffer.bytes().data(), held);
    EXPECT_EQ(got, expected);
  }
}

}  // namespace
}  // namespace jobmap::http
