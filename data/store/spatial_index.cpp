#include "data/store/spatial_index.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "data/store/geometry_blob.hpp"
#include "geo/hilbert.hpp"

namespace jobmap::data {
namespace {

// A cell of a node: a point of the table (its pk), or a node of the level below (its number). The file has
// floats, so a box is rounded outwards.
struct Cell {
  std::int64_t id = 0;
  float min_x = 0, max_x = 0, min_y = 0, max_y = 0;
};
constexpr std::size_t header_bytes = 4, cell_bytes = 24;

float round_down(double v) {
  const auto f = static_cast<float>(v);
  return f <= v ? f : std::nextafter(f, -std::numeric_limits<float>::infinity());
}
float round_up(double v) {
  const auto f = static_cast<float>(v);
  return f >= v ? f : std::nextafter(f, std::numeric_limits<float>::infinity());
}

template <typename Integer>
std::byte* put_big_endian(std::byte* at, Integer value) {
  for (int shift = 8 * static_cast<int>(sizeof value) - 8; shift >= 0; shift -= 8)
    *at++ = static_cast<std::byte>(value >> shift & 0xFF);
  return at;
}

std::vector<Cell> read_points(Database& db, const std::string& table) {
  struct Keyed {
    std::uint64_t key;
    Cell cell;
  };
  std::vector<Keyed> points;
  Statement s = db.prepare("SELECT pk, geom FROM " + table + " WHERE geom IS NOT NULL");
  while (s.step()) {
    const auto p = decode_point(s.column_blob(1));
    if (!p) throw DatabaseError(db.path() + ": a geometry of " + table + " is not a point on the globe", 0);
    points.push_back(
        {geo::hilbert_key(geo::to_grid(geo::to_e7(*p))),
         {s.column_int64(0), round_down(p->lon), round_up(p->lon), round_down(p->lat), round_up(p->lat)}});
  }
  const auto before = [](const Keyed& a, const Keyed& b) { return a.key < b.key; };
  if (!std::is_sorted(points.begin(), points.end(), before))
    std::stable_sort(points.begin(), points.end(), before);
  std::vector<Cell> cells;
  cells.reserve(points.size());
  for (const auto& p : points) cells.push_back(p.cell);
  return cells;
}

class Builder {
 public:
  Builder(Database& db, const std::string& table)
      : index_("idx_" + table + "_geom"),
        node_(db.prepare("INSERT OR REPLACE INTO " + index_ + "_node VALUES (?1, ?2)")),
        parent_(db.prepare("INSERT INTO " + index_ + "_parent VALUES (?1, ?2)")),
        rowid_(db.prepare("INSERT INTO " + index_ + "_rowid VALUES (?1, ?2)")),
        blob_(static_cast<std::size_t>(
            db.query_int64("SELECT length(data) FROM " + index_ + "_node WHERE nodeno = 1"))),
        // Room for an eighth more, so that the next insertions don't split every node.
        fill_(std::max<std::size_t>(2, (blob_.size() - header_bytes) / cell_bytes * 7 / 8)) {
    db.execute("DELETE FROM " + index_ + "_node; DELETE FROM " + index_ + "_parent; DELETE FROM " + index_ +
               "_rowid");
  }

  void build(std::vector<Cell> cells) {
    bool leaves = true;
    std::uint16_t depth = 0;
    for (; cells.size() > fill_; ++depth, leaves = false) {
      std::vector<Cell> above;
      above.reserve(cells.size() / fill_ + 1);
      for (std::size_t i = 0; i < cells.size(); i += fill_) {
        const auto node = std::span(cells).subspan(i, std::min(fill_, cells.size() - i));
        above.push_back(add_node(++last_node_, 0, node, leaves));
      }
      cells = std::move(above);
    }
    add_node(1, depth, cells, leaves);
    std::sort(leaf_of_.begin(), leaf_of_.end());
    for (const auto& [pk, node] : leaf_of_) rowid_.bind(1, pk).bind(2, node).run();
  }

 private:
  // The cell that stands for the node one level up.
  Cell add_node(std::int64_t number, std::uint16_t depth, std::span<const Cell> cells, bool leaf) {
    std::fill(blob_.begin(), blob_.end(), std::byte{0});
    auto* at = put_big_endian(put_big_endian(blob_.data(), depth), static_cast<std::uint16_t>(cells.size()));
    Cell box{number, 0, 0, 0, 0};
    if (!cells.empty()) box = {number, cells[0].min_x, cells[0].max_x, cells[0].min_y, cells[0].max_y};
    for (const Cell& c : cells) {
      at = put_big_endian(at, static_cast<std::uint64_t>(c.id));
      for (const float v : {c.min_x, c.max_x, c.min_y, c.max_y})
        at = put_big_endian(at, std::bit_cast<std::uint32_t>(v));
      box.min_x = std::min(box.min_x, c.min_x), box.max_x = std::max(box.max_x, c.max_x);
      box.min_y = std::min(box.min_y, c.min_y), box.max_y = std::max(box.max_y, c.max_y);
      if (leaf)
        leaf_of_.emplace_back(c.id, number);
      else
        parent_.bind(1, c.id).bind(2, number).run();
    }
    node_.bind(1, number).bind(2, std::span<const std::byte>(blob_)).run();
    return box;
  }

  std::string index_;
  Statement node_, parent_, rowid_;
  Bytes blob_;
  std::size_t fill_;
  std::int64_t last_node_ = 1;                                  // 1 is the root
  std::vector<std::pair<std::int64_t, std::int64_t>> leaf_of_;  // pk, node
};

}  // namespace

void rebuild_spatial_index(Database& db, const std::string& table) {
  auto points = read_points(db, table);
  Builder(db, table).build(std::move(points));
}

}  // namespace jobmap::data
