#pragma once
// The districts of jobs as numbers of the table: by geometry where a job has a point, else by the code it
// names.
//
//   // The numbers of codes[i]; fills table.district_codes.
//   const auto numbers = number_district_codes(table, city, codes);
//   find_districts(table, city);          // of the rows with a point
//
// Codes that no district of the city bears are numbered behind the districts (JobTable::district), so that a
// database without districts, or with fewer than its jobs name, loses none. More than 254 of both together
// are a std::runtime_error.
#include <cstdint>
#include <string>
#include <vector>

#include "data/index/snapshot.hpp"

namespace jobmap::data {

std::vector<std::uint8_t> number_district_codes(JobTable& table, const City& city,
                                                const std::vector<std::string>& codes);
void find_districts(JobTable& table, const City& city);

}  // namespace jobmap::data
