#include "server/api/ogc/job_params.hpp"

#include <algorithm>

#include "data/model/split.hpp"
#include "data/model/time.hpp"
#include "server/query/parse/crs_parameter.hpp"
#include "server/query/parse/job_queryables.hpp"
#include "server/query/syntax/cql2/equality.hpp"
#include "server/query/syntax/cql2/language.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::api::ogc {
namespace {

using query::Error;
using query::Params;
using query::Reader;

// A name of a district where its code is asked for would find nothing, and tell nobody why.
std::optional<Error> refuse_name(const std::string& value, const data::City& city) {
  for (const auto part : data::split(value, ',')) {
    const auto found = city.find_district(std::string(part));
    if (found && city.districts[*found].adcode != part)
      return Error{query::Code::bad_request, "district is a code here, as in the answers", "district",
                   std::string(part), city.districts[*found].adcode + "; in_district takes names too"};
  }
  return std::nullopt;
}

// Whether the job query means the same by this name.
bool stays(const std::string& name, const std::string& value, const data::City& city) {
  if (name == "category" || name == "industry") return true;
  if (name == "pay_unit") return data::parse_pay_unit(value).has_value();
  if (name != "district" || value.empty()) return false;
  const auto parts = data::split(value, ',');
  return std::all_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return std::any_of(city.districts.begin(), city.districts.end(),
                       [&](const auto& district) { return district.adcode == part; });
  });
}

// Codes hold no comma, so that several may be given.
bool is_job_code(std::string_view name) {
  return name == "district" || name == "occupation" || name == "uscc";
}

}  // namespace

query::Result<JobParams> split_job_params(const Params& given, const data::Snapshot& snapshot) {
  const auto queryables = query::job_queryables();
  JobParams split;
  std::vector<std::pair<std::string, std::string>> rest;
  for (const auto& item : given.all()) {
    const auto &name = item.first, &value = item.second;
    const auto it = std::find_if(queryables.begin(), queryables.end(), [&](const auto& q) {
      return q.name == name && q.type != query::cql2::Type::geometry;
    });
    if (it == queryables.end() || stays(name, value, *snapshot.city)) {
      rest.emplace_back(name, value);
      continue;
    }
    if (name == "district")
      if (auto refused = refuse_name(value, *snapshot.city)) return *std::move(refused);
    auto node = query::cql2::equality(queryables, static_cast<std::size_t>(it - queryables.begin()), value,
                                      snapshot.city->zone, is_job_code(name));
    if (!node) return node.error();
    split.conditions.push_back(*std::move(node));
  }
  split.rest = Params(std::move(rest));
  return split;
}

query::Result<Params> to_tile_params(const Params& given, const data::Snapshot& snapshot) {
  auto split = split_job_params(given, snapshot);
  if (!split) return split.error();
  if (split->conditions.empty()) return std::move(split->rest);
  if (const auto* filter = split->rest.find("filter")) {
    Reader r(split->rest);
    geo::Crs crs = geo::Crs::wgs84;
    query::read_crs(r, "crs", crs);
    query::read_crs(r, "filter-crs", crs);
    if (r.failed()) return r.error();
    auto expression = query::cql2::parse_as(
        r.text("filter-lang"), *filter,
        {.queryables = query::job_queryables(), .zone = snapshot.city->zone, .crs = crs});
    if (!expression) return expression.error();
    split->conditions.push_back(std::move(expression->root));
  }
  const auto all = query::cql2::expression_of(query::cql2::conjunction(std::move(split->conditions)),
                                              query::job_queryables());
  const bool had_filter = split->rest.find("filter");
  std::vector<std::pair<std::string, std::string>> params;
  for (const auto& item : split->rest.all()) {
    if (item.first == "filter-lang" && !had_filter)
      return query::Error{query::Code::bad_request, "a language needs a filter", item.first, item.second,
                          "filter=, or leave filter-lang out"};
    if (item.first != "filter" && item.first != "filter-lang") params.push_back(item);
  }
  params.emplace_back("filter", all.text);
  return Params(std::move(params));
}

}  // namespace jobmap::api::ogc
