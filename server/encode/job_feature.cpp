#include "server/encode/job_feature.hpp"

#include <cmath>

#include "data/model/time.hpp"
#include "server/encode/travel.hpp"

namespace jobmap::encode {
namespace {

using data::JobText;
using query::Field;

constexpr std::size_t most_escaped = 6;  // bytes of JSON to a byte of text, "\u0000"
// Names, punctuation, numbers and times of a feature with all properties but its texts and stations.
constexpr std::size_t frame_bytes = 1280;

char* put_text(char* at, std::string_view value, bool plain) {
  return plain ? put_bytes(at, value) : put_escaped(at, value);
}

char* put_time(char* at, std::int64_t seconds) {
  data::format_time(seconds, at);
  return put(at + data::time_size, "\"");
}

// An object yet to be closed.
void write_names(JsonWriter& w, std::string_view id, std::string_view name) {
  w.raw(R"({"id":)"), w.text(id), w.raw(R"(,"name":)"), w.text(name);
}

// The forms that properties have. A name is a literal: comma, key, colon, and the quote before a text.
class Properties {
 public:
  Properties(const query::JobQuery& q, const JobRecord& r) : fields_(q.fields), r_(r) {}

  template <std::size_t n>
  char* text(char* at, Field field, JobText::Field index, const char (&name)[n]) const {
    const auto value = r_.text.field[index];
    if (value.empty() || !wants(field)) return at;
    at = put_text(put(at, name), value, !(r_.text.escape >> index & 1));
    return put(at, "\"");
  }
  template <std::size_t n>
  char* word(char* at, Field field, const char (&name)[n], std::string_view value) const {
    if (value.empty() || !wants(field)) return at;
    return put(put_bytes(put(at, name), value), "\"");
  }
  template <std::size_t n>
  char* money(char* at, Field field, const char (&name)[n], std::int32_t fen) const {
    return fen >= 0 && wants(field) ? put_decimal<decimals::yuan>(put(at, name), fen) : at;
  }
  template <std::size_t n>
  char* number(char* at, Field field, const char (&name)[n], std::int32_t value) const {
    if (value < 0 || !wants(field)) return at;
    return put_number(put(at, name), static_cast<std::uint64_t>(value));
  }

 private:
  bool wants(Field field) const { return fields_ >> static_cast<unsigned>(field) & 1; }
  const decltype(query::JobQuery::fields) fields_;
  const JobRecord& r_;
};

}  // namespace

// Everything of a query's fields carries a comma in front; the first one's becomes the brace.
void FeatureWriter::write(const JobRecord& r) {
  char* at = w_.room(most_bytes(r));
  at = geometry(head(at, r), r);
  at = put(at, R"(,"properties":)");
  const auto properties = static_cast<std::size_t>(at - w_.data());  // room asked for on the way may move all
  at = where(terms(what(at, r), r), r);
  const auto& n = *r.numbers;
  if (wants(Field::published_at) && n.published) at = put_time(put(at, R"(,"published_at":")"), n.published);
  if (wants(Field::expires_at)) at = put_time(put(at, R"(,"expires_at":")"), n.expires);
  at = near(at, r);
  if (w_.data() + properties == at) ++at;
  w_.data()[properties] = '{';
  w_.advance(put(at, "}}"));
}

std::size_t FeatureWriter::most_bytes(const JobRecord& r) const {
  std::size_t texts = r.text.bytes;
  if (r.text.escape) texts *= most_escaped;
  const auto& n = *r.numbers;
  texts += 2 * most_escaped * t_.sources[n.source].size();
  if (n.occupation >= 0)
    texts += most_escaped * t_.occupations[static_cast<std::size_t>(n.occupation)].size();
  if (n.district != data::no_district) texts += most_escaped * s_.district_code(n.district).size();
  return frame_bytes + texts;
}

// As it stands inside quotes.
std::string_view FeatureWriter::source(const JobRecord& r) {
  const auto quoted =
      sources_.get(r.numbers->source, [&](JsonWriter& w, std::uint32_t i) { w.text(t_.sources[i]); });
  return quoted.substr(1, quoted.size() - 2);
}

char* FeatureWriter::head(char* at, const JobRecord& r) {
  at = put_bytes(put(at, R"({"type":"Feature","id":")"), source(r));
  *at++ = ':';
  at = put_text(at, r.text.field[JobText::id], !(r.text.escape >> JobText::id & 1));
  return put(at, "\"");
}

char* FeatureWriter::geometry(char* at, const JobRecord& r) const {
  const auto xy = r.located && !wgs84_ ? geo::from_wgs84(q_.crs, r.at) : geo::Xy{};
  // A place that the system has no coordinates for, as a pole in EPSG:3857, has none in the answer.
  if (!r.located || !std::isfinite(xy.x) || !std::isfinite(xy.y)) return put(at, R"(,"geometry":null)");
  at = put(at, R"(,"geometry":{"type":"Point","coordinates":[)");
  const bool degrees = geo::is_geographic(q_.crs);
  const auto exact = r.numbers->at;
  const auto put_one = [&](char* to, std::int32_t e7, double other) {
    return wgs84_    ? put_decimal<decimals::degrees>(to, e7)
           : degrees ? put_rounded<decimals::degrees>(to, other)
                     : put_rounded<decimals::projected>(to, other);
  };
  const auto put_x = [&](char* to) { return put_one(to, exact.lon, xy.x); };
  const auto put_y = [&](char* to) { return put_one(to, exact.lat, xy.y); };
  at = put(q_.y_first ? put_y(at) : put_x(at), ",");
  at = q_.y_first ? put_x(at) : put_y(at);
  return put(at, "]}");
}

char* FeatureWriter::what(char* at, const JobRecord& r) {
  const Properties p(q_, r);
  if (wants(Field::source)) at = put(put_bytes(put(at, R"(,"source":")"), source(r)), "\"");
  at = p.text(at, Field::title, JobText::title, R"(,"title":")");
  at = p.text(at, Field::description, JobText::description, R"(,"description":")");
  at = p.word(at, Field::category, R"(,"category":")", data::category_names[r.numbers->category]);
  at = p.number(at, Field::openings, R"(,"openings":)", r.numbers->openings);
  at = p.text(at, Field::employer, JobText::employer, R"(,"employer":")");
  return p.text(at, Field::uscc, JobText::uscc, R"(,"uscc":")");
}

char* FeatureWriter::terms(char* at, const JobRecord& r) {
  const Properties p(q_, r);
  const auto& n = *r.numbers;
  at = p.money(at, Field::pay_min, R"(,"pay_min":)", n.pay_min);
  at = p.money(at, Field::pay_max, R"(,"pay_max":)", n.pay_max);
  at = p.word(at, Field::pay_unit, R"(,"pay_unit":")", data::pay_unit_names[n.pay_unit]);
  at = p.word(at, Field::settlement, R"(,"settlement":")", data::settlement_names[n.settlement]);
  at = p.text(at, Field::shifts, JobText::shifts, R"(,"shifts":")");
  if (n.months) at = p.number(at, Field::months, R"(,"months":)", n.months);
  at = p.money(at, Field::stipend, R"(,"stipend":)", n.stipend);
  if (n.education != 255)
    at = p.word(at, Field::education, R"(,"education":")", data::education_names[n.education]);
  at = p.number(at, Field::experience, R"(,"experience":)", n.experience);
  if (n.occupation >= 0 && wants(Field::occupation)) {
    const auto& code = t_.occupations[static_cast<std::size_t>(n.occupation)];
    at = put(put_escaped(put(at, R"(,"occupation":")"), code), "\"");
  }
  const char letter[] = {static_cast<char>('A' + n.industry)};
  return n.industry == 255 ? at : p.word(at, Field::industry, R"(,"industry":")", {letter, 1});
}

char* FeatureWriter::where(char* at, const JobRecord& r) const {
  const Properties p(q_, r);
  const auto& n = *r.numbers;
  at = p.text(at, Field::address, JobText::address, R"(,"address":")");
  if (n.district != data::no_district && wants(Field::district))
    at = put(put_escaped(put(at, R"(,"district":")"), s_.district_code(n.district)), "\"");
  at = p.word(at, Field::precision, R"(,"precision":")", data::precision_names[n.precision]);
  at = p.text(at, Field::apply_url, JobText::apply_url, R"(,"apply_url":")");
  return p.text(at, Field::contact, JobText::contact, R"(,"contact":")");
}

char* FeatureWriter::near(char* at, const JobRecord& r) {
  if (r.distance_m >= 0 && wants(Field::distance_m))
    at = put_rounded<decimals::metres>(put(at, R"(,"distance_m":)"), r.distance_m);
  if (r.minutes >= 0 && wants(Field::minutes))
    at = put_rounded<decimals::minutes>(put(at, R"(,"minutes":)"), r.minutes);
  if (r.place && wants(Field::minutes_from))
    at = put(put(at, R"(,"minutes_from":)"), r.place == 1 ? "1" : "2");
  if (!r.legs.empty() && wants(Field::legs)) {
    w_.advance(put(at, R"(,"legs":)"));
    write_legs(w_, r.legs, *s_.city);
    at = w_.room(frame_bytes);
  }
  if (!r.located) return at;
  if (wants(Field::stations)) {
    at = put(at, R"(,"stations":[)");
    for (std::size_t i = 0; i < r.stations.size(); ++i) {
      at = place(at, station(r.stations[i].index), r.stations[i]);
      *at++ = ',';
    }
    if (!r.stations.empty()) --at;
    *at++ = ']';
  }
  if (r.has_service_point && wants(Field::service_point))
    at = place(put(at, R"(,"service_point":)"), site(r.service_point.index), r.service_point);
  return at;
}

// A name is as long as it is: here the room is asked for once more.
char* FeatureWriter::place(char* at, std::string_view names, const NearPlace& near) {
  w_.advance(at);
  at = put_bytes(w_.room(names.size() + frame_bytes), names);
  at = put_rounded<decimals::metres>(put(at, R"(,"distance_m":)"), near.metres);
  at = put(at, R"(,"minutes":)");
  return put(near.minutes >= 0 ? put_rounded<decimals::listed_minutes>(at, near.minutes) : put(at, "null"),
             "}");
}

std::string_view FeatureWriter::station(std::uint32_t index) {
  return stations_.get(index, [&](JsonWriter& w, std::uint32_t i) {
    const auto& station = s_.city->stations[i];
    write_names(w, station.id, station.name);
    w.raw(R"(,"lines":[)");
    for (std::size_t n = 0; n < station.lines.size(); ++n) {
      if (n) w.raw(",");
      w.text(s_.city->lines[station.lines[n]].id);
    }
    w.raw("]");
  });
}

std::string_view FeatureWriter::site(std::uint32_t index) {
  return sites_.get(index, [&](JsonWriter& w, std::uint32_t i) {
    const auto& site = s_.city->service_points[i];
    write_names(w, site.id, site.name);
  });
}

}  // namespace jobmap::encode
