#pragma once
// The answers to a plan as JSON: what some points would change, and where the next ones go.
//
//   std::string body = what_if_json(change, snapshot, weigh(change, snapshot));
//
// With the method of coverage; in siting, points as GeoJSON features in order, each with its `gain`.
#include <string>

#include "server/query/service/siting.hpp"
#include "server/query/service/what_if.hpp"

namespace jobmap::encode {

std::string what_if_json(const query::WhatIf& change, const data::Snapshot& snapshot,
                         const query::WhatIfEffect& effect);
std::string siting_json(const query::SitingQuery& query, const data::Snapshot& snapshot,
                        const query::Siting& siting);

}  // namespace jobmap::encode
