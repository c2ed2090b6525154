#pragma once
// Coordinates for the log, too coarse to be anybody's place: degrees by 0.01, some 1,100 m, and what can only
// be metres by the thousand.
//
//   coarse_number(120.15937);                                      // "120.16"
//   coarse_number(13376423.5);                                     // "13376000"
//   coarse_numbers("crosses at 120.1593 30.2569", Which::precise);  // "crosses at 120.16 30.26"
#include <string>
#include <string_view>

namespace jobmap::api {

// At most two decimals.
std::string coarse_number(double value);

// precise: those with an exponent or more than two decimals; planar: also whole ones of six digits and more,
// as metres of a projected coordinate system have.
enum class Which { all, precise, planar };

// Every such number in a text made coarse; the rest stays as it is.
std::string coarse_numbers(std::string_view text, Which which);

}  // namespace jobmap::api
