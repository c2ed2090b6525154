#pragma once
// The JSON body of a plan: POST /v1/coverage and POST /v1/siting.
//
//   if (auto error = refuse_plan(call)) return *error;  // at once
//   PlanBody body(call.request.body, city);             // {"add":[[120.16,30.25]],"circle_minutes":15}
//   auto add = body.points("add", 100);
//   auto minutes = body.number("circle_minutes", 1, 60);
//   body.finish();                                      // refuses what nobody asked for
//   if (body.failed()) return body.error();
//
// The first error sticks and names the member, its value and what is allowed. A point is [x, y] in the body's
// `crs` (wgs84 unless it says another), x to the east; it must lie in the extent of the city's districts,
// which tells other systems and swapped numbers from a plan. Numbers are checked to be finite.
#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "geo/crs.hpp"
#include "server/api/endpoint.hpp"
#include "server/query/service/coverage.hpp"

namespace jobmap::api {

// Why a plan is refused before its body is parsed, which takes as long as the body is large and so is done
// where the plan is made. Its type and size have been looked at before (server/api/routes.hpp).
std::optional<query::Error> refuse_plan(const Call& call);

class PlanBody {
 public:
  PlanBody(std::string_view text, const data::City& city);

  std::optional<double> number(std::string_view name, double min, double max);
  std::optional<std::size_t> integer(std::string_view name, std::size_t min, std::size_t max);
  std::optional<std::string> text(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most);
  std::optional<std::vector<geo::LonLat>> points(std::string_view name, std::size_t most);
  geo::Crs crs() const { return crs_; }
  bool has(std::string_view name) const { return object_.contains(name); }
  void finish();

  // Refuses the member; `code` is for a refusal that is no bad_request.
  void fail(std::string_view name, std::string value, std::string message, std::string allowed,
            query::Code code = query::Code::bad_request);
  bool failed() const { return error_.has_value(); }
  const query::Error& error() const { return *error_; }

 private:
  void read(std::string_view text);
  const boost::json::value* take(std::string_view name);
  std::optional<geo::LonLat> point(std::string_view name, const boost::json::value& value);

  boost::json::object object_;
  std::set<std::string, std::less<>> known_;
  geo::Crs crs_ = geo::Crs::wgs84;
  std::optional<geo::Box> region_;
  std::optional<query::Error> error_;
};

// circle_minutes, speed_kmh, detour: the circle that a plan is weighed by.
query::CoverageQuery read_circle(PlanBody& body);

}  // namespace jobmap::api
