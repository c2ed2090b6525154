#include "data/store/geometry_blob.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

static_assert(std::endian::native == std::endian::little,
              "geometry blobs are written in the machine's own order");

namespace jobmap::data {
namespace {

constexpr auto blob_start = std::byte{0x00}, little_endian = std::byte{0x01}, mbr_end = std::byte{0x7C},
               entity = std::byte{0x69}, blob_end = std::byte{0xFE};
constexpr std::int32_t srid = 4326;
enum GeometryClass : std::int32_t {
  point = 1,
  linestring = 2,
  polygon = 3,
  multilinestring = 5,
  multipolygon = 6
};

template <typename T>
std::byte* put(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
  return at + sizeof value;
}

std::byte* put_header(std::byte* at, const geo::Box& mbr, GeometryClass type) {
  at = put(put(at, blob_start), little_endian);
  at = put(at, srid);
  for (double v : {mbr.min_x, mbr.min_y, mbr.max_x, mbr.max_y}) at = put(at, v);
  return put(put(at, mbr_end), std::int32_t{type});
}

class Writer {
 public:
  explicit Writer(GeometryClass type) : bytes_(header_size) { put_header(bytes_.data(), {}, type); }
  template <typename T>
  void add(T value) {
    const auto* p = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), p, p + sizeof value);
  }
  void count(std::size_t n) { add(static_cast<std::int32_t>(n)); }
  void part(GeometryClass type) {
    add(entity);
    add(std::int32_t{type});
  }
  void points(const std::vector<geo::LonLat>& points) {
    count(points.size());
    for (const auto& p : points) {
      add(p.lon);
      add(p.lat);
      mbr_ = {std::min(mbr_.min_x, p.lon), std::min(mbr_.min_y, p.lat), std::max(mbr_.max_x, p.lon),
              std::max(mbr_.max_y, p.lat)};
    }
  }
  Bytes finish(GeometryClass type) {
    add(blob_end);
    put_header(bytes_.data(), mbr_, type);
    return std::move(bytes_);
  }

 private:
  static constexpr std::size_t header_size = 43;
  static constexpr double inf = std::numeric_limits<double>::infinity();
  Bytes bytes_;
  geo::Box mbr_{inf, inf, -inf, -inf};
};

// Reads forward; the first thing that is out of place empties it, and ok() stays false.
class BlobCursor {
 public:
  explicit BlobCursor(std::span<const std::byte> rest) : rest_(rest) {}

  template <typename T>
  T take() {
    T value{};
    if (rest_.size() < sizeof value) return ok_ = false, value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return value;
  }
  template <typename T>
  void expect(T value) {
    ok_ = take<T>() == value && ok_;
  }
  void header(GeometryClass type) {
    expect(blob_start);
    expect(little_endian);
    expect(srid);
    for (int i = 0; i < 4; ++i) take<double>();
    expect(mbr_end);
    expect(std::int32_t{type});
  }
  void part(GeometryClass type) {
    expect(entity);
    expect(std::int32_t{type});
  }
  // A number of things of at least `size` bytes each: never more than what is left can hold, so a hostile
  // count can't make us allocate.
  std::size_t count(std::size_t size) {
    const auto n = take<std::int32_t>();
    if (n < 1 || static_cast<std::size_t>(n) > rest_.size() / size) return ok_ = false, 0;
    return static_cast<std::size_t>(n);
  }
  geo::LonLat lonlat() {
    const geo::LonLat p{take<double>(), take<double>()};
    ok_ = ok_ && geo::is_valid(p);
    return p;
  }
  std::vector<geo::LonLat> points(std::size_t at_least) {
    std::vector<geo::LonLat> points(count(2 * sizeof(double)));
    for (auto& p : points) p = lonlat();
    ok_ = ok_ && points.size() >= at_least;
    return points;
  }
  bool ok() const { return ok_; }
  bool finished() {
    expect(blob_end);
    return ok_ && rest_.empty();
  }

 private:
  std::span<const std::byte> rest_;
  bool ok_ = true;
};

}  // namespace

std::array<std::byte, point_blob_size> encode_point(geo::LonLat p) {
  std::array<std::byte, point_blob_size> blob;
  auto* at = put_header(blob.data(), {p.lon, p.lat, p.lon, p.lat}, point);
  put(put(put(at, p.lon), p.lat), blob_end);
  return blob;
}

Bytes encode_multilinestring(const geo::MultiLineString& lines) {
  Writer w(multilinestring);
  w.count(lines.size());
  for (const auto& line : lines) {
    w.part(linestring);
    w.points(line);
  }
  return w.finish(multilinestring);
}

Bytes encode_multipolygon(const geo::MultiPolygon& polygons) {
  Writer w(multipolygon);
  w.count(polygons.size());
  for (const auto& rings : polygons) {
    w.part(polygon);
    w.count(rings.size());
    for (const auto& ring : rings) w.points(ring);
  }
  return w.finish(multipolygon);
}

std::optional<geo::LonLat> decode_point(std::span<const std::byte> blob) {
  BlobCursor in(blob);
  in.header(point);
  const auto p = in.lonlat();
  if (!in.finished()) return std::nullopt;
  return p;
}

std::optional<geo::MultiLineString> decode_multilinestring(std::span<const std::byte> blob) {
  BlobCursor in(blob);
  in.header(multilinestring);
  geo::MultiLineString lines(in.ok() ? in.count(9 + 2 * 16) : 0);
  for (auto& line : lines) {
    in.part(linestring);
    line = in.points(2);
    if (!in.ok()) return std::nullopt;
  }
  if (!in.finished()) return std::nullopt;
  return lines;
}

std::optional<geo::MultiPolygon> decode_multipolygon(std::span<const std::byte> blob) {
  BlobCursor in(blob);
  in.header(multipolygon);
  geo::MultiPolygon polygons(in.ok() ? in.count(9 + 4 + 4 * 16) : 0);
  for (auto& rings : polygons) {
    in.part(polygon);
    rings.resize(in.count(4 + 4 * 16));
    for (auto& ring : rings) {
      ring = in.points(4);
      if (!in.ok() || ring.front() != ring.back()) return std::nullopt;
    }
    if (!in.ok()) return std::nullopt;
  }
  if (!in.finished()) return std::nullopt;
  return polygons;
}

}  // namespace jobmap::data
