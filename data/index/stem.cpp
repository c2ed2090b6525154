#include "data/index/stem.hpp"

#include <algorithm>

namespace jobmap::data {
namespace {

constexpr std::size_t shortest = 3;  // of a stem that has other forms

bool is_plural(std::string_view word) {
  return word.size() > shortest && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") &&
         !word.ends_with("is");
}

bool ends_in_sibilant_e(std::string_view word) {
  for (const std::string_view ending : {"se", "ze", "xe", "che", "she"})
    if (word.ends_with(ending)) return true;
  return false;
}

}  // namespace

bool has_forms(std::string_view word) {
  return word.size() >= shortest &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string stem(std::string_view word) {
  std::string out(word);
  if (!has_forms(word)) return out;
  if (is_plural(out)) out.pop_back();
  if (out.size() > shortest && out.ends_with("ie")) out.replace(out.size() - 2, 2, "y");
  if (out.size() > shortest && ends_in_sibilant_e(out)) out.pop_back();
  return out;
}

std::vector<std::string> forms_of(std::string_view stem_of_all) {
  const std::string s(stem_of_all);
  std::vector<std::string> forms{s, s + "s", s + "e", s + "es"};
  if (s.ends_with('y'))
    for (const char* ending : {"ie", "ies"}) forms.push_back(s.substr(0, s.size() - 1) + ending);
  std::erase_if(forms, [&](const std::string& form) { return stem(form) != s; });
  if (forms.empty()) forms.push_back(s);
  return forms;
}

}  // namespace jobmap::data
