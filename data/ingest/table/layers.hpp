#pragma once
// One function a layer: a row in, the record of data/store/store.hpp out, or the reason why the row can't be right.
//
//   Posting p;
//   if (auto reason = read_posting(row, rules, p)) refuse(row.line, *reason);
//
// The columns are those of the API's properties; docs of each are in data/store/schema.sql.
#include <optional>
#include <string>

#include "data/ingest/table/row.hpp"
#include "data/ingest/table/rules.hpp"
#include "data/model/city.hpp"
#include "data/model/posting.hpp"
#include "data/store/store.hpp"

namespace jobmap::data {

using Reason = std::optional<std::string>;  // nothing: the row is right

const LayerColumns& posting_columns();
const LayerColumns& site_columns();
const LayerColumns& station_columns();
const LayerColumns& line_columns();
const LayerColumns& district_columns();
const LayerColumns& population_columns();

// Overwrites all of `out`, which may be used again and again: its strings keep their memory.
Reason read_posting(const SourceRow& row, const Rules& rules, Posting& out);
Reason read_site(const SourceRow& row, const Rules& rules, Site& out);
Reason read_station(const SourceRow& row, const Rules& rules, Station& out);
Reason read_line(const SourceRow& row, const Rules& rules, LineRecord& out);
Reason read_district(const SourceRow& row, const Rules& rules, District& out);
Reason read_population(const SourceRow& row, const Rules& rules, PopulationCell& out);

}  // namespace jobmap::data
