#pragma once
// The unified social credit code of an employer (统一社会信用代码, GB 32100-2015): eighteen characters of an
// alphabet of 31, the last of which checks the others with the weights 3^i mod 31. Any change of one
// character is noticed.
//
//   is_valid_uscc("91330100799655058B") == true;
//   uscc_check_character("91330100799655058") == 'B';
#include <string_view>

namespace jobmap::data {

inline constexpr std::string_view uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// The 18th character for the first 17; '\0' if one of them isn't in the alphabet.
char uscc_check_character(std::string_view first17);
// Capital letters only; characters 3 to 8 are the digits of a division code.
bool is_valid_uscc(std::string_view code);

}  // namespace jobmap::data
