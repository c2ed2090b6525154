#pragma once
// A request's target as the log may hold it: nobody's place can be told from it.
//
//   logged_target("/v1/jobs?near=120.15937,30.25698&q=%E5%8E%A8%E5%B8%88");
//   // "/v1/jobs?near=120.16,30.26&q=%E5%8E%A8%E5%B8%88"
//
// `near`, `reach`, `from` and `bbox`, and the names that callers who guess use for a place, keep their
// numbers to 0.01 degree (metres to 1,000), or become `-` where they hold anything but numbers. The
// coordinates of a `filter` are rounded alike. `cursor` becomes `-`: it holds a job and its distance from the
// place asked, and two such distances fix the place. Whatever else stands there with three decimals and more,
// under any name or none, is rounded too; the rest stays byte by byte, and `q` whatever it holds.
#include <string>
#include <string_view>

namespace jobmap::http {

std::string logged_target(std::string_view target);

}  // namespace jobmap::http
