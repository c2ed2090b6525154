#pragma once
// The one spelling of what was asked, by which equal questions share an answer.
//
//   Canonical canonical;
//   sort_unique(ids);
//   canonical.add("station", joined_ids);  canonical.take();       // "station=a,b"
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/query/syntax/number_text.hpp"
#include "server/query/syntax/percent_coding.hpp"

namespace jobmap::query {

// One spelling of a filter: name=value pairs in a fixed order, values normalised and sorted.
class Canonical {
 public:
  Canonical() { text_.reserve(usual_size); }
  void add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    (text_ += name) += '=';
    text_ += percent_encode(value, ",:/");
  }
  void add(std::string_view name, double value) { add(name, std::string_view(shortest_decimal(value))); }
  std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t usual_size = 192;
  std::string text_;
};

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace jobmap::query
