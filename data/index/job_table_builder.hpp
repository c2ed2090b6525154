#pragma once
// Builds the columns of a JobTable from postings in any order.
//
//   JobTableBuilder builder;
//   builder.add(posting);                       // or add(RawJob) straight from a row of the database
//   std::shared_ptr<const JobTable> table = std::move(builder).build(city);
//
// Several builders may be filled on several threads and joined by append(). Texts are not moved again: they
// stay in the order they were added, which for an imported file is close to the order of rows. A text over
// 65,535 bytes or not UTF-8, or more than 255 sources or 254 districts, throws std::runtime_error.
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/index/snapshot.hpp"

namespace jobmap::data {

// One job as plain values; absent is an empty view, no_value, or the enumerator `none`.
struct RawJob {
  std::array<std::string_view, JobText::count> text;
  std::string_view source, occupation, district;
  Category category = Category::full_time;
  PayUnit pay_unit = PayUnit::none;
  Settlement settlement = Settlement::none;
  Precision precision = Precision::district;
  std::uint8_t education = 255, industry = 255, months = 0;
  std::int32_t openings = 1, pay_min = no_value, pay_max = no_value, stipend = no_value;
  std::int8_t experience = no_value;
  std::uint32_t published = 0, expires = 0;
  bool located = false;
  geo::PointE7 point;
};

class JobTableBuilder {
 public:
  void reserve(std::size_t rows, std::size_t text_bytes);
  void add(const RawJob& job);
  void add(const Posting& posting);
  // Once, and `other` must not itself have been appended to.
  void append(JobTableBuilder&& other);
  // `complete_from`: as in the table, where jobs were left out.
  std::shared_ptr<const JobTable> build(const City& city, std::int64_t complete_from = first_minute) &&;

 private:
  // Distinct strings, numbered as they come.
  class Dictionary {
   public:
    std::int32_t number(std::string_view text);
    const std::vector<std::string>& entries() const { return entries_; }

   private:
    struct Hash : std::hash<std::string_view> {
      using is_transparent = void;
    };
    std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> numbers_;
    std::vector<std::string> entries_;
  };
  struct Fixed {  // what is kept of a job beside its texts
    geo::PointE7 point;
    std::uint32_t text_at, published, expires;
    std::int32_t openings, pay_min, pay_max, stipend, occupation, source, district;
    std::uint8_t category, pay_unit, settlement, education, precision, industry, months;
    std::int8_t experience;
    bool located;
  };

  std::uint32_t append_text(const RawJob& job);
  std::vector<std::uint32_t> sort_jobs(JobTable& table) const;
  void fill_columns(JobTable& table, const std::vector<std::uint32_t>& order, const City& city);

  std::vector<Fixed> jobs_;
  std::array<std::vector<char>, 2> text_;  // our own, and that of the builder appended
  Dictionary sources_, occupations_, districts_;
};

}  // namespace jobmap::data
