#pragma once
// The properties of a job in an answer, in the order they are written: what fields= may name.
//
//   field_names[static_cast<std::size_t>(Field::pay_min)] == "pay_min";
//   if (query.fields >> unsigned(Field::pay_min) & 1) use(row);        // the answer has it
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace jobmap::query {

enum class Field : unsigned {
  source,
  title,
  description,
  category,
  openings,
  employer,
  uscc,
  pay_min,
  pay_max,
  pay_unit,
  settlement,
  shifts,
  months,
  stipend,
  education,
  experience,
  occupation,
  industry,
  address,
  district,
  precision,
  apply_url,
  contact,
  published_at,
  expires_at,
  distance_m,
  minutes,
  minutes_from,
  legs,
  stations,
  service_point,
  count
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Field::count)> field_names{
    "source",    "title",      "description",  "category",   "openings",   "employer", "uscc",
    "pay_min",   "pay_max",    "pay_unit",     "settlement", "shifts",     "months",   "stipend",
    "education", "experience", "occupation",   "industry",   "address",    "district", "precision",
    "apply_url", "contact",    "published_at", "expires_at", "distance_m", "minutes",  "minutes_from",
    "legs",      "stations",   "service_point"};

inline constexpr std::uint64_t all_fields = (1ull << field_names.size()) - 1;

}  // namespace jobmap::query
