#pragma once
// The terms of a q, each in one spelling that says how it is meant.
//
//   search_terms("Java工程师 -实习 \"machine learning\"");
//   // {"\"machine learning\"", "-实习", "java", "工程师"}
//   read_term("-\"machine learning\"");
//   // {.excluded = true, .exact = true, .pieces = {"machine", "learning"}}
//
// Between double quotes (" or “ ”) the pieces of data/index/terms.hpp follow each other, and each is meant as it is
// written: no plural, no synonym. A minus in front of a word, a run or a quote, at the beginning or behind a
// blank, leaves out what has it; up to the next blank or quote it is one phrase ("-Java工程师"). A quote that
// isn't closed and any other minus only separate.
#include <string>
#include <string_view>
#include <vector>

namespace jobmap::data {

struct SearchTerm {
  bool excluded = false, exact = false;
  std::vector<std::string> pieces;  // several of a phrase, else one
};

// Sorted, each once.
std::vector<std::string> search_terms(std::string_view q);
// A term as search_terms() spells it.
SearchTerm read_term(std::string_view spelled);

}  // namespace jobmap::data
