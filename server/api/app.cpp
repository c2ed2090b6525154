#include "server/api/app.hpp"

#include <algorithm>

#include "data/index/snapshot.hpp"
#include "data/model/split.hpp"
#include "server/api/coding.hpp"
#include "server/api/log.hpp"
#include "server/api/metrics.hpp"
#include "server/api/negotiate.hpp"
#include "server/api/order.hpp"
#include "server/api/problem.hpp"
#include "server/api/query_body.hpp"
#include "server/api/routes.hpp"
#include "server/api/static_files.hpp"
#include "server/query/parse/areas.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::api {
namespace {

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
Response options_page(std::string_view methods = allowed_methods) {
  Response response;
  response.status = 204;
  response.headers = {
      {"Allow", std::string(methods)},
      {"Access-Control-Allow-Methods", std::string(methods)},
      {"Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, If-None-Match"},
      {"Access-Control-Max-Age", "86400"}};
  return response;
}

Response method_not_allowed(std::string_view request_id, std::string_view methods = allowed_methods) {
  auto response = problem(
      {query::Code::method, "This page does not take the method.", "", "", std::string(methods)}, request_id);
  response.headers.emplace_back("Allow", std::string(methods));
  return response;
}

AnswerCache::Raw raw_of(const Request& request, const OwnAddress& address) {
  return {request.target, request.header("accept"), request.header("accept-encoding"),
          address.named(request)};
}

// The answer to who has it already, or the answer.
Response answer_or_304(const Kept& kept, std::string_view cache_control, std::string_view if_none_match) {
  if (!has_already(if_none_match, kept->response.etag)) return response_of(kept, cache_control);
  Response response;
  response.status = 304;
  response.etag = kept->response.etag;
  response.cache_control = cache_control;
  response.vary = true;
  response.headers = kept->response.headers;
  response.route = kept->response.route;
  response.from_cache = true;
  return response;
}

}  // namespace

App::App(AppOptions options, Log& log)
    : options_(std::move(options)),
      address_(options_.public_base_url),
      log_(log),
      metrics_(std::make_unique<Metrics>(metric_names())),
      files_(std::make_unique<StaticFiles>(options_.web_dir)),
      areas_(std::make_shared<query::Areas>(options_.area_bytes, options_.client_area_bytes)) {}

App::~App() = default;

// A GET that came before with the same target, Accept and Accept-Encoding, and by the same name of ours, has
// the same answer for as long as the generation is the same: an endpoint sees nothing else of the request,
// and the App's options don't change.
Plan App::plan(const Request& request, const Generation& generation) const {
  try {
    if (is_misdirected(request))
      return problem(421, "This server does not answer for that host.", request.request_id);
    if (const auto& cache = generation.answers(); cache && is_read(request.method))
      if (const auto hit = cache->recall(raw_of(request, address_)))
        return answer_or_304(hit->answer, hit->cache_control, request.header("if-none-match"));
    return route(request, generation);
  } catch (const std::exception& e) {
    log_failure(log_, request.request_id, e.what());
    return problem(failed.status, failed.detail, request.request_id);
  }
}

// Once our public name is known, a request with another name in Host comes from a page that was made to lead
// here (DNS rebinding), or wants a cache to keep our answer as that name's.
bool App::is_misdirected(const Request& request) const {
  if (request.path == "/health" || request.path == "/ready" || request.path == "/metrics")
    return false;  // probes name us as they please
  return !address_.answers_for(request.header("host"));
}

// The operator's address has our own pages alone; where there is one, the metrics are told there and nowhere
// else.
bool App::is_told(const Route& route, const Request& request) const {
  if (request.admin)
    return route.page == Page::health || route.page == Page::ready || route.page == Page::metrics;
  return route.page != Page::metrics || !options_.admin_apart;
}

std::optional<Response> App::screen(const Request& request, std::uint64_t body_bytes) const {
  if (is_misdirected(request))
    return problem(421, "This server does not answer for that host.", request.request_id);
  const auto match = find_route(request.path);
  const bool is_there = !match.malformed && match.route && is_told(*match.route, request);
  if (!is_there && !is_read(request.method) && request.method != Method::options)
    return problem({query::Code::not_found, "There is no such page.", "", "", ""}, request.request_id);
  const auto counted = [&](Response response) {
    response.route = is_there ? metric_of(*match.route) : response.route;
    return response;
  };
  if (is_read(request.method) || request.method == Method::options) {
    // A body that nobody asked for, which has no meaning in these methods (RFC 9110, 9.3.1).
    constexpr std::uint64_t passed_over = 64 << 10;
    if (body_bytes <= passed_over) return std::nullopt;
    return counted(problem({query::Code::too_large, "the request takes no body", "",
                            std::to_string(body_bytes) + " bytes", "no body"},
                           request.request_id));
  }
  if (request.method != Method::post || !match.route->post)
    return counted(method_not_allowed(request.request_id, methods_of(*match.route)));
  auto refused = refuse_body(*match.route, request, body_bytes);
  if (refused) refused = counted(*std::move(refused));
  return refused;
}

std::optional<Response> App::refuse_body(const Route& route, const Request& request,
                                         std::uint64_t body_bytes) const {
  const auto type = request.header("content-type");
  const auto types = data::split(route.body.types, ',');
  const auto is_type = [&](std::string_view one) {
    while (one.starts_with(' ')) one.remove_prefix(1);
    return is_media_type(type, one);
  };
  if (const auto coding = request.header("content-encoding"); !coding.empty() && coding != "identity")
    return problem({query::Code::media_type, "a packed body is not taken", "Content-Encoding",
                    std::string(coding), "identity, or none"},
                   request.request_id);
  if (std::none_of(types.begin(), types.end(), is_type))
    return problem({query::Code::media_type, "a body of this type is not taken here", "Content-Type",
                    std::string(type.substr(0, type.find(';'))), std::string(route.body.types)},
                   request.request_id);
  if (body_bytes > route.body.most_bytes)
    return problem(
        {query::Code::too_large, "the body is too large", "", std::to_string(body_bytes) + " bytes",
         "up to " + std::to_string(route.body.most_bytes) + " bytes"},
        request.request_id);
  return std::nullopt;
}

Plan App::route(const Request& request, const Generation& generation) const {
  if (request.path == "*") return options_page();
  auto match = find_route(request.path);
  if (match.malformed)
    return problem(400, "The path holds an escape that can't be decoded.", request.request_id);
  if (!match.route && !request.admin) return static_file(request);
  if (!match.route || !is_told(*match.route, request))
    return problem({query::Code::not_found, "There is no such page.", "", "", ""}, request.request_id);
  const Route& found = *match.route;
  Plan plan = [&]() -> Plan {
    if (request.method == Method::options) return options_page(methods_of(found));
    const bool read = is_read(request.method) && (found.page != Page::data || found.endpoint);
    if (!read && !(request.method == Method::post && found.post))
      return method_not_allowed(request.request_id, methods_of(found));
    Call call{.request = request,
              .path = std::move(match.values),
              .params = {},
              .snapshot = generation,
              .public_base = std::string(address_.public_base(request)),
              .base = address_.base(request),
              .areas = areas_,
              .query_timeout = options_.query_timeout};
    if (found.page != Page::data) return own_page(found, call);
    if (auto refused = found.post && !read ? refuse_body(found, request, request.body.size()) : std::nullopt)
      return *std::move(refused);
    return answer(found, std::move(call));
  }();
  if (auto* response = std::get_if<Response>(&plan)) response->route = metric_of(found);
  return plan;
}

Plan App::answer(const Route& route, Call call) const {
  const Request& request = call.request;
  if (!call.snapshot)
    return problem({query::Code::unavailable, "The data is still being loaded.", "", "", ""},
                   request.request_id);
  const auto coding = choose_coding(request.header("accept-encoding"));
  if (!coding)
    return problem({query::Code::not_acceptable, "None of the codings in Accept-Encoding is offered here.",
                    "", std::string(request.header("accept-encoding")), "zstd, br, gzip, identity"},
                   request.request_id);
  const bool post = request.method == Method::post;
  const bool posted_query = post && route.body.meaning != BodyMeaning::content;
  const auto expressions =
      route.body.meaning == BodyMeaning::query_or_expression ? Expressions::as_json : Expressions::as_text;
  auto params = posted_query ? read_query_body(request, route.repeats, expressions)
                             : query::Params::parse(request.query, route.repeats);
  if (!params) return problem(params.error(), request.request_id);
  call.params = *std::move(params);
  auto prepared = post ? route.post(call) : route.endpoint(call);
  if (!prepared) return problem(prepared.error(), request.request_id);
  // Its URL doesn't say what was asked, so nobody may keep the answer by it.
  if (posted_query) prepared->cache_control = "no-store";
  return order(route, call, *std::move(prepared), *coding);
}

Plan App::order(const Route& route, const Call& call, Prepared prepared, const CodingChoice& coding) const {
  const Request& request = call.request;
  std::string question(route.pattern);  // with what stood in its variable parts
  for (const auto& part : call.path) (question += '\0') += part;
  if (!is_read(request.method)) question += " POST";
  question += '\n' + prepared.canonical;
  Order order(std::move(prepared), std::move(question), call, coding);
  order.request_id = request.request_id;
  order.route = metric_of(route);
  order.log = &log_;

  const auto& cache = order.cache;
  const auto cache_control = order.prepared.cache_control;
  if (Kept kept = cache ? cache->find(order.key()) : nullptr) {
    if (is_read(request.method)) cache->remember(raw_of(request, address_), kept, cache_control);
    cache->counters().hits.fetch_add(1, std::memory_order_relaxed);
    return answer_or_304(kept, cache_control,
                         is_read(request.method) ? request.header("if-none-match") : std::string_view());
  }
  if (is_read(request.method) && has_already(request.header("if-none-match"), order.etag())) {
    Response response;
    response.status = 304;
    response.etag = order.etag();
    response.cache_control = cache_control;
    response.vary = true;
    response.headers = order.prepared.headers;
    return response;
  }
  if (cache) cache->counters().misses.fetch_add(1, std::memory_order_relaxed);
  // Above this an I/O thread has better things to do.
  constexpr double most_inline_us = 2000;
  const auto cost_us = order.cost_us();
  const bool heavy = order.prepared.heavy || coding.coding != Coding::identity || cost_us > most_inline_us;
  if (cache && heavy)
    if (auto wait = order.board()) return *std::move(wait);
  // One order for both ways to make it, so that each is no more than a pointer.
  const auto shared = std::make_shared<Order>(std::move(order));
  return Work{.heavy = heavy,
              .run = [shared] { return (*shared)(); },
              .cost_us = cost_us,
              .route = metric_of(route),
              .run_within = [shared](std::chrono::microseconds time) { return shared->within(time); },
              .audience = {shared, &shared->audience()}};
}

Response App::own_page(const Route& route, const Call& call) const {
  if (route.page == Page::health) return text_page(200, "application/json", "{\"status\":\"alive\"}\n");
  if (route.page == Page::basemap) return text_page(200, "application/json", basemap_json(options_.basemap));
  if (route.page == Page::metrics)
    return text_page(200, "text/plain; version=0.0.4; charset=utf-8", metrics_->page(call.snapshot));
  return ready_page(route, call);
}

// Data that can no longer be refreshed are served on, so a balancer that asks plainly goes on sending; who
// would rather have none than old ones asks strictly.
Response App::ready_page(const Route& route, const Call& call) const {
  const auto params = query::Params::parse(call.request.query, route.repeats);
  if (!params) return problem(params.error(), call.request.request_id);
  query::Reader reader(*params);
  const bool strict = reader.boolean("strict").value_or(false);
  reader.finish();
  if (reader.failed()) return problem(reader.error(), call.request.request_id);
  if (draining_.load(std::memory_order_relaxed))
    return problem(503, "The server is shutting down.", call.request.request_id);
  if (!call.snapshot || !ready_.load(std::memory_order_relaxed))
    return problem(503, "The data is still being loaded.", call.request.request_id);
  const auto failing = metrics_->health.failing(std::chrono::steady_clock::now());
  const bool degraded = failing && failing->lasts > options_.degraded_after;
  std::string text =
      degraded ? R"({"status":"degraded","generation":)" : R"({"status":"ready","generation":)";
  append_json_string(text, call.snapshot->generation);
  if (degraded) {
    const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(failing->lasts).count();
    const std::string seconds = std::to_string(lasts), reason(failing->reason);
    if (strict)
      return problem(503, "The data have not been refreshed for " + seconds + " s: " + reason + ".",
                     call.request.request_id);
    text += ",\"reason\":\"" + reason + "\",\"for_seconds\":" + seconds;
  }
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
    const auto choice = choose_coding(request.header("accept-encoding"));
    const auto coding = choice && file->packed(choice->coding).body ? choice->coding : Coding::identity;
    response.etag = file->packed(coding).etag;
    response.cache_control = "no-cache";
    response.vary = true;
    if (has_already(request.header("if-none-match"), response.etag)) {
      response.status = 304;
    } else {
      response.content_type = file->type;
      response.content_encoding = name_of(coding);
      response.body = file->packed(coding).body;
      if (file->type.starts_with("text/html"))
        response.headers.emplace_back("Content-Security-Policy", page_policy(options_.basemap));
    }
  }
  response.route = metric_of_static();
  return response;
}

}  // namespace jobmap::api
