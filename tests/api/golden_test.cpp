// Answers of the whole API on a small fixed sample, as decoded text in tests/golden. After a change that is
// meant:
//   JOBMAP_GOLDEN=write build/release/golden_test        and read the difference
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "jobmap.pb.h"
#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "tests/sample_snapshot.hpp"
#include "vector_tile.pb.h"

namespace jobmap::api {
namespace {

struct Page {
  std::string name, target;
};

const std::vector<Page> pages{
    {"list_by_station", "/v1/jobs?station=龙翔桥&radius=800&category=gig&sort=distance&limit=2"},
    {"list_by_circle_and_district", "/v1/jobs?circle=service&district=西湖区&category=internship&limit=1"},
    {"list_of_two_fields", "/v1/jobs?fields=title,openings&limit=3"},
    {"list_in_gcj02", "/v1/jobs?near=120.1642,30.2546&crs=gcj02&fields=title&limit=1"},
    {"list_as_protobuf", "/v1/jobs?line=1号线&sort=newest&limit=1&f=pb"},
    {"list_explained",
     "/v1/jobs?q=工程师&district=西湖区&bbox=120.1,30.2,120.2,30.3&explain=true&fields=title&limit=1"},
    {"list_explained_as_protobuf", "/v1/jobs?q=工程师&category=gig&explain=true&fields=title&limit=1&f=pb"},
    {"list_of_nothing", "/v1/jobs?near=0,0"},
    {"no_such_job", "/v1/jobs/synthetic:0"},
    {"not_a_number", "/v1/jobs?near=120.16,nan"},
    {"two_anchors", "/v1/jobs?near=120,30&station=龙翔桥"},
    {"unknown_parameter", "/v1/jobs?page=2"},
    {"stations_by_initials", "/v1/stations?q=lxq"},
    {"tilejson", "/tiles/jobs.json?category=gig"},
    {"no_such_layer", "/tiles/roads/1/0/0.mvt"},
    {"outside_the_matrix", "/tiles/jobs/2/4/0.mvt"},
    {"facets", "/v1/facets?by=category,district,education,precision&q=工程师"},
    {"facets_by_place_and_pay",
     "/v1/facets?by=station,line,pay,experience,industry&station=龙翔桥&pay_unit=month"},
    {"facets_each_under_the_others",
     "/v1/facets?by=category,district&category=gig&district=西湖区&multi=true"},
    {"tile_of_clusters", "/tiles/jobs/8/213/105.mvt"},
    {"tile_of_clusters_filtered",
     "/tiles/jobs/9/426/210.mvt?pay_unit=month&education=bachelor&category=full_time"},
    {"tile_of_clusters_in_gcj02", "/tiles/jobs/9/426/210.mvt?category=gig&crs=gcj02"},
    {"tile_of_stations", "/tiles/stations/14/13660/6747.mvt"},
};

std::string pretty(const boost::json::value& v, const std::string& indent = "") {
  const auto inner = indent + "  ";
  std::string out;
  if (const auto* o = v.if_object()) {
    for (const auto& [key, value] : *o)
      out += (out.empty() ? "{\n" : ",\n") + inner + '"' + std::string(key) + "\": " + pretty(value, inner);
    return o->empty() ? "{}" : out + "\n" + indent + "}";
  }
  if (const auto* a = v.if_array()) {
    for (const auto& value : *a) out += (out.empty() ? "[" : ", ") + pretty(value, inner);
    return a->empty() ? "[]" : out + "]";
  }
  if (const auto* d = v.if_double()) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, *d).ptr};
  }
  return boost::json::serialize(v);
}

std::string value_of(const vector_tile::Tile_Value& v) {
  if (v.has_string_value()) return v.string_value();
  if (v.has_bool_value()) return v.bool_value() ? "true" : "false";
  const double number = v.has_uint_value()     ? static_cast<double>(v.uint_value())
                        : v.has_sint_value()   ? static_cast<double>(v.sint_value())
                        : v.has_int_value()    ? static_cast<double>(v.int_value())
                        : v.has_double_value() ? v.double_value()
                                               : static_cast<double>(v.float_value());
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

std::string decoded(const Response& r) {
  const std::string body = r.body ? *r.body : "";
  if (r.content_type == "application/x-protobuf") {
    v1::JobList list;
    EXPECT_TRUE(list.ParseFromString(body));
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    std::string text;
    printer.PrintToString(list, &text);
    return text;
  }
  if (r.content_type == "application/vnd.mapbox-vector-tile") {
    vector_tile::Tile tile;
    EXPECT_TRUE(tile.ParseFromString(body));
    std::string text;
    for (const auto& layer : tile.layers()) {
      text += layer.name() + ", version " + std::to_string(layer.version()) + ", extent " +
              std::to_string(layer.extent()) + "\n";
      for (const auto& f : layer.features()) {
        for (int i = 0; i + 1 < f.tags_size(); i += 2)
          text += "  " + layer.keys(static_cast<int>(f.tags(i))) + "=" +
                  value_of(layer.values(static_cast<int>(f.tags(i + 1))));
        text += ":";
        for (const auto g : f.geometry()) text += " " + std::to_string(g);
        text += "\n";
      }
    }
    return text;
  }
  return body.empty() ? "" : pretty(boost::json::parse(body)) + "\n";
}

// Replaces what may differ from machine to machine: the build's id in generation and tile URLs, the last bits of a
// distance in cursors, and its last digits in protobuf, where it isn't rounded.
void make_portable(std::string& text, const std::string& generation) {
  for (auto at = text.find(generation); at != std::string::npos; at = text.find(generation))
    text.replace(at, generation.size(), "GENERATION");
  const std::string_view cursor = "&cursor=";
  for (auto at = text.find(cursor); at != std::string::npos; at = text.find(cursor, at + 1)) {
    const auto from = at + cursor.size();
    text.replace(from, text.find('"', from) - from, "CURSOR");
  }
  for (const std::string_view name : {" distance_m: ", " minutes: ", " cost_us: "})
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      const auto from = at + name.size(), end = text.find('\n', from);
      const auto point = text.find('.', from);
      if (point < end && end - point > 4) text.erase(point + 3, end - point - 3);
    }
}

TEST(Golden, TwoJobsHaveTwoTags) {
  Log log(stderr);
  const App app({}, log);
  const Generation generation = sample_snapshot({.seed = 1, .jobs = 100, .now = 1'790'000'000});
  const auto ask = [&](const std::string& path) {
    Request request;
    request.target = request.path = path;
    return std::get<Work>(app.plan(request, generation)).run();
  };
  const auto a = ask("/v1/jobs/" + generation->jobs->public_id(0)),
             b = ask("/v1/jobs/" + generation->jobs->public_id(1));
  EXPECT_EQ(a.status, 200u);
  EXPECT_NE(*a.body, *b.body);
  EXPECT_NE(a.etag, b.etag);
}

TEST(Golden, AnswersAreAsTheyWere) {
  Log log(stderr);
  const App app({}, log);
  const Generation generation = sample_snapshot({.seed = 1, .jobs = 3000, .now = 1'790'000'000});
  const bool write = std::getenv("JOBMAP_GOLDEN") && std::string(std::getenv("JOBMAP_GOLDEN")) == "write";
  for (const auto& page : pages) {
    Request request;
    request.target = page.target;
    const auto mark = std::min(page.target.find('?'), page.target.size());
    request.path = request.target.substr(0, mark);
    request.query = request.target.substr(std::min(mark + 1, page.target.size()));
    request.request_id = "0";
    auto plan = app.plan(request, generation);
    const auto response =
        std::holds_alternative<Work>(plan) ? std::get<Work>(plan).run() : std::get<Response>(plan);
    std::string text = "GET " + page.target + "\n" + std::to_string(response.status) + " " +
                       std::string(response.content_type) + "\n\n" + decoded(response);
    make_portable(text, generation->generation);
    const std::string file = std::string(JOBMAP_GOLDEN_DIR) + "/" + page.name + ".txt";
    if (write) {
      std::ofstream(file) << text;
      continue;
    }
    std::ifstream in(file);
    const std::string expected(std::istreambuf_iterator<char>(in), {});
    EXPECT_EQ(text, expected) << file;
  }
}

}  // namespace
}  // namespace jobmap::api
