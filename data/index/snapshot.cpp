#include "data/index/snapshot.hpp"

#include <algorithm>

#include "data/index/build_id.hpp"
#include "data/index/walks.hpp"
#include "geo/hilbert.hpp"

namespace jobmap::data {
namespace {

// "source:id" against an id that is split there, without building the string.
int compare(std::string_view source, std::string_view id, std::string_view public_id) {
  if (const int c = source.compare(public_id.substr(0, source.size()))) return c;
  public_id.remove_prefix(source.size());
  if (public_id.empty()) return 1;
  if (public_id[0] != ':') return ':' < static_cast<unsigned char>(public_id[0]) ? -1 : 1;
  return id.compare(public_id.substr(1));
}

template <typename T>
std::size_t bytes_of(const std::vector<T>& v) {
  return v.capacity() * sizeof(T);
}
template <typename Bitmaps>
std::size_t bytes_of_all(const Bitmaps& bitmaps) {
  std::size_t bytes = 0;
  for (const auto& b : bitmaps) bytes += b.memory_bytes();
  return bytes;
}

struct Living {
  Bitmap rows;
  Minutes unchanged;  // in which they are the same
};

// Without a branch, since the processor can't predict whether a row lives.
Living living_in(const JobTable& t, std::int64_t minute) {
  std::vector<std::uint64_t> words((t.size + 63) / 64);
  Minutes same;
  const auto changes_in = [&](std::int64_t edge) {
    same.from = edge <= minute ? std::max(same.from, edge) : same.from;
    same.until = edge <= minute ? same.until : std::min(same.until, edge);
  };
  for (std::size_t w = 0; w < words.size(); ++w) {
    const auto first = static_cast<Row>(w * 64), count = std::min<Row>(64, t.size - first);
    std::uint64_t living = 0;
    for (Row i = 0; i < count; ++i) {
      const Minutes lifetime = t.lifetime(first + i);
      changes_in(lifetime.from), changes_in(lifetime.until);
      living |= std::uint64_t{lifetime.contain(minute)} << i;
    }
    words[w] = living;
  }
  return {Bitmap(t.size, std::move(words)), same};
}

// Adds the positions of the rows whose bits are set, of [64 w, 64 w + 64).
void add_positions(const JobTable& t, std::size_t w, std::uint64_t rows, std::int64_t& lon,
                   std::int64_t& lat) {
  std::int64_t lons = 0, lats = 0;
  for (; rows; rows &= rows - 1) {
    const auto row = w * 64 + static_cast<std::size_t>(std::countr_zero(rows));
    lons += t.tree.lon()[row], lats += t.tree.lat()[row];
  }
  lon += lons, lat += lats;
}

}  // namespace

std::string JobTable::public_id(Row row) const {
  return sources[source[row]] + ':' + std::string(text(row).field[JobText::id]);
}

std::uint32_t JobTable::rank_of(std::string_view id) const {
  const auto it = std::partition_point(by_id.begin(), by_id.end(), [&](Row row) {
    return compare(sources[source[row]], text(row).field[JobText::id], id) < 0;
  });
  return static_cast<std::uint32_t>(it - by_id.begin());
}

std::optional<Row> JobTable::find(std::string_view id) const {
  const auto rank = rank_of(id);
  if (rank == size) return std::nullopt;
  const Row row = by_id[rank];
  if (compare(sources[source[row]], text(row).field[JobText::id], id) != 0) return std::nullopt;
  return row;
}

RowRange JobTable::rows_in_tile(geo::TileId tile) const {
  const auto [first, last] = geo::hilbert_range(tile);
  const Row begin = first_at(first, {0, located});
  return {begin, first_at(last, {begin, located})};
}

std::uint64_t JobTable::hilbert_key(Row row) const { return geo::hilbert_key(geo::to_grid(tree.point(row))); }

// The keys kept of every 64th row find the block; only in it are keys worked out.
Row JobTable::first_at(std::uint64_t key, RowRange range) const {
  if (range.empty()) return range.end;
  const auto blocks = block_key.begin();
  const auto block = std::partition_point(blocks + (range.begin + 63) / 64, blocks + (range.end + 63) / 64,
                                          [&](std::uint64_t k) { return k < key; }) -
                     blocks;
  Row high = std::min(static_cast<Row>(block * 64), range.end);
  Row low = block == 0 ? 0 : std::max(static_cast<Row>((block - 1) * 64), range.begin);
  while (low < high) {
    const Row middle = low + (high - low) / 2;
    if (hilbert_key(middle) < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

std::size_t JobTable::memory_bytes() const {
  return tree.memory_bytes() + bytes_of(openings) + bytes_of(category) + bytes_of(pay_unit) +
         bytes_of(settlement) + bytes_of(education) + bytes_of(precision) + bytes_of(industry) +
         bytes_of(months) + bytes_of(pay_min) + bytes_of(pay_max) + bytes_of(stipend) + bytes_of(pay_reach) +
         bytes_of(pays) + bytes_of(pay_rank) + bytes_of(experience) + bytes_of(occupation) +
         bytes_of(source) + bytes_of(district) + bytes_of(published) + bytes_of(expires) +
         bytes_of(station_begin) + bytes_of(station) + bytes_of(station_m) + bytes_of(service_point) +
         bytes_of(service_point_m) + bytes_of(in_default_circle.words()) + bytes_of(block_key) +
         bytes_of(by_published) + bytes_of(text_at) + bytes_of(numbers) + text_parts[0].size() +
         text_parts[1].size() + bytes_of(by_id) + bytes_of(id_rank) + bytes_of_all(is_category) +
         bytes_of_all(is_pay_unit) + bytes_of_all(education_at_most) + bytes_of_all(precision_at_least) +
         bytes_of_all(in_district) + bytes_of_all(in_industry) + bytes_of(openings_sums.words()) +
         (texts ? texts->memory_bytes() : 0);
}

std::shared_ptr<const Snapshot> make_snapshot(std::shared_ptr<const JobTable> jobs,
                                              std::shared_ptr<const City> city, std::string revision,
                                              std::int64_t data_version, std::int64_t now, Streets streets) {
  auto snapshot = std::make_shared<Snapshot>();
  Snapshot& s = *snapshot;
  const JobTable& t = *jobs;
  s.jobs = std::move(jobs);
  s.city = std::move(city);
  s.streets = std::move(streets.graph);
  s.walks = std::move(streets.walks);
  s.revision = std::move(revision);
  s.data_version = data_version;
  s.minute = now / 60;
  auto living = living_in(t, s.minute);
  s.alive = std::move(living.rows);
  s.unchanged = living.unchanged;
  s.before_block_.resize(t.size / 64 + 2);
  s.in_circle_before_block_.resize(s.before_block_.size());
  std::array<Snapshot::Before, 3> sums{};
  std::array<Snapshot::BeforeInCircle, 3> in_circle{};
  const auto& circle = t.in_default_circle;
  for (std::size_t block = 0; block < s.before_block_.size(); ++block) {
    s.before_block_[block] = sums, s.in_circle_before_block_[block] = in_circle;
    if (block >= s.alive.words().size()) continue;
    for (std::size_t c = 0; c < category_names.size(); ++c) {
      const auto rows = s.alive.word(block) & t.is_category[c].word(block);
      const auto inside = block < circle.words().size() ? rows & circle.word(block) : 0;
      sums[c].ads += static_cast<unsigned>(std::popcount(rows));
      sums[c].openings += t.openings_sums.sum(block, rows);
      in_circle[c].ads += static_cast<unsigned>(std::popcount(inside));
      in_circle[c].openings += t.openings_sums.sum(block, inside);
      add_positions(t, block, rows & word_mask(block, 0, t.located), sums[c].lon, sums[c].lat);
    }
  }
  // A table that was loaded later lacks what had expired by then, which some answers count (explain=true). Of
  // two tables of one version the later is part of the earlier, so where the rows are as many they are the
  // same.
  s.generation = s.revision.substr(0, 12) + '-' + std::to_string(data_version) + '-' +
                 std::to_string(s.minute) + '-' + std::to_string(t.size) + '-' + build_id();
  return snapshot;
}

std::shared_ptr<const Snapshot> tick(const Snapshot& s, std::int64_t now) {
  const auto minute = std::max(now / 60, s.jobs->complete_from);
  if (s.unchanged.contain(minute)) return nullptr;
  return make_snapshot(s.jobs, s.city, s.revision, s.data_version, minute * 60, {s.streets, s.walks});
}

Sums Snapshot::sums(RowRange range, std::optional<Category> category, Where where) const {
  Sums sums;
  const bool circle = where == Where::in_default_circle;
  if (circle) range.end = std::min(range.end, jobs->located);
  if (range.empty()) return sums;
  // Whole words of 64 rows from the prefix sums; the words the range begins and ends in by their bits.
  const std::size_t first = (range.begin + 63) / 64, last = range.end / 64;
  const auto add_word = [&](std::size_t w) {
    auto m = alive.word(w) & word_mask(w, range.begin, range.end);
    if (category) m &= jobs->is_category[static_cast<std::size_t>(*category)].word(w);
    if (circle) m &= jobs->in_default_circle.word(w);
    if (!m) return;
    sums.ads += static_cast<unsigned>(std::popcount(m));
    sums.openings += jobs->openings_sums.sum(w, m);
  };
  if (range.begin % 64) add_word(range.begin / 64);
  if (range.end % 64 && (range.end / 64 != range.begin / 64 || range.begin % 64 == 0))
    add_word(range.end / 64);
  for (std::size_t c = 0; c < category_names.size() && first < last; ++c) {
    if (category && c != static_cast<std::size_t>(*category)) continue;
    const auto add = [&](const auto& from, const auto& to) {
      sums.ads += to.ads - from.ads, sums.openings += to.openings - from.openings;
    };
    if (circle)
      add(in_circle_before_block_[first][c], in_circle_before_block_[last][c]);
    else
      add(before_block_[first][c], before_block_[last][c]);
  }
  return sums;
}

Tally Snapshot::tally(RowRange range, std::uint8_t categories) const {
  Tally tally;
  if (range.empty()) return tally;
  if (categories == 0) categories = 7;
  const std::size_t first = (range.begin + 63) / 64, last = range.end / 64;
  const auto add_word = [&](std::size_t w) {
    std::uint64_t any = 0;
    for (std::size_t c = 0; c < category_names.size(); ++c)
      if (categories >> c & 1) any |= jobs->is_category[c].word(w);
    add_rows(tally, w, alive.word(w) & any & word_mask(w, range.begin, range.end));
  };
  if (range.begin % 64) add_word(range.begin / 64);
  if (range.end % 64 && (range.end / 64 != range.begin / 64 || range.begin % 64 == 0))
    add_word(range.end / 64);
  for (std::size_t c = 0; c < category_names.size() && first < last; ++c) {
    if (!(categories >> c & 1)) continue;
    const Before &from = before_block_[first][c], &to = before_block_[last][c];
    tally.category[c].ads += to.ads - from.ads;
    tally.category[c].openings += to.openings - from.openings;
    tally.lon += to.lon - from.lon, tally.lat += to.lat - from.lat;
  }
  return tally;
}

void Snapshot::add_rows(Tally& tally, std::size_t w, std::uint64_t rows) const {
  const auto first = static_cast<Row>(w * 64);
  const std::int32_t *lon = jobs->tree.lon() + first, *lat = jobs->tree.lat() + first,
                     *openings = jobs->openings.data() + first;
  // If most living rows of the block match, start from the block's totals and subtract the others.
  const bool most = first + 64 <= jobs->located && std::popcount(rows) > std::popcount(alive.word(w)) / 2;
  const std::uint64_t looked_at = most ? alive.word(w) & ~rows : rows;
  const std::int64_t sign = most ? -1 : 1;
  for (std::size_t c = 0; c < category_names.size(); ++c) {
    Tally::Of& of = tally.category[c];
    if (most) {
      const Before &from = before_block_[w][c], &to = before_block_[w + 1][c];
      of.ads += to.ads - from.ads, of.openings += to.openings - from.openings;
      tally.lon += to.lon - from.lon, tally.lat += to.lat - from.lat;
    }
    std::uint64_t m = looked_at & jobs->is_category[c].word(w);
    std::int64_t ads = std::popcount(m), sum = 0, lons = 0, lats = 0;
    for (; m; m &= m - 1) {
      const auto i = std::countr_zero(m);
      sum += openings[i], lons += lon[i], lats += lat[i];
    }
    of.ads += static_cast<std::uint64_t>(sign * ads), of.openings += static_cast<std::uint64_t>(sign * sum);
    tally.lon += sign * lons, tally.lat += sign * lats;
  }
}

std::size_t Snapshot::districts() const { return city->districts.size() + jobs->district_codes.size(); }

std::string_view Snapshot::district_code(std::size_t number) const {
  const auto& known = city->districts;
  return number < known.size() ? known[number].adcode : jobs->district_codes.at(number - known.size());
}

std::string_view Snapshot::district_name(std::size_t number) const {
  const auto& known = city->districts;
  return number < known.size() ? std::string_view(known[number].name) : district_code(number);
}

std::optional<std::uint8_t> Snapshot::find_district(std::string_view text) const {
  if (const auto known = city->find_district(text)) return static_cast<std::uint8_t>(*known);
  const auto& codes = jobs->district_codes;
  const auto it = std::lower_bound(codes.begin(), codes.end(), text);
  if (it == codes.end() || *it != text) return std::nullopt;
  return static_cast<std::uint8_t>(city->districts.size() + static_cast<std::size_t>(it - codes.begin()));
}

std::size_t Snapshot::memory_bytes() const {
  std::size_t bytes = jobs->memory_bytes() + bytes_of(alive.words());
  if (streets) bytes += streets->memory_bytes() + walks->memory_bytes();
  return bytes + bytes_of(before_block_) + bytes_of(in_circle_before_block_);
}

}  // namespace jobmap::data
