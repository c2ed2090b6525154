#include "data/ingest/sample/sample.hpp"

#include <algorithm>
#include <utility>

#include "data/ingest/sample/advertisement.hpp"
#include "geo/hilbert.hpp"

namespace jobmap::data::sample {
namespace {

constexpr std::string_view brand_words[] = {"砚", "禾", "栖", "岫", "朴", "澜", "荻", "棠",
                                            "苇", "澄", "屿", "筠", "檀", "汐", "穗", "翎",
                                            "珂", "霁", "泊", "蕙", "霖", "砾", "舟", "枫"};
constexpr std::uint32_t most_employers = 160'000;
constexpr std::int64_t minute = 60, hour = 3600, day = 86400;

}  // namespace

Sample::Sample(const CityTables& tables, const City& city, const Options& options)
    : options_(options),
      city_(city),
      profile_(read_profile(tables, city)),
      places_(city, profile_, options.seed, std::clamp(options.jobs / 8, 50u, 60'000u)),
      employers_(std::clamp(options.jobs / 6, 50u, most_employers)) {
  for (std::size_t kind = 0; kind < kind_count; ++kind) {
    auto& sums = trade_sums_.emplace_back();
    std::uint32_t sum = 0;
    for (const auto& trade : trades())
      sums.push_back(sum += trade.industry == '*' ? 0 : weight_of(trade, static_cast<Kind>(kind)));
  }
}

Sample::Employer Sample::employer(std::uint32_t index) const {
  Random random(options_.seed, Stream::employer, index);
  // A quarter of the employers crowd into few buildings.
  const auto place = random.chance(250) ? random.skewed_below(places_.size()) : random.below(places_.size());
  const auto& sums = trade_sums_[static_cast<std::size_t>(places_[place].kind)];
  return {index, place, trades()[pick_weighted(random, sums)].industry};
}

Sample::Where Sample::draw_where(Random& random) const {
  const auto index = random.chance(150) ? random.skewed_below(employers_) : random.below(employers_);
  Where where{employer(index), {}, {}};
  const auto u = random.below(100);
  where.precision = u < 35   ? Precision::exact
                    : u < 68 ? Precision::address
                    : u < 82 ? Precision::street
                    : u < 93 ? Precision::community
                             : Precision::district;
  const Place& place = places_[where.employer.place];
  where.at = where.precision == Precision::street ? places_.street_point(place) : place.at;
  return where;
}

const Trade& Sample::draw_trade(Random& random, Kind kind, char industry) const {
  const bool generic = random.chance(150);
  std::uint32_t total = 0;
  const auto weight = [&](const Trade& t) {
    return t.industry == (generic ? '*' : industry) ? weight_of(t, kind) : 0;
  };
  for (const auto& trade : trades()) total += weight(trade);
  auto left = random.below(total);
  for (const auto& trade : trades()) {
    if (left < weight(trade)) return trade;
    left -= weight(trade);
  }
  return trades().front();  // not reached: left < total
}

// Multiplying by a prime that divides no `range` gives each index another number, so no two employers share a
// name or a code.
std::uint32_t Sample::scattered(std::uint32_t index, std::uint32_t range) const {
  return static_cast<std::uint32_t>((std::uint64_t{index} * 123'457 + mix(options_.seed) % range) % range);
}

void Sample::write_employer(const Employer& employer, Posting& out) const {
  const auto& district = city_.districts[places_[employer.place].district];
  constexpr auto words = static_cast<std::uint32_t>(std::size(brand_words));
  static_assert(words * words * words * words >= most_employers);
  auto brand = scattered(employer.index, words * words * words * words);
  Random random(~options_.seed, Stream::employer, employer.index);
  out.employer = profile_.prefix;
  if (random.chance(250)) out.employer += district.name;
  for (int i = 0; i < 4; ++i, brand /= words) out.employer += brand_words[brand % words];
  out.employer += random.pick(businesses(employer.industry));
  out.employer += "有限公司";
  out.uscc = make_uscc(district.adcode, scattered(employer.index, 1'000'000));
  out.contact = "hr" + std::to_string(employer.index + 1) + "@example.com";
}

void Sample::write_place(const Where& where, const Place& place, Posting& out) const {
  out.district = city_.districts[place.district].adcode;
  out.precision = where.precision;
  out.point.reset();
  if (has_point(where.precision)) out.point = geo::to_lonlat(where.at);
  out.address = where.precision == Precision::district    ? places_.district_name(place)
                : where.precision == Precision::community ? places_.community_address(place)
                                                          : places_.address(place);
}

void Sample::write_times(Random& random, Posting& out) const {
  const auto some = [&](std::int64_t low, std::int64_t high) {
    return low + random.below(static_cast<std::uint32_t>(high - low + 1));
  };
  const auto u = random.below(1000);
  const auto now = options_.now;
  if (u < 30) {
    out.expires_at = now - some(minute, 10 * day);
    out.published_at = out.expires_at - some(5 * day, 45 * day);
    return;
  }
  out.expires_at = now + (u < 40 ? some(minute, hour) : u < 70 ? some(hour, day) : some(day, 60 * day));
  if (options_.valid_until) out.expires_at = options_.valid_until;
  // Newer ones are more.
  const auto age = random.skewed_below(60 * day);
  out.published_at = now - age;
}

void Sample::make(std::uint32_t i, Posting& out) const {
  Random random(options_.seed, Stream::job, i);
  const auto where = draw_where(random);
  const Place& place = places_[where.employer.place];
  const Trade& trade = draw_trade(random, place.kind, where.employer.industry);
  out.source = source_name;
  out.id = std::to_string(i + 1);
  out.industry.assign(1, where.employer.industry);
  out.apply_url = "https://example.com/jobs/" + out.id;
  write_employer(where.employer, out);
  write_place(where, place, out);
  write_times(random, out);
  write_terms(random, trade, place.kind, out);
  write_description(random, trade, out);
}

std::vector<std::uint32_t> Sample::hilbert_order() const {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed;
  keyed.reserve(options_.jobs);
  for (std::uint32_t i = 0; i < options_.jobs; ++i) {
    Random random(options_.seed, Stream::job, i);
    const auto where = draw_where(random);
    keyed.emplace_back(has_point(where.precision) ? geo::hilbert_key(geo::to_grid(where.at)) : ~0ull, i);
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<std::uint32_t> order;
  order.reserve(keyed.size());
  for (const auto& [key, i] : keyed) order.push_back(i);
  return order;
}

std::vector<Site> Sample::sites(SiteLayer layer) const {
  const bool venture = layer == SiteLayer::venture_sites;
  std::vector<Site> sites;
  std::uint32_t number = 0;
  for (const auto& quota : profile_.sites) {
    if (quota.layer != layer) continue;
    for (std::uint32_t i = 0; i < quota.count; ++i) {
      Random random(options_.seed, venture ? Stream::venture_site : Stream::service_point, number++);
      const Place place = places_.draw(random, quota.where);
      std::string brand;
      for (int k = 0; k < 2; ++k) brand += random.pick(brand_words);
      sites.push_back({(venture ? "v" : "s") + std::to_string(number),
                       places_.district_name(place) + brand + quota.kind, quota.kind, places_.address(place),
                       quota.hours, std::string(source_name),
                       random.between(quota.capacity_min, quota.capacity_max), place.at});
    }
  }
  return sites;
}

std::string make_uscc(std::string_view place, std::uint32_t number) {
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  // GB 11714: eight characters, letters count from 10, and a check digit modulo 11.
  static constexpr int body_weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  std::string body = std::to_string(1'000'000 + number % 1'000'000);
  body.replace(0, 1, "XY");
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i)
    sum += body_weights[i] * (body[i] <= '9' ? body[i] - '0' : body[i] - 'A' + 10);
  const int check = (11 - sum % 11) % 11;
  std::string code = "91";
  code.append(place).append(body) += check == 10 ? 'X' : static_cast<char>('0' + check);
  // GB 32100: weights are powers of 3 modulo 31.
  int weight = 1, total = 0;
  for (const char c : code) {
    total += static_cast<int>(alphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return code += alphabet[static_cast<std::size_t>((31 - total % 31) % 31)];
}

}  // namespace jobmap::data::sample
