// Explains the parameters that ask for a job's own words and numbers.
#include <algorithm>

#include "data/index/search_terms.hpp"
#include "data/model/time.hpp"
#include "server/query/explain/explain.hpp"
#include "server/query/parse/job_queryables.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {
namespace {

// The property a parameter asks about.
struct Asked {
  std::string_view parameter;
  JobProperty property;
};
constexpr Asked askable[] = {
    {"category", JobProperty::category},         {"education", JobProperty::education},
    {"experience_max", JobProperty::experience}, {"industry", JobProperty::industry},
    {"occupation", JobProperty::occupation},     {"posted_since", JobProperty::published_at},
    {"precision", JobProperty::precision},       {"shift", JobProperty::shifts},
    {"datetime", JobProperty::published_at},     {"pay_unit", JobProperty::pay_unit},
    {"pay_min", JobProperty::pay_max},           {"district", JobProperty::district},
};

std::string time_text(std::int64_t seconds) {
  char text[data::time_size];
  data::format_time(seconds, text);
  return {text, data::time_size};
}

Fact property(const Subject& s, JobProperty which) {
  const JobProperties properties(s.snapshot, s.row);
  const auto value = properties.get(static_cast<int>(which));
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* span = std::get_if<cql2::Span>(&value)) return time_text(span->begin);
  return {};
}

std::string in_words(const Fact& fact) {
  if (const auto* number = std::get_if<double>(&fact)) return shortest_decimal(*number);
  if (const auto* text = std::get_if<std::string>(&fact)) return *text;
  return "not said";
}

}  // namespace

void say_what(const Subject& s, Verdict& v) {
  v.limit = v.value;
  if (v.parameter == "filter") {
    v.text = v.passed ? "the expression is true of it" : "the expression is not true of it";
    return;
  }
  const auto* it = std::find_if(std::begin(askable), std::end(askable),
                                [&](const Asked& a) { return a.parameter == v.parameter; });
  v.actual = property(s, it->property);
  std::string name = v.parameter;
  if (v.parameter == "pay_min") {
    v.limit = *s.query.pay_min / 100.0;
    name = "pay_max";
    if (std::holds_alternative<std::monostate>(v.actual))
      v.actual = property(s, JobProperty::pay_min), name = "pay_min, which stands alone,";
  } else if (v.parameter == "experience_max") {
    v.limit = static_cast<double>(*s.query.experience_max);
    name = "experience";
  } else if (v.parameter == "posted_since") {
    name = "published_at";
  } else if (v.parameter == "datetime") {
    v.actual = in_words(v.actual) + '/' + in_words(property(s, JobProperty::expires_at));
    name = "published_at to expires_at";
  } else if (v.parameter == "shift") {
    name = "shifts";
  }
  v.text = name + " is " + in_words(v.actual) + (v.passed ? ", which passes " : ", which does not pass ") +
           in_words(v.limit);
}

void say_text(const Subject& s, Verdict& v) {
  std::string missing, excluded;
  for (const auto& term : s.query.terms) {
    if (s.snapshot.jobs->texts->find({term})->rows.test(s.row)) continue;
    const bool is_excluded = data::read_term(term).excluded;
    auto& list = is_excluded ? excluded : missing;
    (list += list.empty() ? "" : ", ") += term.substr(is_excluded);
  }
  v.limit = v.value;
  const std::string where = "its title, employer, description or address";
  v.text = missing.empty() && excluded.empty() ? "every term is in " + where
           : missing.empty()                   ? "left out for what is in " + where + ": " + excluded
                                               : "not in " + where + ": " + missing;
}

}  // namespace jobmap::query
