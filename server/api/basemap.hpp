#pragma once
// The ground that the page draws under our own layers, where its operator names one: a MapLibre style
// (a URL that ends in .json) or raster tiles (a URL with {z}, {x} and {y}), with the datum it is drawn in.
// The page then asks for tiles and lists in that datum, so that the two can't be mixed.
//
//   Basemap basemap{"https://maps.example.org/{z}/{x}/{y}.png", "gcj02"};
//   basemap_json(basemap);    // GET /basemap.json: {"url":"https://…","datum":"gcj02"}; {} without one
//   page_policy(basemap);     // Content-Security-Policy of our pages: this server, and the basemap's
#include <string>

namespace jobmap::api {

struct Basemap {
  std::string url;    // empty for none
  std::string datum;  // wgs84, gcj02 or bd09
};

std::string basemap_json(const Basemap& basemap);
std::string page_policy(const Basemap& basemap);

}  // namespace jobmap::api
