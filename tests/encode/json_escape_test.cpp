// Text as JSON, held against escaping each byte by itself, however long the text and wherever the byte is.
#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "server/encode/json_writer.hpp"

namespace jobmap::encode {
namespace {

std::string one_by_one(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(byte));
      out += escape;
    } else {
      out += c;
    }
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::vector<char> out(text.size() * 6 + 1);
  return {out.data(), put_escaped(out.data(), text)};
}

TEST(JsonEscape, EachByteAtEachPlace) {
  for (std::size_t size = 1; size <= 40; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(escaped(text), one_by_one(text)) << "byte " << byte << " at " << at << " of " << size;
      }
}

TEST(JsonEscape, RandomBytes) {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 100, ' ');
    // Few of them need an escape, as in what people write.
    for (char& c : text) c = static_cast<char>(random() % 100 ? 0x60 + random() % 0xA0 : random() % 0x60);
    ASSERT_EQ(escaped(text), one_by_one(text));
  }
}

}  // namespace
}  // namespace jobmap::encode
