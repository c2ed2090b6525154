#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "data/ingest/table/fields.hpp"
#include "data/ingest/table/layers.hpp"
#include "data/ingest/table/text_fault.hpp"
#include "data/ingest/table/uscc.hpp"
#include "data/model/digits.hpp"
#include "data/model/shifts.hpp"

namespace jobmap::data {
namespace {

// In the order of posting_columns().
enum Column : std::size_t {
  id,
  source,
  title,
  description,
  category,
  openings,
  employer,
  uscc,
  pay_min,
  pay_max,
  pay_unit,
  settlement,
  shifts,
  months,
  stipend,
  education,
  experience,
  occupation,
  industry,
  address,
  district,
  lon,
  lat,
  precision,
  apply_url,
  contact,
  published_at,
  expires_at
};

constexpr std::int32_t max_openings = 1'000'000, max_experience = 60;

// A web address, so that a link made of it can do nothing but open a page.
bool is_web_url(std::string_view text) {
  const auto url = boost::urls::parse_uri({text.data(), text.size()});
  return url &&
         (url->scheme_id() == boost::urls::scheme::http || url->scheme_id() == boost::urls::scheme::https) &&
         !url->encoded_host().empty() && !url->has_userinfo();
}

// "2-02-10-03", or the beginning of such a code.
bool is_occupation(std::string_view code) {
  if (code.empty() || code[0] < '1' || code[0] > '8' || code.size() > 10) return false;
  for (code.remove_prefix(1); !code.empty(); code.remove_prefix(3))
    if (code.size() < 3 || code[0] != '-' || !is_digit(code[1]) || !is_digit(code[2])) return false;
  return true;
}

// A text that keeps to a form.
template <typename Test>
std::string_view formed(Fields& f, std::size_t column, std::size_t limit, Test&& test,
                        std::string_view allowed) {
  const std::string_view text = f.text(column, limit);
  if (!text.empty() && !test(text)) f.fail(column, "must be " + std::string(allowed));
  return text;
}

void read_identity(Fields& f, Posting& p) {
  for (auto column : {id, source, title, category, openings, employer, expires_at}) f.require(column);
  p.id = f.text(id, 128);
  p.source = formed(
      f, source, 64, [](auto s) { return s.find(':') == s.npos; },
      "without a colon, for jobs are named source:id");
  p.title = f.text(title, 200);
  p.description = f.text(description, 20'000, Lines::many);
  p.category =
      f.one_of(category, parse_category, "full_time, gig or internship").value_or(Category::full_time);
  p.openings = f.integer(openings, 1, max_openings).value_or(1);
  p.employer = f.text(employer, 200);
  p.uscc = formed(f, uscc, 18, is_valid_uscc, "18 characters with the right check digit (GB 32100)");
  p.apply_url = formed(f, apply_url, 2000, is_web_url, "an http or https URL");
  p.contact = f.text(contact, 200);
}

void read_terms(Fields& f, Posting& p) {
  p.pay_min = f.fen(pay_min);
  p.pay_max = f.fen(pay_max);
  p.pay_unit = f.one_of(pay_unit, parse_pay_unit, "month, day, hour or piece").value_or(PayUnit::none);
  if (p.pay_min && p.pay_max && *p.pay_min > *p.pay_max)
    f.fail("pay_min " + std::string(f.raw(pay_min)) + " is more than pay_max " + std::string(f.raw(pay_max)));
  if ((p.pay_min || p.pay_max) && p.pay_unit == PayUnit::none) f.fail("has pay without a pay_unit");
  p.settlement = f.one_of(settlement, parse_settlement, "day, week, month or job").value_or(Settlement::none);
  f.text(shifts, 200);  // refuses what is no text, or too long
  p.shifts = f.one_of(shifts, read_shifts, shifts_form).value_or("");
  p.months = f.integer(months, 3, 12);
  p.stipend = f.fen(stipend);
  p.education =
      f.one_of(education, parse_education,
               "none, primary, junior_secondary, senior_secondary, vocational, associate, bachelor, master, "
               "doctor, or a GB/T 4658 code of one of them (90 to 11)");
  p.experience = f.integer(experience, 0, max_experience);
  p.occupation =
      formed(f, occupation, 10, is_occupation, "a code of the occupation classification, as 2-02-10-03");
  p.industry = formed(
      f, industry, 1, [](auto s) { return s[0] >= 'A' && s[0] <= 'T'; }, "a letter of GB/T 4754, A to T");
}

void read_dates(Fields& f, const Rules& rules, Posting& p) {
  p.published_at = f.time(published_at, rules.zone, Fields::Day::begin);
  p.expires_at = f.time(expires_at, rules.zone, Fields::Day::end).value_or(0);
  if (!f.failed() && p.published_at && p.expires_at < *p.published_at)
    f.fail("expires_at " + std::string(f.raw(expires_at)) + " is before published_at " +
           std::string(f.raw(published_at)));
}

// A job without a point ignores its coordinates, but they must still be numbers that can be right.
void check_ignored_position(Fields& f) {
  const auto x = f.number(lon), y = f.number(lat);
  if (x && (*x < -180 || *x > 180)) f.fail(lon, "must be from -180 to 180");
  if (y && (*y < -90 || *y > 90)) f.fail(lat, "must be from -90 to 90");
}

// A point without a precision gets the least precise one that is still drawn.
void read_place(Fields& f, const Rules& rules, Posting& p) {
  p.address = f.text(address, 500);
  const bool has_position = f.has(lon) || f.has(lat);
  const auto given = f.one_of(precision, parse_precision, "exact, address, street, community or district");
  p.precision = given.value_or(has_position ? Precision::street : Precision::district);
  p.district = rules.district(f, district);
  if (has_point(p.precision)) {
    if (!has_position) f.fail("precision " + std::string(name_of(p.precision)) + " needs lon and lat");
    p.point = f.failed() ? std::nullopt : rules.place(f, lon, lat);
    return;
  }
  p.point.reset();
  check_ignored_position(f);
  if (p.district.empty() && !f.failed()) p.district = rules.district_in(f, address);
  if (p.district.empty())
    f.fail("has no place: neither lon and lat nor a district, and none is named in the address");
}

}  // namespace

const LayerColumns& posting_columns() {
  static const LayerColumns columns{
      {"id",      "source",    "title",      "description", "category",   "openings",     "employer",
       "uscc",    "pay_min",   "pay_max",    "pay_unit",    "settlement", "shifts",       "months",
       "stipend", "education", "experience", "occupation",  "industry",   "address",      "district",
       "lon",     "lat",       "precision",  "apply_url",   "contact",    "published_at", "expires_at"},
      {"id", "source", "title", "category", "openings", "employer", "expires_at"}};
  return columns;
}

Reason read_posting(const SourceRow& row, const Rules& rules, Posting& out) {
  Fields f(row, posting_columns());
  read_identity(f, out);
  read_terms(f, out);
  read_dates(f, rules, out);
  read_place(f, rules, out);
  if (f.failed()) return f.reason();
  return std::nullopt;
}

}  // namespace jobmap::data
