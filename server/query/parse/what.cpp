#include <algorithm>
#include <cmath>

#include "data/model/shifts.hpp"
#include "data/model/time.hpp"
#include "server/query/parse/parameter_groups.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query {
namespace {

void industry(Parsing& p) {
  const auto letters = p.reader.list("industry");
  if (!letters) return;
  for (const auto& l : *letters) {
    if (l.size() == 1 && l[0] >= 'A' && l[0] <= 'T')
      p.query.industries |= 1u << (l[0] - 'A');
    else
      p.reader.fail("industry", l, "there is no such industry",
                    "letters A to T of GB/T 4754, comma-separated");
  }
  std::string value;
  for (unsigned i = 0; i < 20; ++i)
    if (p.query.industries >> i & 1)
      value += (value.empty() ? "" : ",") + std::string(1, static_cast<char>('A' + i));
  p.canonical.add("industry", value);
}

void pay(Parsing& p) {
  const auto unit = p.reader.text("pay_unit");
  const auto named = p.either("pay_min", "pay_at_least");
  const auto least = p.reader.number(named, 0, 10'000'000);
  if (unit) {
    const auto parsed = data::parse_pay_unit(*unit);
    if (!parsed)
      return p.reader.fail("pay_unit", *unit, "there is no such unit", joined(data::pay_unit_names));
    p.query.pay_unit = *parsed;
    p.canonical.add("pay_unit", *unit);
  }
  if (!least) return;
  if (!unit)
    return p.reader.fail(named, shortest_decimal(*least),
                         std::string(named) + " needs pay_unit, since units are never converted",
                         "pay_unit=" + joined(data::pay_unit_names));
  // Pay is kept in fen; a limit between two fen is reached by the upper one.
  p.query.pay_min = static_cast<std::int32_t>(std::ceil(*least * 100 - 1e-6));
  p.canonical.add("pay_min", *p.query.pay_min / 100.0);
}

void validity(Parsing& p) {
  const auto text = p.reader.text("datetime");
  if (!text) return;
  p.query.valid = parse_time_span(*text, p.city.zone);
  if (!p.query.valid)
    return p.reader.fail("datetime", *text, "this is neither a time nor an interval",
                         std::string(time_span_forms));
  p.canonical.add("datetime", to_text(*p.query.valid));
}

void shift(Parsing& p) {
  const auto text = p.reader.text("shift");
  if (!text) return;
  p.query.shift = data::parse_window(*text);
  if (p.query.shift)
    p.canonical.add("shift", to_text(*p.query.shift));
  else
    p.reader.fail("shift", *text, "this is no window of the day", std::string(data::window_form));
}

void what(Parsing& p) {
  if (const auto names = p.reader.list("category")) {
    for (const auto& name : *names) {
      if (const auto c = data::parse_category(name))
        p.query.categories = static_cast<std::uint8_t>(p.query.categories | 1u << static_cast<unsigned>(*c));
      else
        p.reader.fail("category", name, "there is no such category", joined(data::category_names));
    }
    std::string value;
    for (unsigned c = 0; c < 3; ++c)
      if (p.query.categories >> c & 1)
        value += (value.empty() ? "" : ",") + std::string(data::category_names[c]);
    p.canonical.add("category", value);
  }
  const auto level = p.either("education", "education_at_most");
  if (const auto name = p.reader.text(level)) {
    p.query.education = data::parse_education(*name);
    if (!p.query.education)
      p.reader.fail(level, *name, "there is no such level",
                    joined(data::education_names) + ", or a GB/T 4658 code");
    else
      p.canonical.add("education", name_of(*p.query.education));
  }
  if (const auto years = p.reader.integer("experience_max", 0, 60)) {
    p.query.experience_max = static_cast<int>(*years);
    p.canonical.add("experience_max", static_cast<double>(*years));
  }
  industry(p);
  const auto beginning = p.either("occupation", "occupation_prefix");
  if (const auto prefix = p.reader.text(beginning)) {
    const bool ok = prefix->size() <= 16 && std::all_of(prefix->begin(), prefix->end(), [](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
                    });
    if (!ok)
      p.reader.fail(beginning, *prefix, "this is not the beginning of an occupation code",
                    "digits, capital letters and hyphens, as in 2-02");
    p.query.occupation_prefix = *prefix;
    p.canonical.add("occupation", *prefix);
  }
  if (const auto text = p.reader.text("posted_since")) {
    if (const auto time = data::parse_time(*text, p.city.zone)) {
      p.query.posted_since = time->seconds;
      char text_of[data::time_size];
      data::format_time(time->seconds, text_of);
      p.canonical.add("posted_since", std::string_view(text_of, data::time_size));
    } else {
      p.reader.fail("posted_since", *text, "this is not a time",
                    "an RFC 3339 date or time: 2026-11-23 or 2026-11-23T08:00:00+08:00");
    }
  }
  const auto at_least = p.either("precision", "precision_at_least");
  if (const auto name = p.reader.text(at_least)) {
    p.query.precision = data::parse_precision(*name);
    if (!p.query.precision)
      p.reader.fail(at_least, *name,
                    name->find(',') == std::string::npos
                        ? std::string("there is no such precision")
                        : std::string(at_least) + " takes one value, which better ones meet too",
                    "one of " + joined(data::precision_names));
    else
      p.canonical.add("precision", name_of(*p.query.precision));
  }
}

}  // namespace

void parse_what(Parsing& p) {
  what(p);
  shift(p);
  validity(p);
  pay(p);
}

}  // namespace jobmap::query
