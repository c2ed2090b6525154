#include "server/encode/tile_clusters.hpp"

#include "geo/tile_projection.hpp"
#include "server/encode/mvt.hpp"

namespace jobmap::encode {

void append_clusters(std::string& body, geo::TileId tile, std::span<const query::Cluster> clusters) {
  if (clusters.empty()) return;
  const geo::TileProjection project(tile, tile_extent);
  MvtLayer layer(body, "clusters", clusters.size());
  std::vector<std::uint32_t> tags;
  const auto tag = [&](std::string_view key, std::uint32_t value) {
    tags.push_back(layer.key(key)), tags.push_back(value);
  };
  for (const auto& cluster : clusters) {
    tags.clear();
    tag("ads", layer.number(cluster.tally.ads()));
    tag("openings", layer.number(cluster.tally.openings()));
    for (std::size_t c = 0; c < data::category_names.size(); ++c)
      tag(data::category_names[c], layer.number(cluster.tally.category[c].ads));
    tag("expansion_zoom", layer.number(cluster.expansion_zoom));
    tag("cell", layer.unique_text({}, cluster.cell.name()));
    if (cluster.pay) {
      tag("pay_lower", layer.real(cluster.pay->lower / 100.0));
      tag("pay_median", layer.real(cluster.pay->median / 100.0));
      tag("pay_upper", layer.real(cluster.pay->upper / 100.0));
    }
    const auto [x, y] = project(cluster.middle());
    layer.point({tile_unit(x), tile_unit(y)}, tags);
  }
  layer.finish();
}

}  // namespace jobmap::encode
