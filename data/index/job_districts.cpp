#include "data/index/job_districts.hpp"

#include <algorithm>
#include <stdexcept>

#include "geo/polygon_index.hpp"

namespace jobmap::data {

std::vector<std::uint8_t> number_district_codes(JobTable& t, const City& city,
                                                const std::vector<std::string>& codes) {
  const auto known = city.districts.size();
  for (const auto& code : codes)
    if (!city.find_district(code)) t.district_codes.push_back(code);
  std::sort(t.district_codes.begin(), t.district_codes.end());
  if (known + t.district_codes.size() >= no_district)
    throw std::runtime_error(
        "more than 254 districts and codes of districts that jobs name: import the districts, or fewer jobs");
  std::vector<std::uint8_t> numbers;
  for (const auto& code : codes) {
    const auto place = std::lower_bound(t.district_codes.begin(), t.district_codes.end(), code);
    const auto behind = known + static_cast<std::size_t>(place - t.district_codes.begin());
    numbers.push_back(static_cast<std::uint8_t>(city.find_district(code).value_or(behind)));
  }
  return numbers;
}

// Whole nodes of the tree at a time, so only rows near a border meet an edge. A point on a border belongs to
// the district that comes first.
void find_districts(JobTable& t, const City& city) {
  for (std::size_t d = city.districts.size(); d-- > 0;) {
    const geo::PolygonIndex area(city.districts[d].geometry);
    t.tree.walk([&](const geo::BoxE7& box) { return area.relate(box); },
                [&](Row begin, Row end, bool inside) {
                  for (Row row = begin; row < end; ++row)
                    if (inside || area.contains(t.tree.point(row)))
                      t.district[row] = static_cast<std::uint8_t>(d);
                });
  }
}

}  // namespace jobmap::data
