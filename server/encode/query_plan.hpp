#pragma once
// How a query was answered, of a list that was asked to say so: its `plan`, as JSON and as protobuf
// (proto/jobmap.proto, QueryPlan).
//
//   w.raw(",");
//   write_plan(w, page);      // "plan":{"first":"q","predicates":[...],"nodes_visited":0,...}
#include "server/encode/json_writer.hpp"
#include "server/encode/wire.hpp"
#include "server/query/list/evaluate.hpp"

namespace jobmap::encode {

void write_plan(JsonWriter& w, const query::Page& page);
void write_plan(WireWriter& w, unsigned field, const query::Page& page);

}  // namespace jobmap::encode
