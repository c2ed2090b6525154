// The streets of an extract and what our search says of them, for another engine to check:
// tests/conformance/pgrouting.
//
//   street_peer EXTRACT.osm.pbf DIR
//
// writes DIR/edges.csv (id, source, target, cost, reverse_cost in mm; -1 closed), DIR/nodes.csv (node, lon,
// lat) and DIR/ours.csv (start, node, mm) of a quarter of an hour from 40 nodes.
#include <cstdio>
#include <fstream>
#include <random>

#include "data/ingest/osm/extract.hpp"
#include "geo/street_search.hpp"

using namespace jobmap;

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("street_peer EXTRACT.osm.pbf DIR\n", stderr), 2;
  const auto rules = data::osm::StreetRules::shipped();
  data::osm::Extract extract(rules);
  data::osm::read(argv[1], extract);
  const geo::StreetGraph g(extract.streets());
  constexpr auto walk = geo::TravelMode::walk;
  std::ofstream edges(std::string(argv[2]) + "/edges.csv"), ours(std::string(argv[2]) + "/ours.csv");
  for (std::uint32_t i = 0; i < g.edges(); ++i) {
    const auto& e = g.edge(i);
    if (!(e.access & geo::StreetEdge::walk)) continue;
    const auto cost = [&](bool open) { return open ? static_cast<long long>(e.length_mm) : -1; };
    edges << i << ',' << e.from << ',' << e.to << ',' << cost(e.open_forward(walk)) << ','
          << cost(e.open_backward(walk)) << '\n';
  }
  std::ofstream nodes(std::string(argv[2]) + "/nodes.csv");
  for (std::uint32_t i = 0; i < g.nodes(); ++i) {
    const auto at = geo::to_lonlat(g.node(i));
    char line[64];
    std::snprintf(line, sizeof line, "%u,%.7f,%.7f\n", i, at.lon, at.lat);
    nodes << line;
  }
  std::mt19937 random(330106);
  geo::StreetSearch search;
  for (int k = 0; k < 40;) {
    const auto edge = static_cast<std::uint32_t>(random() % g.edges());
    if (!g.edge(edge).open_forward(walk) || !g.edge(edge).open_backward(walk)) continue;
    const geo::Seed seed{{edge, 0, 0}};
    search.run(g, walk, {&seed, 1}, geo::millimetres(15, 4.68));
    for (const auto node : search.nodes())
      ours << g.edge(edge).from << ',' << node << ',' << search.to_node(node)->mm << '\n';
    ++k;
  }
  return 0;
}
