#include "data/ingest/table/uscc.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace jobmap::data {
namespace {

constexpr unsigned seed = 32100;

std::string random_code(std::mt19937& random) {
  std::string code = "91";
  for (int i = 0; i < 6; ++i) code += static_cast<char>('0' + random() % 10);
  for (int i = 0; i < 9; ++i) code += uscc_alphabet[random() % uscc_alphabet.size()];
  return code + uscc_check_character(code);
}

TEST(Uscc, KnowsPublishedCodes) {
  // Large companies give these codes in their own imprints.
  for (const char* code : {"91330100799655058B", "91440300708461136T", "91110000802100433B"})
    EXPECT_TRUE(is_valid_uscc(code)) << code;
}

TEST(Uscc, NoticesAnyChangeOfOneCharacter) {
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int n = 0; n < 50; ++n) {
    const std::string code = random_code(random);
    ASSERT_TRUE(is_valid_uscc(code)) << code;
    for (std::size_t i = 0; i < code.size(); ++i)
      for (const char c : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -")) {
        std::string other = code;
        other[i] = c;
        EXPECT_EQ(is_valid_uscc(other), c == code[i]) << other;
      }
  }
}

TEST(Uscc, NoticesNeighboursThatChangedPlaces) {
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int n = 0; n < 200; ++n) {
    const std::string code = random_code(random);
    for (std::size_t i = 0; i + 1 < code.size(); ++i) {
      std::string other = code;
      std::swap(other[i], other[i + 1]);
      EXPECT_EQ(is_valid_uscc(other), other == code) << code << ' ' << other;
    }
  }
}

TEST(Uscc, RefusesOtherForms) {
  for (const char* code :
       {"", "9133010079965505", "91330100799655058B ", "91330100799655058b", "9133A100799655058B"})
    EXPECT_FALSE(is_valid_uscc(code)) << code;
}

}  // namespace
}  // namespace jobmap::data
