#pragma once
// Numbers as a request spells them, and as we spell them back. Locale-free.
//
//   parse_number("120.16") == 120.16;  !parse_number("nan");  !parse_number("1 ");
//   shortest_decimal(0.1) == "0.1";
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jobmap::query {

// A finite decimal number, whole text, no leading '+', no hex, no exponent overflow.
std::optional<double> parse_number(std::string_view text);
std::optional<long long> parse_integer(std::string_view text);
// A number of a tile's address: decimal digits in their one spelling, up to 2^32 - 1.
std::optional<std::uint32_t> parse_index(std::string_view text);
// The shortest decimal that reads back as the same number.
std::string shortest_decimal(double v);

}  // namespace jobmap::query
