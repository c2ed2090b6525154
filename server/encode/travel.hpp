#pragma once
// How an answer says how its minutes were found: its `method`, and the legs of a journey, as JSON and as
// protobuf (proto/jobmap.proto).
//
//   w.raw(",");
//   write_method(w, query, snapshot);                   // "method":{"name":"straight_line",...}
//   write_legs(w, record.legs, *snapshot.city);               // [{"mode":"walk","to":"longxiangqiao",...}]
//
// Every assumption is in it: speeds, detour, and of the metro all of data/model/metro_service.hpp.
#include <span>

#include "server/encode/json_writer.hpp"
#include "server/encode/wire.hpp"
#include "server/query/filter/reach.hpp"

namespace jobmap::encode {

// Adds to a method which places lie beyond the streets, and a note that straight lines are used from there. Writes
// nothing where none do.
void write_beyond_streets(JsonWriter& w, const query::BeyondStreets& beyond, const data::City& city);
void write_method(JsonWriter& w, const query::JobQuery& query, const data::Snapshot& snapshot);
// ,"currency":"CNY","time_zone":"Asia/Shanghai": of pay, and of dates.
void write_local(JsonWriter& w, const data::City& city);
// ,"metro":{...}: how it is assumed to run, and whether it does at the query's departure.
void write_metro(JsonWriter& w, const query::JobQuery& query, const data::City& city);
void write_legs(JsonWriter& w, std::span<const query::Leg> legs, const data::City& city);

void write_method(WireWriter& w, unsigned field, const query::JobQuery& query,
                  const data::Snapshot& snapshot);
void write_legs(WireWriter& w, unsigned field, std::span<const query::Leg> legs, const data::City& city);

}  // namespace jobmap::encode
