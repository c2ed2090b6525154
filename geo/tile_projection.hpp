#pragma once
// From 1e-7 degrees to the pixels of one tile, fast: longitude is linear, and latitude so nearly a polynomial
// within a tile that no sine is needed.
//
//   const TileProjection project(tile, 4096);
//   auto [x, y] = project(point);              // in tile units from the north-west corner, x east, y south
//
// y is the Taylor polynomial of degree 4 of the Mercator ordinate about the tile's middle latitude. Within
// half a tile around it that is right to 1/200 unit from zoom 6 on (the next term is below 650 * 24/120 * 300
// / 2^(4z) units); below zoom 6 the closed form is used. For points of the tile.
#include "geo/tile_id.hpp"

namespace jobmap::geo {

class TileProjection {
 public:
  struct Units {
    double x = 0, y = 0;
  };

  TileProjection(TileId tile, int extent) : closed_form_(tile.z < 6) {
    const double scale = static_cast<double>(1u << tile.z) * extent;
    const Mercator corner = tile.north_west(), end = tile.south_east();
    x_scale_ = scale / 3.6e9;
    x_offset_ = scale * (0.5 - corner.x);
    scale_ = scale;
    north_ = corner.y;
    const double middle = from_mercator({0, (corner.y + end.y) / 2}).lat * std::numbers::pi / 180;
    middle_e7_ = middle * 180 / std::numbers::pi * 1e7;
    // The derivatives of the ordinate are rational in sine and cosine; the power of the angle's unit goes
    // into each.
    const double s = std::sin(middle), c = std::cos(middle), u = std::numbers::pi / 180e7 / c;
    const double to_units = -scale / (2 * std::numbers::pi);
    c_[0] = scale * ((corner.y + end.y) / 2 - corner.y);
    c_[1] = to_units * u;
    c_[2] = to_units * u * u * s / 2;
    c_[3] = to_units * u * u * u * (1 + s * s) / 6;
    c_[4] = to_units * u * u * u * u * s * (5 + s * s) / 24;
  }

  Units operator()(PointE7 p) const {
    const double x = p.lon * x_scale_ + x_offset_;
    if (closed_form_) return {x, (to_mercator(to_lonlat(p)).y - north_) * scale_};
    const double d = p.lat - middle_e7_;
    return {x, c_[0] + d * (c_[1] + d * (c_[2] + d * (c_[3] + d * c_[4])))};
  }

 private:
  bool closed_form_;
  double x_scale_, x_offset_, scale_, north_, middle_e7_;
  double c_[5];
};

}  // namespace jobmap::geo
