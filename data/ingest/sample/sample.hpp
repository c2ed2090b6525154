#pragma once
// Synthetic data on a real map: job postings with every field, service points and venture sites, all of
// source "synthetic". Nothing in it is real but the city: employers, streets and figures are invented,
// contacts are at example.com (RFC 2606), and the organisation codes inside the credit codes begin with XY,
// which is not issued.
//
//   Sample sample(tables, city, {.seed = 1, .jobs = 50000, .now = time(nullptr)});
//   Posting p;
//   for (auto i : sample.hilbert_order()) {
//     sample.make(i, p);
//     store.put(p);
//   }
//
// The same seed, number and base time give the same rows, and each row depends on nothing but these and its
// index. Times lie round the base time: published up to 60 days before it, 3 % expired, 4 % expiring within
// the day.
#include <cstdint>
#include <vector>

#include "data/ingest/sample/places.hpp"
#include "data/ingest/sample/vocabulary.hpp"
#include "data/model/posting.hpp"

namespace jobmap::data::sample {

inline constexpr std::string_view source_name = "synthetic";

struct Options {
  std::uint64_t seed = 1;
  std::uint32_t jobs = 50'000;
  std::int64_t now = 0;          // seconds since 1970
  std::int64_t valid_until = 0;  // when all end that are valid now; 0: each at a time of its own
};

class Sample {
 public:
  // City and tables must outlive the sample; the city has stations and districts.
  Sample(const CityTables& tables, const City& city, const Options& options);

  std::uint32_t size() const { return options_.jobs; }
  // Posting i, whose id is i + 1. Overwrites every field; reuse `out` to save its memory.
  void make(std::uint32_t i, Posting& out) const;
  // All indices in the order of geo/hilbert.hpp, those without a point last.
  std::vector<std::uint32_t> hilbert_order() const;
  std::vector<Site> sites(SiteLayer layer) const;

 private:
  struct Employer {
    std::uint32_t index = 0, place = 0;
    char industry = 'A';
  };
  struct Where {  // what make() draws first
    Employer employer;
    Precision precision = Precision::exact;
    geo::PointE7 at;  // where precision has a point
  };
  Where draw_where(Random& random) const;
  Employer employer(std::uint32_t index) const;
  std::uint32_t scattered(std::uint32_t index, std::uint32_t range) const;
  const Trade& draw_trade(Random& random, Kind kind, char industry) const;
  void write_employer(const Employer& employer, Posting& out) const;
  void write_place(const Where& where, const Place& place, Posting& out) const;
  void write_times(Random& random, Posting& out) const;

  Options options_;
  const City& city_;
  Profile profile_;
  Places places_;
  std::uint32_t employers_;
  // Per Kind, cumulative weights of the trades that have an industry of their own.
  std::vector<std::vector<std::uint32_t>> trade_sums_;
};

// Eighteen characters with the check digits of GB 32100 and GB 11714. `place` is six digits; number <
// 1,000,000.
std::string make_uscc(std::string_view place, std::uint32_t number);

}  // namespace jobmap::data::sample
