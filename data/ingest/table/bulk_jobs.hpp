#pragma once
// The two passes over the jobs of an import; data/ingest/table/import.hpp says why there are two.
//
//   CheckedJobs checked = check_jobs(rows, rules, progress, refusals);      // several threads
//   store.begin();
//   put_jobs(store, rows, rules, checked, progress, [&](const Posting& p, Change c) { use(p, c); });
//   store.commit();
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "data/ingest/table/import.hpp"
#include "data/ingest/table/row.hpp"
#include "data/ingest/table/rules.hpp"
#include "data/store/store.hpp"

namespace jobmap::data {

using Progress = std::function<void(std::string_view phase, std::size_t done, std::size_t of)>;

struct CheckedJobs {
  std::vector<std::uint32_t>
      order;  // the right rows: by place on the Hilbert curve, those without a place last
};

// Adds to `refusals`, and leaves them by line.
CheckedJobs check_jobs(const RowSource& rows, const Rules& rules, const Progress& progress,
                       std::vector<Refusal>& refusals);
void put_jobs(Store& store, const RowSource& rows, const Rules& rules, const CheckedJobs& jobs,
              const Progress& progress, const std::function<void(const Posting&, Change)>& count);

}  // namespace jobmap::data
