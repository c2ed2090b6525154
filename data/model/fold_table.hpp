#pragma once
// The table that data/model/make_fold_table.cpp writes at build time; data/model/fold.cpp reads it.
//
//   const char32_t code = U'Ａ';
//   const std::uint32_t to = fold_pages[fold_page_of[code / fold_page]][code % fold_page];    // bits as below
#include <cstdint>

namespace jobmap::data {

inline constexpr unsigned fold_page = 256;
inline constexpr std::uint32_t fold_code = (1u << 21) - 1;  // bits of a code, or of a place in fold_strings
inline constexpr std::uint32_t fold_plain = 1u << 28;
inline constexpr std::uint32_t fold_deleted = 1u << 29;
inline constexpr std::uint32_t fold_string = 1u << 30;
inline constexpr std::uint32_t fold_composes = 1u << 31;

extern const std::uint8_t fold_page_of[0x110000 / fold_page];
extern const std::uint32_t fold_pages[][fold_page];
extern const char32_t fold_strings[];

}  // namespace jobmap::data
