#include "data/ingest/sample/csv.hpp"

#include <cstdio>

#include "data/model/time.hpp"

namespace jobmap::data::sample {
namespace {

// RFC 4180: quotes round what holds a comma, a quote or the end of a line.
void append_text(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == text.npos) {
    out += text;
  } else {
    out += '"';
    for (const char c : text) out.append(c == '"' ? 2 : 1, c);
    out += '"';
  }
  out += ',';
}

void append_number(const std::optional<std::int32_t>& number, std::string& out) {
  if (number) out += std::to_string(*number);
  out += ',';
}

void append_yuan(const std::optional<std::int32_t>& fen, std::string& out) {
  if (fen) {
    out += std::to_string(*fen / 100);
    if (*fen % 100) out += {'.', static_cast<char>('0' + *fen / 10 % 10), static_cast<char>('0' + *fen % 10)};
  }
  out += ',';
}

void append_point(const std::optional<geo::LonLat>& point, std::string& out) {
  char text[40] = ",,";
  if (point) std::snprintf(text, sizeof text, "%.7f,%.7f,", point->lon, point->lat);
  out += text;
}

void append_time(std::int64_t seconds, std::string& out) {
  char text[time_size];
  format_time(seconds, text);
  out.append(text, time_size);
}

}  // namespace

void append_csv(const Posting& p, std::string& out) {
  for (const std::string* text : {&p.id, &p.source, &p.title, &p.description}) append_text(*text, out);
  append_text(name_of(p.category), out);
  append_number(p.openings, out);
  for (const std::string* text : {&p.employer, &p.uscc}) append_text(*text, out);
  append_yuan(p.pay_min, out);
  append_yuan(p.pay_max, out);
  append_text(name_of(p.pay_unit), out);
  append_text(settlement_names[static_cast<std::size_t>(p.settlement)], out);
  append_text(p.shifts, out);
  append_number(p.months, out);
  append_yuan(p.stipend, out);
  append_text(p.education ? name_of(*p.education) : std::string_view{}, out);
  append_number(p.experience, out);
  for (const std::string* text : {&p.occupation, &p.industry, &p.address, &p.district})
    append_text(*text, out);
  append_point(p.point, out);
  append_text(name_of(p.precision), out);
  for (const std::string* text : {&p.apply_url, &p.contact}) append_text(*text, out);
  if (p.published_at) append_time(*p.published_at, out);
  out += ',';
  append_time(p.expires_at, out);
  out += '\n';
}

}  // namespace jobmap::data::sample
