#include "data/ingest/table/bulk_jobs.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <limits>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <utility>

#include "data/ingest/table/layers.hpp"
#include "geo/hilbert.hpp"

namespace jobmap::data {
namespace {

constexpr std::size_t batch_size = 2048;
// From here on, taking the spatial index away and building it anew costs less than keeping it up.
constexpr std::size_t bulk_rows = 20'000;

struct Checked {
  std::uint64_t key = 0;   // on the Hilbert curve
  std::uint64_t hash = 0;  // of source and id
  std::uint32_t row = 0;
};
struct Slice {
  std::vector<Checked> checked;
  std::vector<Refusal> refusals;
};

constexpr auto no_place = std::numeric_limits<std::uint64_t>::max();

std::string public_id(const Posting& p) { return p.source + ":" + p.id; }

Slice check_slice(const RowSource& rows, const Rules& rules, std::size_t begin, std::size_t end,
                  const Progress& progress) {
  Slice slice;
  slice.checked.reserve(end - begin);
  SourceRow row;
  Posting p;
  for (std::size_t i = begin; i < end; ++i) {
    rows.read(i, row);
    if (auto reason = read_posting(row, rules, p)) {
      slice.refusals.push_back({row.line, std::move(*reason)});
      continue;
    }
    const auto key = p.point ? geo::hilbert_key(geo::to_grid(geo::to_e7(*p.point))) : no_place;
    slice.checked.push_back({key, std::hash<std::string>{}(public_id(p)), static_cast<std::uint32_t>(i)});
    if (progress && i % batch_size == 0) progress("checking", i - begin, end - begin);
  }
  return slice;
}

// Refuses every row whose source and id a row before it has. Equal hashes are a suspicion; the texts decide.
void refuse_repeated(const RowSource& rows, const Rules& rules, std::vector<Checked>& checked,
                     std::vector<Refusal>& refusals) {
  std::sort(checked.begin(), checked.end(), [](const Checked& a, const Checked& b) {
    return std::tie(a.hash, a.row) < std::tie(b.hash, b.row);
  });
  SourceRow row;
  Posting p;
  const auto id_of = [&](const Checked& c) {
    rows.read(c.row, row);
    read_posting(row, rules, p);
    return public_id(p);
  };
  std::vector<Checked> kept;
  kept.reserve(checked.size());
  for (auto first = checked.begin(); first != checked.end();) {
    const auto last =
        std::find_if(first, checked.end(), [&](const Checked& c) { return c.hash != first->hash; });
    std::vector<std::pair<std::string, std::uint64_t>> seen;  // public id, line
    for (auto it = first; it != last; ++it) {
      if (last - first > 1) {
        const auto id = id_of(*it);
        const auto same =
            std::find_if(seen.begin(), seen.end(), [&](const auto& s) { return s.first == id; });
        if (same != seen.end()) {
          refusals.push_back(
              {row.line, "has the source and id of line " + std::to_string(same->second) + ": " + id});
          continue;
        }
        seen.emplace_back(id, row.line);
      }
      kept.push_back(*it);
    }
    first = last;
  }
  checked.swap(kept);
}

// Into `batch`, one of two that take turns, so that their strings keep their memory.
std::vector<Posting> read_batch(const RowSource& rows, const Rules& rules,
                                std::span<const std::uint32_t> indices, std::vector<Posting> batch) {
  batch.resize(indices.size());
  SourceRow row;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    rows.read(indices[i], row);
    if (auto reason = read_posting(row, rules, batch[i]))
      throw std::logic_error("a checked row is refused: " + *reason);
  }
  return batch;
}

}  // namespace

CheckedJobs check_jobs(const RowSource& rows, const Rules& rules, const Progress& progress,
                       std::vector<Refusal>& refusals) {
  const std::size_t n = rows.size();
  if (n > std::numeric_limits<std::uint32_t>::max())
    throw std::runtime_error("the file has more than 4,294,967,295 rows");
  const std::size_t threads = n < batch_size ? 1 : std::clamp(std::thread::hardware_concurrency(), 1u, 16u);
  std::vector<std::future<Slice>> others;
  for (std::size_t t = 1; t < threads; ++t)
    others.push_back(std::async(std::launch::async, [&, t] {
      return check_slice(rows, rules, n * t / threads, n * (t + 1) / threads, {});
    }));
  Slice all = check_slice(rows, rules, 0, n / threads, progress);
  for (auto& other : others) {
    Slice slice = other.get();
    all.checked.insert(all.checked.end(), slice.checked.begin(), slice.checked.end());
    std::move(slice.refusals.begin(), slice.refusals.end(), std::back_inserter(all.refusals));
  }
  refuse_repeated(rows, rules, all.checked, all.refusals);
  std::sort(all.checked.begin(), all.checked.end(), [](const Checked& a, const Checked& b) {
    return std::tie(a.key, a.row) < std::tie(b.key, b.row);
  });

  std::move(all.refusals.begin(), all.refusals.end(), std::back_inserter(refusals));
  std::sort(refusals.begin(), refusals.end(),
            [](const Refusal& a, const Refusal& b) { return a.line < b.line; });
  CheckedJobs jobs;
  jobs.order.reserve(all.checked.size());
  for (const auto& c : all.checked) jobs.order.push_back(c.row);
  return jobs;
}

void put_jobs(Store& store, const RowSource& rows, const Rules& rules, const CheckedJobs& jobs,
              const Progress& progress, const std::function<void(const Posting&, Change)>& count) {
  const std::size_t n = jobs.order.size();
  if (n >= bulk_rows && 4 * n >= static_cast<std::size_t>(store.count("jobs"))) store.begin_bulk_jobs();
  const auto read_from = [&](std::size_t begin, std::vector<Posting> into) {
    const auto indices = std::span(jobs.order).subspan(begin, std::min(batch_size, n - begin));
    return std::async(std::launch::async, [&rows, &rules, indices, into = std::move(into)]() mutable {
      return read_batch(rows, rules, indices, std::move(into));
    });
  };
  std::vector<Posting> batch;
  auto next = read_from(0, {});
  for (std::size_t begin = 0; begin < n; begin += batch_size) {
    auto spare = std::exchange(batch, next.get());
    if (begin + batch_size < n) next = read_from(begin + batch_size, std::move(spare));
    for (const auto& p : batch) count(p, store.put(p));
    if (progress) progress("storing", begin + batch.size(), n);
  }
}

}  // namespace jobmap::data
