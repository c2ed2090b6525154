#include "data/index/synonyms.hpp"

#include <algorithm>
#include <stdexcept>

#include "data/index/stem.hpp"
#include "data/index/terms.hpp"
#include "data/model/split.hpp"

namespace jobmap::embedded {
extern const std::string_view synonyms;
}

namespace jobmap::data {
namespace {

[[noreturn]] void bad_line(std::size_t line, const std::string& what) {
  throw std::runtime_error("synonyms, line " + std::to_string(line) + ": " + what);
}

std::vector<std::string> read_group(std::string_view text, std::size_t line) {
  std::vector<std::string> group;
  for (const auto member : split(text, ',')) {
    auto terms = terms_of(member);
    if (terms.size() != 1)
      bad_line(line, "'" + std::string(member) + "' is not one word or one run of characters");
    group.push_back(std::move(terms[0]));
  }
  if (group.size() < 2) bad_line(line, "a group has two members or more, parted by commas");
  for (const auto& a : group)
    for (const auto& b : group)
      if (&a != &b && a.find(b) != std::string::npos) bad_line(line, "'" + b + "' is part of '" + a + "'");
  return group;
}

}  // namespace

Synonyms::Synonyms(std::string_view file) {
  std::size_t number = 0;
  for (auto line : split(file, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos || line.starts_with('#')) continue;
    auto group = read_group(line, number);
    for (const auto& known : groups_)
      for (const auto& member : group)
        if (std::find(known.begin(), known.end(), member) != known.end())
          bad_line(number, "'" + member + "' stands in another group too");
    groups_.push_back(std::move(group));
  }
}

const Synonyms& Synonyms::shipped() {
  static const Synonyms synonyms(embedded::synonyms);
  return synonyms;
}

std::vector<std::string> Synonyms::alternatives(std::string_view term) const {
  std::vector<std::string> found{std::string(term)};
  const auto add = [&](std::string alternative) {
    const auto is_known = [&](const std::string& known) {
      return known == alternative ||
             (is_word(known) && is_word(alternative) && stem(known) == stem(alternative));
    };
    if (found.size() < most_alternatives && std::none_of(found.begin(), found.end(), is_known))
      found.push_back(std::move(alternative));
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string now = found[i];
    for (const auto& group : groups_)
      for (const auto& member : group) {
        if (is_word(now) != is_word(member)) continue;
        const bool whole = is_word(now) ? stem(now) == stem(member) : now == member;
        if (!whole && is_word(now)) continue;
        for (auto at = whole ? 0 : now.find(member); at != std::string::npos;
             at = whole ? std::string::npos : now.find(member, at + 1))
          for (const auto& other : group)
            if (&other != &member && (whole || !is_word(other)))
              add(whole ? other : now.substr(0, at) + other + now.substr(at + member.size()));
      }
  }
  return found;
}

}  // namespace jobmap::data
