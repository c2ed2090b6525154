#pragma once
// A job as CQL2 sees it: its queryables, by the names and values of an answer's properties, and the values of
// one job.
//
//   cql2::parse(text, {.queryables = job_queryables()});
//   cql2::evaluate(node, JobProperties(snapshot, row));
//
// What an answer leaves out is null here. Money is yuan.
#include "data/index/snapshot.hpp"
#include "server/query/syntax/cql2/interpret.hpp"

namespace jobmap::query {

enum class JobProperty : int {
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
  precision,
  apply_url,
  contact,
  published_at,
  expires_at,
  geometry,
};

std::span<const cql2::Queryable> job_queryables();

// Whether a list can be ordered by the property, by index: whatever is one value and no long text.
bool is_sortable(int property);

// A property that is one byte a row: a name of a short list, or a small number. Null where it is none of
// these.
const std::uint8_t* byte_column(const data::JobTable& table, JobProperty property);
cql2::Value byte_value(const data::Snapshot& snapshot, JobProperty property, std::uint8_t byte);
// A property that is a 32-bit integer a row, negative for null, and how many make one.
struct WholeNumbers {
  const std::int32_t* column = nullptr;
  double per_unit = 1;  // 100 fen a yuan
};
std::optional<WholeNumbers> whole_numbers(const data::JobTable& table, JobProperty property);

class JobProperties final : public cql2::Properties {
 public:
  JobProperties(const data::Snapshot& snapshot, data::Row row) : s_(snapshot), row_(row) {}
  cql2::Value get(int property) const override;
  cql2::Truth relates(int geometry, cql2::Spatial how, const cql2::Region& region) const override;

 private:
  cql2::Value text(data::JobText::Field field) const;

  const data::Snapshot& s_;
  data::Row row_;
  mutable std::string id_;  // what a view of the id looks into
};

}  // namespace jobmap::query
