#pragma once
// A job posting as it is stored and exchanged: every field of schema.org/JobPosting that the map serves,
// under the API's names. The importer and the sample generator write it, the snapshot reads it back.
//
//   Posting p; p.source = "synthetic"; p.id = "1"; p.category = Category::gig;
//   parse_category("gig") == Category::gig;  name_of(Category::gig) == "gig";
//
// Absent is an empty string, an empty optional, or the enumerator `none`. Times are seconds since 1970 UTC.
// Money is yuan in fen (1/100 yuan), so that 22.50 yuan an hour stays exact.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "geo/coords.hpp"

namespace jobmap::data {

enum class Category : std::uint8_t { full_time, gig, internship };
inline constexpr std::array<std::string_view, 3> category_names{"full_time", "gig", "internship"};

enum class PayUnit : std::uint8_t { none, month, day, hour, piece };
inline constexpr std::array<std::string_view, 5> pay_unit_names{"", "month", "day", "hour", "piece"};

enum class Settlement : std::uint8_t { none, day, week, month, job };
inline constexpr std::array<std::string_view, 5> settlement_names{"", "day", "week", "month", "job"};

// Ordered by what they ask for. GB/T 4658 codes beside them; `none` asks for nothing.
enum class Education : std::uint8_t {
  none,
  primary,
  junior_secondary,
  senior_secondary,
  vocational,
  associate,
  bachelor,
  master,
  doctor
};
inline constexpr std::array<std::string_view, 9> education_names{
    "none",   "primary", "junior_secondary", "senior_secondary", "vocational", "associate", "bachelor",
    "master", "doctor"};
inline constexpr std::array<std::string_view, 9> education_codes{"90", "80", "70", "60", "40",
                                                                 "30", "20", "14", "11"};

// From the most precise to the least. A posting placed by community or district has no point on the map.
enum class Precision : std::uint8_t { exact, address, street, community, district };
inline constexpr std::array<std::string_view, 5> precision_names{"exact", "address", "street", "community",
                                                                 "district"};
constexpr bool has_point(Precision p) { return p <= Precision::street; }

template <typename Enum, std::size_t N>
std::optional<Enum> parse_enum(const std::array<std::string_view, N>& names, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == text && !text.empty()) return static_cast<Enum>(i);
  return std::nullopt;
}
inline auto parse_category(std::string_view s) { return parse_enum<Category>(category_names, s); }
inline auto parse_pay_unit(std::string_view s) { return parse_enum<PayUnit>(pay_unit_names, s); }
inline auto parse_settlement(std::string_view s) { return parse_enum<Settlement>(settlement_names, s); }
inline auto parse_precision(std::string_view s) { return parse_enum<Precision>(precision_names, s); }
// A name ("bachelor") or a GB/T 4658 code ("20").
inline std::optional<Education> parse_education(std::string_view s) {
  if (auto e = parse_enum<Education>(education_names, s)) return e;
  return parse_enum<Education>(education_codes, s);
}
constexpr std::string_view name_of(Category v) { return category_names[static_cast<std::size_t>(v)]; }
constexpr std::string_view name_of(PayUnit v) { return pay_unit_names[static_cast<std::size_t>(v)]; }
constexpr std::string_view name_of(Settlement v) { return settlement_names[static_cast<std::size_t>(v)]; }
constexpr std::string_view name_of(Education v) { return education_names[static_cast<std::size_t>(v)]; }
constexpr std::string_view name_of(Precision v) { return precision_names[static_cast<std::size_t>(v)]; }

struct Posting {
  std::string source, id;  // id is unique within source; outside it is "source:id"
  std::string title, description;
  Category category = Category::full_time;
  std::int32_t openings = 1;  // >= 1
  std::string employer, uscc;
  std::optional<std::int32_t> pay_min, pay_max;  // fen; pay_min <= pay_max
  PayUnit pay_unit = PayUnit::none;
  Settlement settlement = Settlement::none;  // gig
  std::string shifts;                        // gig: "09:00-12:00;18:00-02:00", local time, may cross midnight
  std::optional<std::int32_t> months;        // internship: 3..12
  std::optional<std::int32_t> stipend;       // internship: fen a month
  std::optional<Education> education;
  std::optional<std::int32_t> experience;  // years asked for
  std::string occupation;                  // code of the national occupation classification, "2-02-10-03"
  std::string industry;                    // GB/T 4754 letter, "I"
  std::string address, district;           // district: GB/T 2260 adcode
  std::optional<geo::LonLat> point;        // WGS84; absent unless has_point(precision)
  Precision precision = Precision::district;
  std::string apply_url, contact;
  std::optional<std::int64_t> published_at;
  std::int64_t expires_at = 0;

  bool operator==(const Posting&) const = default;
};

}  // namespace jobmap::data
