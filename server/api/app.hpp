#pragma once
// The API as two plain functions. plan() routes, parses and answers what costs nothing (errors, 304, health,
// static files); what costs something it hands back as Work, whose run() is pure: a snapshot in, a Response out.
//
//   App app(options);
//   auto plan = app.plan(request, snapshot);               // microseconds
//   if (auto* r = std::get_if<Response>(&plan)) write(*r);
//   else write(run(std::get<Work>(plan)));                 // inline, or on the pool where work.heavy
//
// Work owns everything it needs, so it outlives its request and keeps its generation alive. run() never throws.
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "api/request.hpp"
#include "api/response.hpp"

namespace jobmap::data {
class Snapshot;
}

namespace jobmap::api {

using Generation = std::shared_ptr<const data::Snapshot>;

struct Work {
  bool heavy = false;                // run it on the compute pool
  std::function<Response()> run;     // noexcept in effect: answers 500 itself
};

using Plan = std::variant<Response, Work>;

}  // namespace jobmap::api
