#pragma once
// The answer of /v1/jobs/{id}/explain.
//
//   body = explanation_json({query, snapshot, row, explain(query, snapshot, row)});
#include <string>

#include "server/query/explain/explain.hpp"

namespace jobmap::encode {

struct ExplanationAnswer {
  const query::JobQuery& query;
  const data::Snapshot& snapshot;
  data::Row row;
  const query::Explanation& explanation;
};

std::string explanation_json(const ExplanationAnswer& answer);

}  // namespace jobmap::encode
