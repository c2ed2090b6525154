#pragma once
// The parameters that every request for features has beside its filter, and the links of its answer.
//
//   Reader r(call.params);
//   auto request = read_items_request(call, **collection, r);
//   request->box;                     // x first, in bbox_crs->crs; not yet checked
//   request->links(next_cursor);      // self, alternate, collection, and next where there is one
//
// limit above max_limit is cut to it, as the standard has it. Boxes of six numbers lose their heights:
// features here have none. Links repeat the caller's own parameters, so that a page keeps the filter; where a
// posted question is longer than a target may be, they say `method` and `body`.
#include <boost/json/array.hpp>
#include <optional>

#include "server/api/ogc/catalogue.hpp"
#include "server/api/ogc/crs.hpp"
#include "server/api/ogc/page.hpp"

namespace jobmap::api::ogc {

inline constexpr long long max_limit = 10'000, default_limit = 100;

struct ItemsRequest {
  const CrsUri *crs = nullptr, *bbox_crs = nullptr;
  std::optional<geo::Box> box;
  long long limit = default_limit;
  Page page;
  std::string query;     // the caller's parameters but f and cursor, encoded
  query::Params given;   // all of them
  std::string cursor;    // as given
  std::int64_t made_at;  // seconds since 1970: the time stamp

  boost::json::array links(const std::string& next_cursor) const;
  // All but `make`.
  Prepared prepared() const;

 private:
  boost::json::object posted(std::string_view rel, const std::string& with_cursor) const;
};

query::Result<ItemsRequest> read_items_request(const Call& call, const Collection& collection,
                                               query::Reader& reader);
std::string content_crs(const CrsUri& crs);  // a value of Content-Crs
// resultType=hits: only how many there are is asked for.
bool read_hits(query::Reader& reader);

}  // namespace jobmap::api::ogc
