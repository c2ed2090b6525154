// /ogc/tiles, /ogc/collections/{collectionId}/tiles and /ogc/tileMatrixSets: OGC API Tiles over the tiles of
// /tiles.
//
// There is one tile matrix set. A tile of the dataset is the tiles of all collections behind each other,
// which is a tile again, since layers of MVT are repeated fields; the jobs take its parameters, as their
// items do, the others its crs.
#include "server/api/extent.hpp"
#include "server/api/ogc/catalogue.hpp"
#include "server/api/ogc/job_params.hpp"
#include "server/api/ogc/page.hpp"
#include "server/api/ogc/tile_limits.hpp"

namespace jobmap::api {
namespace {

namespace json = boost::json;
using ogc::Collection;
using ogc::link_type;
using ogc::prepare_page;
using query::Result;

constexpr std::string_view scheme = "WebMercatorQuad";
constexpr std::string_view scheme_uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
constexpr std::string_view mercator_uri = "http://www.opengis.net/def/crs/EPSG/0/3857";
constexpr std::string_view crs84_uri = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

std::optional<query::Error> refuse_scheme(const std::string& id) {
  if (id == scheme) return std::nullopt;
  return query::Error{query::Code::not_found, "There is no such tile matrix set.", "tileMatrixSetId", id,
                      std::string(scheme)};
}

// The collections of a tileset: one, or all of them.
std::span<const Collection> chosen(const Collection* collection) {
  return collection ? std::span(collection, 1) : ogc::collections();
}

std::optional<geo::BoxE7> extent_of_tileset(const data::Snapshot& snapshot, const Collection* collection) {
  std::optional<geo::BoxE7> all;
  for (const auto& c : chosen(collection)) {
    const auto box = extent_of(snapshot, c.layer);
    if (!box) continue;
    if (!all) all = box;
    all = {std::min(all->min_lon, box->min_lon), std::min(all->min_lat, box->min_lat),
           std::max(all->max_lon, box->max_lon), std::max(all->max_lat, box->max_lat)};
  }
  return all;
}

json::object bounding_box(const geo::BoxE7& box) {
  const auto low = geo::to_lonlat({box.min_lon, box.min_lat}),
             high = geo::to_lonlat({box.max_lon, box.max_lat});
  return {{"lowerLeft", {low.lon, low.lat}}, {"upperRight", {high.lon, high.lat}}, {"crs", crs84_uri}};
}

// The members that a tileset has in a list and in its metadata alike.
json::object tileset(std::string_view title, const std::optional<geo::BoxE7>& extent) {
  return {{"title", title},
          {"dataType", "vector"},
          {"crs", mercator_uri},
          {"tileMatrixSetId", scheme},
          {"tileMatrixSetURI", scheme_uri},
          {"tileMatrixSetLimits", ogc::tile_limits(extent)}};
}

json::object scheme_link(const ogc::Page& page) {
  return page.link("/ogc/tileMatrixSets/WebMercatorQuad",
                   "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", link_type(Format::json),
                   "How tiles divide the world");
}

json::object item_link(const ogc::Page& page, const std::string& start) {
  auto link =
      page.link(start + "/{tileMatrix}/{tileRow}/{tileCol}", "item", link_type(Format::mvt), "The tiles");
  link["templated"] = true;
  return link;
}

json::object tilesets_page(const ogc::Page& page, const Collection* collection) {
  auto set = tileset(page.title, extent_of_tileset(*page.snapshot, collection));
  const auto start = page.path + "/" + std::string(scheme);
  set["links"] = {page.link(start, "self", link_type(Format::json), "About these tiles"), scheme_link(page),
                  item_link(page, start)};
  return {{"links", page.own_links()}, {"tilesets", json::array{std::move(set)}}};
}

json::object tileset_page(const ogc::Page& page, const Collection* collection) {
  const auto extent = extent_of_tileset(*page.snapshot, collection);
  auto set = tileset(page.title, extent);
  auto links = page.own_links();
  links.push_back(scheme_link(page));
  links.push_back(item_link(page, page.path));
  set["links"] = std::move(links);
  json::array layers;
  for (const auto& c : chosen(collection))
    layers.push_back({{"id", c.tile_layer},
                      {"title", c.title},
                      {"dataType", "vector"},
                      {"geometryDimension", c.dimension}});
  set["layers"] = std::move(layers);
  if (extent) set["boundingBox"] = bounding_box(*extent);
  return set;
}

json::object scheme_page(const ogc::Page& page) {
  constexpr double edge = 20037508.342789244;
  json::array matrices;
  for (unsigned z = 0; z <= geo::max_zoom; ++z) {
    const double tiles = static_cast<double>(1u << z), cell = 2 * edge / 256 / tiles;
    matrices.push_back({{"id", std::to_string(z)},
                        {"scaleDenominator", cell / 0.00028},  // the standard's pixel, in metres
                        {"cellSize", cell},
                        {"cornerOfOrigin", "topLeft"},
                        {"pointOfOrigin", {-edge, edge}},
                        {"tileWidth", 256},
                        {"tileHeight", 256},
                        {"matrixWidth", 1u << z},
                        {"matrixHeight", 1u << z}});
  }
  return {{"id", scheme},
          {"title", "Web Mercator, a square divided by four"},
          {"uri", scheme_uri},
          {"crs", mercator_uri},
          {"orderedAxes", {"E", "N"}},
          {"links", page.own_links()},
          {"tileMatrices", std::move(matrices)}};
}

json::object schemes_page(const ogc::Page& page) {
  auto self =
      page.link("/ogc/tileMatrixSets/WebMercatorQuad", "self", link_type(Format::json), "Its matrices");
  return {{"links", page.own_links()},
          {"tileMatrixSets",
           json::array{
               {{"id", scheme}, {"uri", scheme_uri}, {"crs", mercator_uri}, {"links", json::array{self}}}}}};
}

std::string title_of(const Collection* c) {
  return "Vector tiles: " + std::string(c ? c->title : "all collections");
}

// The tile of one collection by the endpoint of /tiles: there columns come before rows.
Result<Prepared> tile_of(const Call& call, const Collection& c, const std::string& z, const std::string& row,
                         const std::string& col, query::Params params) {
  if (!c.layer) {
    auto jobs = ogc::to_tile_params(params, *call.snapshot);
    if (!jobs) return jobs.error();
    params = *std::move(jobs);
  }
  Call inner = call;
  inner.path = {std::string(c.tile_layer), z, col, row};
  inner.params = std::move(params);
  return get_tile(inner);
}

}  // namespace

Result<Prepared> ogc_tile_matrix_sets(const Call& call) {
  return prepare_page(call, {"/ogc/tileMatrixSets", "Tile matrix sets"}, schemes_page);
}

Result<Prepared> ogc_tile_matrix_set(const Call& call) {
  if (auto error = refuse_scheme(call.path.at(0))) return *error;
  return prepare_page(call, {"/ogc/tileMatrixSets/WebMercatorQuad", std::string(scheme)}, scheme_page);
}

Result<Prepared> ogc_dataset_tilesets(const Call& call) {
  return prepare_page(call, {"/ogc/tiles", title_of(nullptr)},
                      [](const ogc::Page& page) { return tilesets_page(page, nullptr); });
}

Result<Prepared> ogc_collection_tilesets(const Call& call) {
  const auto c = ogc::find_collection(call.path.at(0));
  if (!c) return c.error();
  return prepare_page(call, {"/ogc/collections/" + call.path[0] + "/tiles", title_of(*c)},
                      [c = *c](const ogc::Page& page) { return tilesets_page(page, c); });
}

Result<Prepared> ogc_dataset_tileset(const Call& call) {
  if (auto error = refuse_scheme(call.path.at(0))) return *error;
  return prepare_page(call, {"/ogc/tiles/WebMercatorQuad", title_of(nullptr)},
                      [](const ogc::Page& page) { return tileset_page(page, nullptr); });
}

Result<Prepared> ogc_collection_tileset(const Call& call) {
  const auto c = ogc::find_collection(call.path.at(0));
  if (!c) return c.error();
  if (auto error = refuse_scheme(call.path.at(1))) return *error;
  return prepare_page(call, {"/ogc/collections/" + call.path[0] + "/tiles/WebMercatorQuad", title_of(*c)},
                      [c = *c](const ogc::Page& page) { return tileset_page(page, c); });
}

Result<Prepared> ogc_collection_tile(const Call& call) {
  const auto c = ogc::find_collection(call.path.at(0));
  if (!c) return c.error();
  if (auto error = refuse_scheme(call.path.at(1))) return *error;
  return tile_of(call, **c, call.path.at(2), call.path.at(3), call.path.at(4), call.params);
}

Result<Prepared> ogc_dataset_tile(const Call& call) {
  if (auto error = refuse_scheme(call.path.at(0))) return *error;
  Prepared all;
  all.format = Format::mvt;
  std::vector<decltype(all.make)> parts;
  const auto* crs = call.params.find("crs");
  const auto city_params = crs ? query::Params({{"crs", *crs}}) : query::Params();
  for (const auto& c : ogc::collections()) {
    auto one = tile_of(call, c, call.path.at(1), call.path.at(2), call.path.at(3),
                       c.layer ? city_params : call.params);
    if (!one) return one.error();
    all.canonical += one->canonical + ';';
    all.heavy = all.heavy || one->heavy;
    all.cost_us += one->cost_us, all.body_bytes += one->body_bytes;
    if (one->rows_visited) all.rows_visited = one->rows_visited;  // of the jobs
    parts.push_back(std::move(one->make));
  }
  all.make = [parts = std::move(parts)]() -> Result<std::string> {
    std::string tile;
    for (const auto& part : parts) {
      auto layers = part();
      if (!layers) return layers.error();
      tile += *layers;
    }
    return tile;
  };
  return all;
}

}  // namespace jobmap::api
