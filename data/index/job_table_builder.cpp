#include "data/index/job_table_builder.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <future>
#include <numeric>
#include <span>
#include <stdexcept>
#include <unordered_map>

#include "data/index/job_districts.hpp"
#include "data/index/near_places.hpp"
#include "data/model/utf8.hpp"

namespace jobmap::data {
namespace {

// A record: the lengths of the texts, the flags, then the bytes; padded so that text_at counts in fours and
// reaches 16 GiB.
constexpr std::uint32_t other_part = 1u << 31;

struct TextHead {
  std::uint16_t length[JobText::count];
  std::uint16_t escape;
};

bool needs_escape(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; });
}

[[noreturn]] void bad_text(const RawJob& job, const char* what) {
  throw std::runtime_error("job " + std::string(job.source) + ":" + std::string(job.text[JobText::id]) +
                           ": a text of it is " + what);
}

// Numbers by entry in the order of the entries' text: old number -> new number.
std::vector<std::int32_t> sort_entries(std::vector<std::string>& entries) {
  std::vector<std::int32_t> order(entries.size()), renumber(entries.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return entries[a] < entries[b]; });
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    renumber[order[i]] = static_cast<std::int32_t>(i);
    sorted.push_back(std::move(entries[order[i]]));
  }
  entries = std::move(sorted);
  return renumber;
}

// A bitmap a value; set(row, i) for each that a row belongs to, seal() when all are in.
struct SetsInTheMaking {
  std::vector<Bitmap> bitmaps;

  SetsInTheMaking(std::size_t values, Row rows) : bitmaps(values, Bitmap(rows)) {}
  void set(Row row, std::size_t value) { bitmaps[value].set(row); }
  void seal(std::span<data::RowSet> sets) {
    for (std::size_t i = 0; i < sets.size(); ++i) sets[i] = data::RowSet(std::move(bitmaps[i]));
  }
};

void fill_bitmaps(JobTable& t, std::size_t districts) {
  t.openings_sums = BitSlices::of(t.openings);
  t.in_district.resize(districts);
  const auto making = [&](const auto& sets) { return SetsInTheMaking(sets.size(), t.size); };
  auto category = making(t.is_category), pay_unit = making(t.is_pay_unit),
       education = making(t.education_at_most), precision = making(t.precision_at_least),
       district = making(t.in_district), industry = making(t.in_industry);
  for (Row row = 0; row < t.size; ++row) {
    category.set(row, t.category[row]), pay_unit.set(row, t.pay_unit[row]);
    // A job that doesn't say what education it asks for asks for none.
    for (auto e = t.education[row] == 255 ? 0u : t.education[row]; e < t.education_at_most.size(); ++e)
      education.set(row, e);
    for (unsigned p = t.precision[row]; p < t.precision_at_least.size(); ++p) precision.set(row, p);
    if (t.district[row] != no_district) district.set(row, t.district[row]);
    if (t.industry[row] != 255) industry.set(row, t.industry[row]);
  }
  category.seal(t.is_category), pay_unit.seal(t.is_pay_unit), education.seal(t.education_at_most),
      precision.seal(t.precision_at_least), district.seal(t.in_district), industry.seal(t.in_industry);
}

void rank_pays(JobTable& t) {
  constexpr std::size_t most = 1 << 16;
  std::unordered_map<std::int32_t, std::uint16_t> rank{{no_value, 0}};
  for (const auto pay : t.pay_reach)
    if (rank.emplace(pay, 0).second && rank.size() > most) return;
  for (const auto& [pay, unused] : rank) t.pays.push_back(pay);
  std::sort(t.pays.begin(), t.pays.end());
  for (std::size_t i = 0; i < t.pays.size(); ++i) rank[t.pays[i]] = static_cast<std::uint16_t>(i);
  t.pay_rank.resize(t.size);
  for (Row row = 0; row < t.size; ++row) t.pay_rank[row] = rank.find(t.pay_reach[row])->second;
}

void fill_numbers(JobTable& t) {
  t.numbers.resize(t.size);
  for (Row row = 0; row < t.size; ++row) {
    JobNumbers& n = t.numbers[row];
    n.text_at = t.text_at[row], n.published = t.published[row], n.expires = t.expires[row];
    n.openings = t.openings[row], n.occupation = t.occupation[row];
    n.pay_min = t.pay_min[row], n.pay_max = t.pay_max[row], n.stipend = t.stipend[row];
    n.category = t.category[row], n.pay_unit = t.pay_unit[row], n.settlement = t.settlement[row];
    n.education = t.education[row], n.precision = t.precision[row], n.industry = t.industry[row];
    n.months = t.months[row], n.source = t.source[row], n.district = t.district[row];
    n.experience = t.experience[row];
    if (row >= t.located) continue;
    n.at = t.tree.point(row);
    n.station_begin = t.station_begin[row];
    n.stations = static_cast<std::uint16_t>(t.station_begin[row + 1] - t.station_begin[row]);
    n.service_point = t.service_point[row], n.service_point_m = t.service_point_m[row];
  }
}

// Rows in the order of "source:id". Eight bytes behind what all ids of a source share decide nearly every
// comparison without a look at the text.
void sort_ids(JobTable& t) {
  std::vector<std::string_view> ids(t.size);
  std::vector<std::vector<Row>> by_source(t.sources.size());
  for (Row row = 0; row < t.size; ++row) {
    ids[row] = t.text(row).field[JobText::id];
    by_source[t.source[row]].push_back(row);
  }
  // Sources sort as "source:id" does: a source that is the beginning of another is told apart by its colon.
  std::vector<std::size_t> sources(t.sources.size());
  std::iota(sources.begin(), sources.end(), 0);
  std::sort(sources.begin(), sources.end(),
            [&](auto a, auto b) { return t.sources[a] + ':' < t.sources[b] + ':'; });
  struct Entry {
    std::uint64_t key;
    Row row;
  };
  t.by_id.reserve(t.size);
  for (const auto s : sources) {
    const auto& rows = by_source[s];
    std::size_t shared = rows.empty() ? 0 : ids[rows[0]].size();
    for (const Row row : rows) {
      const auto a = ids[rows[0]], b = ids[row];
      shared = std::min(
          shared,
          static_cast<std::size_t>(
              std::mismatch(a.begin(), a.begin() + std::min(shared, b.size()), b.begin()).first - a.begin()));
    }
    std::vector<Entry> entries;
    entries.reserve(rows.size());
    for (const Row row : rows) {
      unsigned char bytes[8] = {};
      std::memcpy(bytes, ids[row].data() + shared, std::min<std::size_t>(8, ids[row].size() - shared));
      std::uint64_t key = 0;
      for (const auto b : bytes) key = key << 8 | b;
      entries.push_back({key, row});
    }
    std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
      return a.key != b.key ? a.key < b.key : ids[a.row] < ids[b.row];
    });
    for (const Entry& e : entries) t.by_id.push_back(e.row);
  }
  t.id_rank.resize(t.size);
  for (std::uint32_t i = 0; i < t.size; ++i) t.id_rank[t.by_id[i]] = i;
}

void sort_published(JobTable& t) {
  std::vector<std::pair<std::uint64_t, Row>> keys(t.size);
  for (Row row = 0; row < t.size; ++row)
    keys[row] = {std::uint64_t{~t.published[row]} << 32 | t.id_rank[row], row};
  std::sort(keys.begin(), keys.end());
  t.by_published.reserve(t.size);
  for (const auto& [key, row] : keys) t.by_published.push_back(row);
}

}  // namespace

std::int32_t JobTableBuilder::Dictionary::number(std::string_view text) {
  if (text.empty()) return no_value;
  if (const auto it = numbers_.find(text); it != numbers_.end()) return it->second;
  if (!is_valid_utf8(text)) throw std::runtime_error("a job's source or a code of it is not UTF-8");
  entries_.emplace_back(text);
  return numbers_.emplace(std::string(text), static_cast<std::int32_t>(entries_.size() - 1)).first->second;
}

void JobTableBuilder::reserve(std::size_t rows, std::size_t text_bytes) {
  jobs_.reserve(rows);
  text_[0].reserve(text_bytes);
}

std::uint32_t JobTableBuilder::append_text(const RawJob& job) {
  TextHead head{};
  std::size_t bytes = sizeof head;
  for (unsigned i = 0; i < JobText::count; ++i) {
    if (job.text[i].size() > 0xFFFF) bad_text(job, "over 65,535 bytes");
    if (!is_valid_utf8(job.text[i])) bad_text(job, "not UTF-8");  // which every encoder relies on
    head.length[i] = static_cast<std::uint16_t>(job.text[i].size());
    if (needs_escape(job.text[i])) head.escape = static_cast<std::uint16_t>(head.escape | 1u << i);
    bytes += job.text[i].size();
  }
  const std::size_t at = text_[0].size();
  if (at / 4 >= other_part) throw std::runtime_error("the texts of the jobs are over 8 GiB");
  text_[0].resize(at + (bytes + 3) / 4 * 4);
  char* out = text_[0].data() + at;
  std::memcpy(out, &head, sizeof head);
  out += sizeof head;
  for (const auto text : job.text) {
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    out += text.size();
  }
  return static_cast<std::uint32_t>(at / 4);
}

void JobTableBuilder::add(const RawJob& job) {
  jobs_.push_back({.point = job.point,
                   .text_at = append_text(job),
                   .published = job.published,
                   .expires = job.expires,
                   .openings = job.openings,
                   .pay_min = job.pay_min,
                   .pay_max = job.pay_max,
                   .stipend = job.stipend,
                   .occupation = occupations_.number(job.occupation),
                   .source = sources_.number(job.source),
                   .district = districts_.number(job.district),
                   .category = static_cast<std::uint8_t>(job.category),
                   .pay_unit = static_cast<std::uint8_t>(job.pay_unit),
                   .settlement = static_cast<std::uint8_t>(job.settlement),
                   .education = job.education,
                   .precision = static_cast<std::uint8_t>(job.precision),
                   .industry = job.industry,
                   .months = job.months,
                   .experience = job.experience,
                   .located = job.located});
}

void JobTableBuilder::add(const Posting& p) {
  RawJob job;
  job.text = {p.id, p.title, p.employer, p.description, p.uscc, p.address, p.apply_url, p.contact, p.shifts};
  job.source = p.source, job.occupation = p.occupation, job.district = p.district;
  job.category = p.category, job.pay_unit = p.pay_unit, job.settlement = p.settlement,
  job.precision = p.precision;
  if (p.education) job.education = static_cast<std::uint8_t>(*p.education);
  if (!p.industry.empty()) job.industry = static_cast<std::uint8_t>(p.industry[0] - 'A');
  job.months = static_cast<std::uint8_t>(p.months.value_or(0));
  job.openings = p.openings;
  job.pay_min = p.pay_min.value_or(no_value), job.pay_max = p.pay_max.value_or(no_value);
  job.stipend = p.stipend.value_or(no_value);
  job.experience = static_cast<std::int8_t>(p.experience.value_or(no_value));
  job.published = static_cast<std::uint32_t>(p.published_at.value_or(0));
  job.expires = static_cast<std::uint32_t>(p.expires_at);
  job.located = p.point && has_point(p.precision);
  if (job.located) job.point = geo::to_e7(*p.point);
  add(job);
}

void JobTableBuilder::append(JobTableBuilder&& other) {
  assert(text_[1].empty() && other.text_[1].empty());
  text_[1] = std::move(other.text_[0]);
  auto renumber = [](Dictionary& into, const Dictionary& from) {
    std::vector<std::int32_t> numbers;
    for (const auto& entry : from.entries()) numbers.push_back(into.number(entry));
    return numbers;
  };
  const auto sources = renumber(sources_, other.sources_);
  const auto occupations = renumber(occupations_, other.occupations_);
  const auto districts = renumber(districts_, other.districts_);
  auto mapped = [](const std::vector<std::int32_t>& numbers, std::int32_t n) {
    return n < 0 ? n : numbers[n];
  };
  jobs_.reserve(jobs_.size() + other.jobs_.size());
  for (Fixed job : other.jobs_) {
    job.text_at |= other_part;
    job.source = mapped(sources, job.source);
    job.occupation = mapped(occupations, job.occupation);
    job.district = mapped(districts, job.district);
    jobs_.push_back(job);
  }
  other.jobs_ = {};
}

// The job that each row is: those with a point as the tree lays them, then the others.
std::vector<std::uint32_t> JobTableBuilder::sort_jobs(JobTable& t) const {
  std::vector<std::uint32_t> order;
  std::vector<geo::PointE7> points;
  for (std::uint32_t i = 0; i < t.size; ++i)
    if (jobs_[i].located) order.push_back(i), points.push_back(jobs_[i].point);
  t.located = static_cast<Row>(points.size());
  t.tree = geo::RTree::build(points);
  points = {};
  for (Row row = 0; row < t.located; row += 64) t.block_key.push_back(t.hilbert_key(row));
  std::vector<std::uint32_t> sorted(t.located);
  for (Row row = 0; row < t.located; ++row) sorted[row] = order[t.tree.order()[row]];
  order = std::move(sorted);
  t.tree.drop_order();
  for (std::uint32_t i = 0; i < t.size; ++i)
    if (!jobs_[i].located) order.push_back(i);
  return order;
}

void JobTableBuilder::fill_columns(JobTable& t, const std::vector<std::uint32_t>& order, const City& city) {
  t.sources = sources_.entries();
  t.occupations = occupations_.entries();
  const auto sources = sort_entries(t.sources), occupations = sort_entries(t.occupations);
  const auto district_of = number_district_codes(t, city, districts_.entries());
  auto column = [&](auto& out, auto&& value) {
    out.resize(t.size);
    for (Row row = 0; row < t.size; ++row) out[row] = value(jobs_[order[row]]);
  };
  using F = const Fixed&;
  column(t.text_at, [](F j) { return j.text_at; });
  column(t.openings, [](F j) { return j.openings; });
  column(t.category, [](F j) { return j.category; });
  column(t.pay_unit, [](F j) { return j.pay_unit; });
  column(t.settlement, [](F j) { return j.settlement; });
  column(t.education, [](F j) { return j.education; });
  column(t.precision, [](F j) { return j.precision; });
  column(t.industry, [](F j) { return j.industry; });
  column(t.months, [](F j) { return j.months; });
  column(t.pay_min, [](F j) { return j.pay_min; });
  column(t.pay_max, [](F j) { return j.pay_max; });
  column(t.pay_reach, [](F j) { return j.pay_max >= 0 ? j.pay_max : j.pay_min; });
  column(t.stipend, [](F j) { return j.stipend; });
  column(t.experience, [](F j) { return j.experience; });
  column(t.occupation, [&](F j) { return j.occupation < 0 ? no_value : occupations[j.occupation]; });
  column(t.source, [&](F j) { return static_cast<std::uint8_t>(sources[j.source]); });
  column(t.published, [](F j) { return j.published; });
  column(t.expires, [](F j) { return j.expires; });
  // Where there is a point, districts come by geometry (find_districts); what has no outline can't.
  const auto known = city.districts.size();
  column(t.district, [&](F j) {
    if (j.district < 0) return no_district;
    const auto number = district_of[j.district];
    return j.located && number < known ? no_district : number;
  });
}

std::shared_ptr<const JobTable> JobTableBuilder::build(const City& city, std::int64_t complete_from) && {
  if (sources_.entries().size() > 255) throw std::runtime_error("more than 255 sources of jobs");
  auto table = std::make_shared<JobTable>();
  JobTable& t = *table;
  t.size = static_cast<Row>(jobs_.size()), t.complete_from = complete_from;
  fill_columns(t, sort_jobs(t), city);
  jobs_ = {};
  t.text_parts = std::move(text_);

  // The texts on a second thread, and on this one too once it has done the rest.
  const auto texts = std::make_shared<TextIndex>(t);
  const auto numbered = std::async(std::launch::async, [&] { texts->number_texts(); }).share();
  auto indexed = std::async(std::launch::async, [&] { numbered.get(), texts->index_texts(); });
  find_near_places(t, city);
  find_districts(t, city);
  fill_bitmaps(t, city.districts.size() + t.district_codes.size());
  sort_ids(t);
  sort_published(t);
  rank_pays(t);
  fill_numbers(t);
  numbered.get(), texts->index_texts();
  indexed.get();
  t.texts = texts;
  for (Row row = 0; row < t.size; ++row) {
    const auto [id, title] = t.id_and_title(row);
    t.longest_label =
        std::max(t.longest_label, t.sources[t.source[row]].size() + 1 + id.size() + title.size());
  }
  return table;
}

JobText JobTable::text(const char* p) {
  TextHead head;
  std::memcpy(&head, p, sizeof head);
  p += sizeof head;
  JobText text;
  text.escape = head.escape;
  for (unsigned i = 0; i < JobText::count; ++i) {
    text.field[i] = {p, head.length[i]};
    p += head.length[i];
  }
  text.bytes = static_cast<std::uint32_t>(p - text.field[0].data());
  return text;
}

JobTable::IdAndTitle JobTable::id_and_title(Row row) const {
  static_assert(JobText::id == 0 && JobText::title == 1);
  const std::uint32_t at = text_at[row];
  const char* p = text_parts[at / other_part].data() + std::size_t{at % other_part} * 4;
  std::uint16_t length[2];
  std::memcpy(length, p, sizeof length);
  p += sizeof(TextHead);
  return {{p, length[0]}, {p + length[0], length[1]}};
}

}  // namespace jobmap::data
