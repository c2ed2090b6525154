#pragma once
// Words of Latin letters without what makes them plural, so that engineer finds engineers.
//
//   stem("engineers") == stem("engineer");  stem("companies") == stem("company");
//   stem("coaches") == stem("coach");
//   stem("java") == "java";  stem("c++") == "c++";  stem("aws") == "aws";
//   forms_of(stem("nurses"));        // {"nurs", "nurse", "nurses", ...}, every word of that stem
//
// This is Harman's S-stemmer (How effective is suffixing?, JASIS 42, 1991) with the e that follows a
// sibilant. It is light on purpose: Porter's rules take engine, engineer and engineering for one word, and
// whoever looks for an engineer is not served by engine fitters. A stem is for comparing; it need not be a
// word, and the stem of a stem may be another. Words are in lower case, as data/index/terms.hpp has them. Those
// with a digit or a sign, and those of up to three letters, are their own stems.
#include <string>
#include <string_view>
#include <vector>

namespace jobmap::data {

std::string stem(std::string_view word);
// Whether other words may have its stem.
bool has_forms(std::string_view word);
std::vector<std::string> forms_of(std::string_view stem);

}  // namespace jobmap::data
