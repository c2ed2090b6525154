// jobmap.v1.JobList and Job, field by field as proto/jobmap.proto numbers them.
#include <cmath>

#include "geo/deadline.hpp"
#include "server/encode/job_list.hpp"
#include "server/encode/query_plan.hpp"
#include "server/encode/travel.hpp"
#include "server/encode/wire.hpp"

namespace jobmap::encode {
namespace {

using data::JobText;
using query::Field;

constexpr std::size_t expected_job_bytes = 700;
constexpr std::size_t expected_place_bytes = 80;

class JobWriter {
 public:
  JobWriter(WireWriter& w, const query::JobQuery& q, const data::Snapshot& s)
      : w_(w), q_(q), s_(s), t_(*s.jobs) {}

  void write(const JobRecord& r) {
    id(r);
    point(r);
    if (wants(Field::source)) w_.string(3, t_.sources[r.numbers->source]);
    text(r, Field::title, JobText::title, 4);
    text(r, Field::description, JobText::description, 5);
    number(Field::category, 6, r.numbers->category + 1u);
    number(Field::openings, 7, static_cast<std::uint64_t>(r.numbers->openings));
    text(r, Field::employer, JobText::employer, 8);
    text(r, Field::uscc, JobText::uscc, 9);
    terms(r);
    text(r, Field::address, JobText::address, 21);
    if (const auto d = r.numbers->district; d != data::no_district)
      word(Field::district, 22, s_.district_code(d));
    word(Field::precision, 23, data::precision_names[r.numbers->precision]);
    text(r, Field::apply_url, JobText::apply_url, 24);
    text(r, Field::contact, JobText::contact, 25);
    if (r.numbers->published) number(Field::published_at, 26, r.numbers->published);
    number(Field::expires_at, 27, r.numbers->expires);
    near(r);
  }

 private:
  bool wants(Field field) const { return q_.fields >> static_cast<unsigned>(field) & 1; }
  void text(const JobRecord& r, Field field, JobText::Field index, unsigned tag) {
    word(field, tag, r.text.field[index]);
  }
  void word(Field field, unsigned tag, std::string_view value) {
    if (!value.empty() && wants(field)) w_.string(tag, value);
  }
  void number(Field field, unsigned tag, std::uint64_t value) {
    if (wants(field)) w_.uint(tag, value);
  }
  void money(Field field, unsigned tag, std::int32_t fen) {
    if (fen >= 0 && wants(field)) w_.fixed(tag, fen, decimals::yuan);
  }

  void id(const JobRecord& r) {
    const auto& source = t_.sources[r.numbers->source];
    const auto local = r.text.field[JobText::id];
    char* at = w_.room(2 * max_varint + source.size() + 1 + local.size());
    at = put_varint(at, wire_tag(1, WireType::bytes));
    at = put_varint(at, source.size() + 1 + local.size());
    at = put_bytes(at, source);
    *at++ = ':';
    w_.advance(put_bytes(at, local));
  }

  void point(const JobRecord& r) {
    if (!r.located) return;
    geo::Xy p{r.at.lon, r.at.lat};  // of whole 1e-7 degrees
    if (!geo::is_wgs84(q_.crs)) {
      p = geo::from_wgs84(q_.crs, r.at);
      if (!std::isfinite(p.x) || !std::isfinite(p.y)) return;  // the system has no coordinates for the place
      const int places = geo::is_geographic(q_.crs) ? decimals::degrees : decimals::projected;
      p = {rounded(p.x, places), rounded(p.y, places)};
    }
    char* at = w_.room(32);
    at = put_varint(at, wire_tag(2, WireType::bytes));
    at = put_varint(at, 18);
    at = put_fixed64(put_varint(at, wire_tag(1, WireType::fixed64)), p.x);
    w_.advance(put_fixed64(put_varint(at, wire_tag(2, WireType::fixed64)), p.y));
  }

  void terms(const JobRecord& r) {
    money(Field::pay_min, 10, r.numbers->pay_min);
    money(Field::pay_max, 11, r.numbers->pay_max);
    word(Field::pay_unit, 12, data::pay_unit_names[r.numbers->pay_unit]);
    word(Field::settlement, 13, data::settlement_names[r.numbers->settlement]);
    text(r, Field::shifts, JobText::shifts, 14);
    if (r.numbers->months) number(Field::months, 15, r.numbers->months);
    money(Field::stipend, 16, r.numbers->stipend);
    if (r.numbers->education != 255) word(Field::education, 17, data::education_names[r.numbers->education]);
    if (r.numbers->experience >= 0)
      number(Field::experience, 18, static_cast<std::uint64_t>(r.numbers->experience));
    if (r.numbers->occupation >= 0)
      word(Field::occupation, 19, t_.occupations[static_cast<std::size_t>(r.numbers->occupation)]);
    const char letter[] = {static_cast<char>('A' + r.numbers->industry)};
    if (r.numbers->industry != 255) word(Field::industry, 20, {letter, 1});
  }

  void near(const JobRecord& r) {
    if (r.distance_m >= 0 && wants(Field::distance_m)) w_.real(28, r.distance_m, decimals::metres);
    if (r.minutes >= 0 && wants(Field::minutes)) w_.real(31, r.minutes, decimals::minutes);
    if (r.place && wants(Field::minutes_from)) number(Field::minutes_from, 41, r.place);
    if (wants(Field::legs)) write_legs(w_, 40, r.legs, *s_.city);
    for (const auto& near : r.stations) {
      const auto& station = s_.city->stations[near.index];
      const auto nested = w_.begin(29, expected_place_bytes);
      w_.string(1, station.id), w_.string(2, station.name);
      for (const auto line : station.lines) w_.string(3, s_.city->lines[line].id);
      away(near);
      w_.end(nested);
    }
    if (!r.has_service_point || !wants(Field::service_point)) return;
    const auto& site = s_.city->service_points[r.service_point.index];
    const auto nested = w_.begin(30, expected_place_bytes);
    w_.string(1, site.id), w_.string(2, site.name);
    away(r.service_point);
    w_.end(nested);
  }
  void away(const NearPlace& near) {
    w_.real(4, near.metres, decimals::metres);
    if (near.minutes >= 0) w_.real(5, near.minutes, decimals::listed_minutes);
  }

  WireWriter& w_;
  const query::JobQuery& q_;
  const data::Snapshot& s_;
  const data::JobTable& t_;
};

// What the numbers of any answer mean.
void write_context(WireWriter& w, const query::JobQuery& q, const data::Snapshot& snapshot) {
  w.string(6, snapshot.generation), w.string(7, geo::name_of(q.crs));
  write_method(w, 8, q, snapshot);
  w.string(12, snapshot.city->currency), w.string(13, snapshot.city->local_time());
}

void write_link(WireWriter& w, const JobList& list, std::string_view rel, std::string_view to) {
  if (to.empty()) return;
  const bool post = !list.post_to.empty();
  const auto nested = w.begin(9, expected_place_bytes);
  w.string(1, rel), w.string(2, post ? list.post_to : to);
  if (post) w.string(3, "POST"), w.string(4, to);
  w.end(nested);
}

void write_totals(WireWriter& w, const query::Totals& totals) {
  const std::uint64_t values[] = {totals.ads, totals.openings, totals.located, totals.unlocated};
  for (unsigned i = 0; i < 4; ++i)
    if (values[i]) w.uint(i + 1, values[i]);
}

}  // namespace

std::string list_pb(const JobList& list) {
  std::string body;
  body.reserve(512 + list.page.hits.size() * 1024);
  WireWriter w(body);
  write_totals(w, list.page.totals);
  if (!list.page.hits.empty()) w.uint(5, list.page.hits.size());
  write_context(w, list.query, list.snapshot);
  write_link(w, list, "self", list.self), write_link(w, list, "next", list.next);
  if (list.query.explain) write_plan(w, 11, list.page);
  JobWriter jobs(w, list.query, list.snapshot);
  JobRecord record;
  prefetch(list.snapshot, list.page.hits);
  for (const auto& hit : list.page.hits) {
    geo::check_deadline();
    make_record(list.query, list.snapshot, hit, record);
    const auto nested = w.begin(10, expected_job_bytes);
    jobs.write(record);
    w.end(nested);
  }
  w.finish();
  return body;
}

std::string job_pb(const query::JobQuery& query, const data::Snapshot& snapshot, const query::Hit& hit) {
  std::string body;
  WireWriter w(body);
  write_context(w, query, snapshot);
  JobRecord record;
  make_record(query, snapshot, hit, record);
  const auto nested = w.begin(10, expected_job_bytes);
  JobWriter(w, query, snapshot).write(record);
  w.end(nested);
  w.finish();
  return body;
}

}  // namespace jobmap::encode
