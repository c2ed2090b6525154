#include <cmath>

#include "encode/job_list.hpp"
#include "encode/json_writer.hpp"
#include "encode/travel.hpp"

namespace jobmap::encode {
namespace {

using data::JobText;
using query::Field;

class FeatureWriter {
 public:
  FeatureWriter(JsonWriter& w, const query::JobQuery& q, const data::Snapshot& s)
      : w_(w), q_(q), s_(s), t_(*s.jobs) {}

  void write(const JobRecord& r) {
    w_.raw(R"({"type":"Feature","id":")");
    id(r);
    geometry(r);
    first_ = true;
    w_.raw(R"(,"properties":{)");
    what(r);
    terms(r);
    where(r);
    if (wants(Field::published_at) && t_.published[r.row])
      w_.raw(name(R"("published_at":)")), w_.time(t_.published[r.row]);
    if (wants(Field::expires_at)) w_.raw(name(R"("expires_at":)")), w_.time(t_.expires[r.row]);
    near(r);
    w_.raw("}}");
  }

 private:
  bool wants(Field field) const { return q_.fields >> static_cast<unsigned>(field) & 1; }
  // `"key":` with the comma that goes before it, unless it is the first.
  std::string_view name(std::string_view key) {
    if (!first_) w_.raw(",");
    first_ = false;
    return key;
  }
  void text(const JobRecord& r, Field field, JobText::Field index, std::string_view key) {
    const auto value = r.text.field[index];
    if (value.empty() || !wants(field)) return;
    w_.raw(name(key));
    if (r.text.escape >> index & 1)
      w_.text(value);
    else
      w_.plain_text(value);
  }
  void word(Field field, std::string_view key, std::string_view value) {
    if (value.empty() || !wants(field)) return;
    w_.raw(name(key));
    w_.plain_text(value);
  }
  void money(Field field, std::string_view key, std::int32_t fen) {
    if (fen < 0 || !wants(field)) return;
    w_.raw(name(key));
    w_.fixed(fen, 2);
  }
  void whole(Field field, std::string_view key, std::int32_t value) {
    if (!wants(field)) return;
    w_.raw(name(key));
    w_.integer(value);
  }

  // Behind an opening quote: source:id, and the closing quote.
  void id(const JobRecord& r) {
    const auto& source = t_.sources[t_.source[r.row]];
    const auto local = r.text.field[JobText::id];
    // A text writer quotes; the quotes that would stand inside are taken back.
    auto inner = [&](std::string_view part) {
      const auto start = w_.size();
      w_.text(part);
      const auto size = w_.size() - start - 2;
      std::memmove(w_.data() + start, w_.data() + start + 1, size);
      w_.cut(start + size);
    };
    inner(source);
    w_.raw(":");
    if (r.text.escape >> JobText::id & 1)
      inner(local);
    else
      w_.raw(local);
    w_.raw("\"");
  }

  void geometry(const JobRecord& r) {
    const auto at = r.located && !geo::is_wgs84(q_.crs) ? geo::from_wgs84(q_.crs, r.at) : geo::Xy{};
    // A place that the system has no coordinates for, as a pole in EPSG:3857, has none in the answer.
    if (!r.located || !std::isfinite(at.x) || !std::isfinite(at.y)) return w_.raw(R"(,"geometry":null)");
    w_.raw(R"(,"geometry":{"type":"Point","coordinates":[)");
    const auto p = t_.tree.point(r.row);
    const bool exact = geo::is_wgs84(q_.crs);
    const int decimals = geo::is_geographic(q_.crs) ? 7 : 3;
    const auto x = [&] { exact ? w_.degrees(p.lon) : w_.real(at.x, decimals); };
    const auto y = [&] { exact ? w_.degrees(p.lat) : w_.real(at.y, decimals); };
    q_.y_first ? y() : x();
    w_.raw(",");
    q_.y_first ? x() : y();
    w_.raw("]}");
  }

  void what(const JobRecord& r) {
    if (wants(Field::source)) w_.raw(name(R"("source":)")), w_.text(t_.sources[t_.source[r.row]]);
    text(r, Field::title, JobText::title, R"("title":)");
    text(r, Field::description, JobText::description, R"("description":)");
    word(Field::category, R"("category":)", data::category_names[t_.category[r.row]]);
    whole(Field::openings, R"("openings":)", t_.openings[r.row]);
    text(r, Field::employer, JobText::employer, R"("employer":)");
    text(r, Field::uscc, JobText::uscc, R"("uscc":)");
  }

  void terms(const JobRecord& r) {
    money(Field::pay_min, R"("pay_min":)", t_.pay_min[r.row]);
    money(Field::pay_max, R"("pay_max":)", t_.pay_max[r.row]);
    word(Field::pay_unit, R"("pay_unit":)", data::pay_unit_names[t_.pay_unit[r.row]]);
    word(Field::settlement, R"("settlement":)", data::settlement_names[t_.settlement[r.row]]);
    text(r, Field::shifts, JobText::shifts, R"("shifts":)");
    if (t_.months[r.row]) whole(Field::months, R"("months":)", t_.months[r.row]);
    money(Field::stipend, R"("stipend":)", t_.stipend[r.row]);
    if (t_.education[r.row] != 255)
      word(Field::education, R"("education":)", data::education_names[t_.education[r.row]]);
    if (t_.experience[r.row] >= 0) whole(Field::experience, R"("experience":)", t_.experience[r.row]);
    if (t_.occupation[r.row] >= 0 && wants(Field::occupation))
      w_.raw(name(R"("occupation":)")),
          w_.text(t_.occupations[static_cast<std::size_t>(t_.occupation[r.row])]);
    const char letter[] = {static_cast<char>('A' + t_.industry[r.row])};
    if (t_.industry[r.row] != 255) word(Field::industry, R"("industry":)", {letter, 1});
  }

  void where(const JobRecord& r) {
    text(r, Field::address, JobText::address, R"("address":)");
    if (const auto d = t_.district[r.row]; d != data::no_district)
      word(Field::district, R"("district":)", s_.city->districts[d].adcode);
    word(Field::precision, R"("precision":)", data::precision_names[t_.precision[r.row]]);
    text(r, Field::apply_url, JobText::apply_url, R"("apply_url":)");
    text(r, Field::contact, JobText::contact, R"("contact":)");
  }

  void near(const JobRecord& r) {
    if (r.distance_m >= 0 && wants(Field::distance_m))
      w_.raw(name(R"("distance_m":)")), w_.real(r.distance_m, 2);
    if (r.minutes >= 0 && wants(Field::minutes)) w_.raw(name(R"("minutes":)")), w_.real(r.minutes, 2);
    if (!r.legs.empty() && wants(Field::legs)) w_.raw(name(R"("legs":)")), write_legs(w_, r.legs, *s_.city);
    if (!r.located) return;
    if (wants(Field::stations)) {
      w_.raw(name(R"("stations":[)"));
      for (std::size_t i = 0; i < r.stations.size(); ++i) {
        const auto& station = s_.city->stations[r.stations[i].index];
        w_.raw(i ? ",{" : "{");
        place(station.id, station.name);
        w_.raw(R"(,"lines":[)");
        for (std::size_t l = 0; l < station.lines.size(); ++l) {
          if (l) w_.raw(",");
          w_.text(s_.city->lines[station.lines[l]].id);
        }
        w_.raw("]");
        away(r.stations[i].metres);
      }
      w_.raw("]");
    }
    if (!r.has_service_point || !wants(Field::service_point)) return;
    const auto& site = s_.city->service_points[r.service_point.index];
    w_.raw(name(R"("service_point":{)"));
    place(site.id, site.name);
    away(r.service_point.metres);
  }
  void place(std::string_view id, std::string_view title) {
    w_.raw(R"("id":)"), w_.text(id);
    w_.raw(R"(,"name":)"), w_.text(title);
  }
  void away(double metres) {
    w_.raw(R"(,"distance_m":)"), w_.real(metres, 2);
    w_.raw(R"(,"minutes":)"), w_.real(q_.method.minutes(metres), 1);
    w_.raw("}");
  }

  JsonWriter& w_;
  const query::JobQuery& q_;
  const data::Snapshot& s_;
  const data::JobTable& t_;
  bool first_ = true;
};

void write_links(JsonWriter& w, const JobList& list) {
  auto link = [&](std::string_view rel, std::string_view href) {
    w.raw(R"({"rel":")"), w.raw(rel), w.raw(R"(","type":"application/geo+json","href":)"), w.text(href),
        w.raw("}");
  };
  w.raw(R"("links":[)");
  link("self", list.self);
  if (!list.next.empty()) w.raw(","), link("next", list.next);
  w.raw("]");
}

}  // namespace

std::string list_geojson(const JobList& list) {
  std::string body;
  body.reserve(1024 + list.page.hits.size() * 1024);
  JsonWriter w(body);
  const auto& totals = list.page.totals;
  w.raw(R"({"type":"FeatureCollection","numberMatched":)"), w.integer(static_cast<std::int64_t>(totals.ads));
  w.raw(R"(,"openings":)"), w.integer(static_cast<std::int64_t>(totals.openings));
  w.raw(R"(,"located":)"), w.integer(static_cast<std::int64_t>(totals.located));
  w.raw(R"(,"unlocated":)"), w.integer(static_cast<std::int64_t>(totals.unlocated));
  w.raw(R"(,"numberReturned":)"), w.integer(static_cast<std::int64_t>(list.page.hits.size()));
  w.raw(R"(,"generation":)"), w.text(list.snapshot.generation);
  if (list.links.empty()) w.raw(R"(,"crs":)"), w.text(geo::name_of(list.query.crs));
  w.raw(","), write_method(w, list.query, *list.snapshot.city);
  if (list.links.empty())
    w.raw(","), write_links(w, list);
  else
    w.raw(R"(,"timeStamp":)"), w.time(list.made_at), w.raw(R"(,"links":)"), w.raw(list.links);
  w.raw(R"(,"features":[)");
  FeatureWriter features(w, list.query, list.snapshot);
  JobRecord record;
  prefetch(list.snapshot, list.page.hits);
  for (std::size_t i = 0; i < list.page.hits.size(); ++i) {
    if (i) w.raw(",\n");
    make_record(list.query, list.snapshot, list.page.hits[i], record);
    features.write(record);
  }
  w.raw("]}\n");
  w.finish();
  return body;
}

std::string job_geojson(const query::JobQuery& query, const data::Snapshot& snapshot, const query::Hit& hit,
                        std::string_view links) {
  std::string body;
  JsonWriter w(body);
  JobRecord record;
  make_record(query, snapshot, hit, record);
  FeatureWriter(w, query, snapshot).write(record);
  w.cut(w.size() - 1);  // inside the feature, what a list says once for all
  w.raw(R"(,"generation":)"), w.text(snapshot.generation);
  if (links.empty()) w.raw(R"(,"crs":)"), w.text(geo::name_of(query.crs));
  w.raw(","), write_method(w, query, *snapshot.city);
  if (!links.empty()) w.raw(R"(,"links":)"), w.raw(links);
  w.raw("}\n");
  w.finish();
  return body;
}

}  // namespace jobmap::encode
