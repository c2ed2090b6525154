#pragma once
// The words of the synthetic sample: what is worked at, under which title, for what pay, asking what, and how
// an advertisement says so. Titles are of real occupations; figures and sentences are invented.
//
//   for (const Trade& t : trades()) use(t.title, weight_of(t, Kind::tech));
//   phrases(Group::software).duties[0];        // "负责核心业务系统的设计、开发与维护"
//
// Occupation codes have the form of the national classification of occupations and lie in its right major
// group; they have not been checked against it one by one. Industries are the letters of GB/T 4754.
#include <cstdint>
#include <span>
#include <string_view>

#include "data/ingest/sample/profile.hpp"
#include "data/model/posting.hpp"

namespace jobmap::data::sample {

enum class Group : std::uint8_t {
  software,
  data,
  design,
  online,
  sales,
  finance,
  office,
  retail,
  catering,
  hotel,
  delivery,
  driving,
  warehouse,
  factory,
  technical,
  building,
  health,
  care,
  teaching,
  security,
  cleaning,
  beauty,
  farming,
  research,
  media,
  property,
  service,
  energy,
  environment,
  community,
  count
};

struct Trade {
  std::string_view title, occupation;
  char industry;  // '*': in any industry
  Group group;
  Education education;
  std::uint8_t experience_max;     // years
  std::int32_t pay_low, pay_high;  // yuan a month
  std::string_view categories;     // three digits: how often full_time, gig, internship
  std::string_view weights;        // ten digits: how often in each Kind
};

struct Phrases {
  std::span<const std::string_view> duties, wishes;
};

std::span<const Trade> trades();
Phrases phrases(Group group);
// The words by which a firm of an industry names its business: 网络科技.
std::span<const std::string_view> businesses(char industry);
// The last sentence of an advertisement.
std::span<const std::string_view> closings(Category category);

inline std::uint32_t weight_of(const Trade& trade, Kind kind) {
  return static_cast<std::uint32_t>(trade.weights[static_cast<std::size_t>(kind)] - '0');
}

}  // namespace jobmap::data::sample
