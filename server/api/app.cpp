#include "api/app.hpp"

#include "api/compress.hpp"
#include "api/log.hpp"
#include "api/metrics.hpp"
#include "api/negotiate.hpp"
#include "api/problem.hpp"
#include "api/routes.hpp"
#include "api/static_files.hpp"
#include "data/snapshot.hpp"

namespace jobmap::api {
namespace {

// The map draws tiles in workers made from blobs, and icons from data: and blob: images. Nothing else is let
// in.
constexpr std::string_view page_policy =
    "default-src 'self'; worker-src 'self' blob:; child-src blob:; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

constexpr std::string_view not_stored = "no-store";

// Places in Metrics: no route, the routes in order, static files.
std::vector<std::string_view> metric_names() {
  std::vector<std::string_view> names{""};
  for (const Route& route : routes()) names.push_back(route.pattern);
  names.push_back("static");
  return names;
}
std::size_t metric_of(const Route& route) { return static_cast<std::size_t>(&route - routes().data()) + 1; }
std::size_t metric_of_static() { return routes().size() + 1; }

Response text_page(unsigned status, std::string_view type, std::string text) {
  Response response;
  response.status = status;
  response.content_type = type;
  response.cache_control = not_stored;
  response.set_body(std::move(text));
  return response;
}

bool is_read(Method method) { return method == Method::get || method == Method::head; }

// The answer to OPTIONS, asked by a browser before a cross-origin read or by a person.
Response options_page() {
  Response response;
  response.status = 204;
  response.headers = {
      {"Allow", std::string(allowed_methods)},
      {"Access-Control-Allow-Methods", std::string(allowed_methods)},
      {"Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, If-None-Match"},
      {"Access-Control-Max-Age", "86400"}};
  return response;
}

Response method_not_allowed(std::string_view request_id) {
  auto response = problem(
      {query::Code::method, "This page can only be read.", "", "", std::string(allowed_methods)}, request_id);
  response.headers.emplace_back("Allow", std::string(allowed_methods));
  return response;
}

// What remains of a request once its answer has to be made. It outlives the request.
struct Order {
  Prepared prepared;
  std::string etag, request_id;
  bool gzip = false;
  std::size_t route = 0;
  Log* log = nullptr;

  Response fill() const;
  Response operator()() const;
};

Response Order::fill() const {
  auto made = prepared.make();
  if (!made) return problem(made.error(), request_id);
  Response response;
  response.etag = etag;
  response.cache_control = prepared.cache_control;
  response.vary = true;
  response.headers = prepared.headers;
  if (made->empty()) {
    response.status = 204;
    return response;
  }
  response.content_type = media_type(prepared.format);
  if (gzip && made->size() >= gzip_from_bytes)
    if (auto packed = api::gzip(*made, gzip_fast)) {
      response.content_encoding = "gzip";
      response.set_body(*std::move(packed));
      return response;
    }
  response.set_body(*std::move(made));
  return response;
}

Response failed(Log& log, std::string_view request_id, std::string_view reason) {
  log.write("error", "request_failed", {{"request_id", request_id}, {"reason", reason}});
  return problem(500, "Something went wrong here; the log has it under this request_id.", request_id);
}

Response Order::operator()() const {
  Response response;
  try {
    response = fill();
  } catch (const std::bad_alloc&) {
    response = problem(503, "Not enough memory for this request now.", request_id);
  } catch (const std::exception& e) {
    response = failed(*log, request_id, e.what());
  }
  response.route = route;
  return response;
}

}  // namespace

App::App(AppOptions options, Log& log)
    : options_(std::move(options)),
      log_(log),
      metrics_(std::make_unique<Metrics>(metric_names())),
      files_(std::make_unique<StaticFiles>(options_.web_dir)) {}

App::~App() = default;

Plan App::plan(const Request& request, const Generation& generation) const {
  try {
    return route(request, generation);
  } catch (const std::exception& e) {
    return failed(log_, request.request_id, e.what());
  }
}

Plan App::route(const Request& request, const Generation& generation) const {
  if (request.path == "*") return options_page();
  auto match = find_route(request.path);
  if (match.malformed)
    return problem(400, "The path holds an escape that can't be decoded.", request.request_id);
  if (!match.route) return static_file(request);
  const Route& found = *match.route;
  Plan plan = [&]() -> Plan {
    if (request.method == Method::options) return options_page();
    if (!is_read(request.method)) return method_not_allowed(request.request_id);
    Call call{request, std::move(match.values), {}, generation, options_.public_base_url};
    if (found.page != Page::data) return own_page(found, call);
    return answer(found, std::move(call));
  }();
  if (auto* response = std::get_if<Response>(&plan)) response->route = metric_of(found);
  return plan;
}

// A response cache belongs here, between the tag and the order: equal tags are equal bytes.
Plan App::answer(const Route& route, Call call) const {
  const Request& request = call.request;
  if (!call.snapshot)
    return problem({query::Code::unavailable, "The data is still being loaded.", "", "", ""},
                   request.request_id);
  auto params = query::Params::parse(request.query, route.repeats);
  if (!params) return problem(params.error(), request.request_id);
  call.params = *std::move(params);
  auto prepared = route.endpoint(call);
  if (!prepared) return problem(prepared.error(), request.request_id);

  const bool gzip = wants_gzip(request.header("accept-encoding"));
  std::string path(route.pattern);  // with what stood in its variable parts
  for (const auto& part : call.path) (path += '\0') += part;
  auto etag = make_etag({call.snapshot->generation, call.public_base, path, prepared->canonical,
                         media_type(prepared->format), gzip ? "gzip" : "identity"});
  if (prepared->stamped) etag.insert(0, "W/");
  if (has_already(request.header("if-none-match"), etag)) {
    Response response;
    response.status = 304;
    response.etag = std::move(etag);
    response.cache_control = prepared->cache_control;
    response.vary = true;
    response.headers = std::move(prepared->headers);
    return response;
  }
  const bool heavy = prepared->heavy || gzip;  // compressing takes longer than most answers
  return Work{heavy, Order{*std::move(prepared), std::move(etag), std::string(request.request_id), gzip,
                           metric_of(route), &log_}};
}

Response App::own_page(const Route& route, const Call& call) const {
  if (route.page == Page::health) return text_page(200, "application/json", "{\"status\":\"alive\"}\n");
  if (route.page == Page::metrics)
    return text_page(200, "text/plain; version=0.0.4; charset=utf-8", metrics_->page(call.snapshot));
  if (draining_.load(std::memory_order_relaxed))
    return problem(503, "The server is shutting down.", call.request.request_id);
  if (!call.snapshot) return problem(503, "The data is still being loaded.", call.request.request_id);
  std::string text = "{\"status\":\"ready\",\"generation\":";
  append_json_string(text, call.snapshot->generation);
  return text_page(200, "application/json", text + "}\n");
}

Response App::static_file(const Request& request) const {
  auto path = query::percent_decode(request.path, false);
  const StaticFile* file = path ? files_->find(*path) : nullptr;
  if (!file)
    return problem({query::Code::not_found, "There is no such page.", "", "", ""}, request.request_id);
  Response response;
  if (request.method == Method::options) {
    response = options_page();
  } else if (!is_read(request.method)) {
    response = method_not_allowed(request.request_id);
  } else {
    const bool gzip = file->gzip && wants_gzip(request.header("accept-encoding"));
    response.etag = gzip ? file->etag_gzip : file->etag;
    response.cache_control = "no-cache";
    response.vary = true;
    if (has_already(request.header("if-none-match"), response.etag)) {
      response.status = 304;
    } else {
      response.content_type = file->type;
      response.content_encoding = gzip ? "gzip" : "";
      response.body = gzip ? file->gzip : file->body;
      if (file->type.starts_with("text/html"))
        response.headers.emplace_back("Content-Security-Policy", std::string(page_policy));
    }
  }
  response.route = metric_of_static();
  return response;
}

}  // namespace jobmap::api
