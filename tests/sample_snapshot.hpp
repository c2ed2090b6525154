#pragma once
// A snapshot of synthetic jobs on the first shipped city, made in memory: for tests and benchmarks that need
// data but no file.
//
//   auto snapshot = sample_snapshot({.seed = 1, .jobs = 1000, .now = 1767225600});
#include "data/index/job_table_builder.hpp"
#include "data/ingest/city_data.hpp"
#include "data/ingest/sample/sample.hpp"

namespace jobmap {

inline std::shared_ptr<const data::Snapshot> sample_snapshot(const data::sample::Options& options) {
  const auto& tables = data::shipped_cities()[0];
  auto city = std::make_shared<data::City>(data::read_city(tables));
  const data::sample::Sample sample(tables, *city, options);
  city->service_points = sample.sites(data::SiteLayer::service_points);
  city->venture_sites = sample.sites(data::SiteLayer::venture_sites);
  city->finish();
  data::JobTableBuilder builder;
  data::Posting posting;
  for (auto i : sample.hilbert_order()) {
    sample.make(i, posting);
    builder.add(posting);
  }
  return data::make_snapshot(std::move(builder).build(*city), city, "sample", 1, options.now);
}

}  // namespace jobmap
