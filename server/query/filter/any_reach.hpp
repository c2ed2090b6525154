#pragma once
// Several reaches of which any will do: in time is what one of them has in time, by the quickest.
//
//   AnyReach reach({std::make_shared<StreetReach>(query, snapshot, near), std::make_shared<DiscReach>(query, snapshot, beyond)});
//
// Stations and service points of which some lie beyond the streets that are loaded are such.
#include <algorithm>
#include <limits>

#include "server/query/filter/reach.hpp"

namespace jobmap::query {

class AnyReach final : public Reach {
 public:
  explicit AnyReach(Reaches parts) : parts_(std::move(parts)) {}

  geo::Relation relate(const geo::BoxE7& box) const override {
    auto found = geo::Relation::outside;
    for (const auto& part : parts_) {
      const auto r = part->relate(box);
      if (r == geo::Relation::inside) return r;
      if (r == geo::Relation::partly) found = r;
    }
    return found;
  }
  std::uint32_t leaf(data::Row begin, data::Row end) const override {
    std::uint32_t rows = 0;
    for (const auto& part : parts_) rows |= part->leaf(begin, end);
    return rows;
  }
  double minutes(data::Row row) const override { return quickest(row).minutes; }
  std::vector<Leg> legs(data::Row row) const override {
    const auto* reach = quickest(row).reach;
    return reach ? reach->legs(row) : std::vector<Leg>();
  }
  double at_least(const geo::BoxE7& box) const override {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& part : parts_) least = std::min(least, part->at_least(box));
    return least;
  }

 private:
  struct Quickest {
    double minutes = std::numeric_limits<double>::infinity();
    const Reach* reach = nullptr;
  };
  // Minutes are asked of those alone that have the row in time.
  Quickest quickest(data::Row row) const {
    Quickest best;
    for (const auto& part : parts_) {
      if (!part->leaf(row, row + 1)) continue;
      if (const double minutes = part->minutes(row); minutes < best.minutes) best = {minutes, part.get()};
    }
    return best;
  }

  Reaches parts_;
};

}  // namespace jobmap::query
