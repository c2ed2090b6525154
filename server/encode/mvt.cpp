#include "server/encode/mvt.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>

namespace jobmap::encode {
namespace {

// Field numbers of the specification's vector_tile.proto.
enum TileField : unsigned { tile_layers = 3 };
enum LayerField : unsigned {
  layer_name = 1,
  layer_features = 2,
  layer_keys = 3,
  layer_values = 4,
  layer_extent = 5,
  layer_version = 15
};
enum FeatureField : unsigned { feature_tags = 2, feature_type = 3, feature_geometry = 4 };
enum ValueField : unsigned { value_string = 1, value_double = 3, value_uint = 5, value_bool = 7 };
enum GeometryType : std::uint32_t { point_type = 1, line_type = 2, polygon_type = 3 };
enum Command : std::uint32_t { move_to = 1, line_to = 2, close_path = 7 };

constexpr std::uint32_t command(Command id, std::size_t count) {
  return static_cast<std::uint32_t>(count) << 3 | id;
}
constexpr char byte_tag(unsigned field, WireType type) { return static_cast<char>(wire_tag(field, type)); }

constexpr char string_tag = byte_tag(value_string, WireType::bytes);
constexpr char double_tag = byte_tag(value_double, WireType::fixed64);
constexpr char uint_tag = byte_tag(value_uint, WireType::varint);
constexpr char bool_tag = byte_tag(value_bool, WireType::varint);

// A copy without a call for what ids and titles mostly are: up to 32 bytes, by two words that may overlap.
char* put_short(char* at, std::string_view s) {
  const auto copy = [&]<typename Word>(Word) {
    Word head, tail;
    std::memcpy(&head, s.data(), sizeof head);
    std::memcpy(&tail, s.data() + s.size() - sizeof tail, sizeof tail);
    std::memcpy(at, &head, sizeof head);
    std::memcpy(at + s.size() - sizeof tail, &tail, sizeof tail);
    return at + s.size();
  };
  if (s.size() > 32) return put_bytes(at, s);
  if (s.size() >= 16) return copy(std::array<std::uint64_t, 2>{});
  if (s.size() >= 8) return copy(std::uint64_t{});
  if (s.size() >= 4) return copy(std::uint32_t{});
  for (char c : s) *at++ = c;
  return at;
}

// Tells texts apart by their length and both ends; what collides is compared.
std::uint32_t quick_hash(std::string_view s) {
  std::uint64_t head = 0, tail = 0;
  if (s.size() >= 8) {
    std::memcpy(&head, s.data(), 8);
    std::memcpy(&tail, s.data() + s.size() - 8, 8);
  } else {
    std::memcpy(&head, s.data(), s.size());
  }
  std::uint64_t h = (head ^ s.size()) * 0x9E3779B97F4A7C15u;
  h = (h ^ h >> 32 ^ tail) * 0xD6E8FEB86659FD93u;
  return static_cast<std::uint32_t>(h >> 32);
}

// Geometry commands of a feature; the pen starts at the origin.
class Pen {
 public:
  void line(const TilePath& path, std::size_t points) {
    commands_.push_back(command(move_to, 1));
    go_to(path[0]);
    commands_.push_back(command(line_to, points - 1));
    for (std::size_t i = 1; i < points; ++i) go_to(path[i]);
  }
  void close() { commands_.push_back(command(close_path, 1)); }
  std::span<const std::uint32_t> commands() const { return commands_; }

 private:
  void go_to(TilePoint p) {
    commands_.push_back(zigzag32(p.x - at_.x));
    commands_.push_back(zigzag32(p.y - at_.y));
    at_ = p;
  }
  std::vector<std::uint32_t> commands_;
  TilePoint at_;
};

// Twice the area by the surveyor's formula; positive where the ring turns clockwise as seen (y points down).
std::int64_t twice_area(const TilePath& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const TilePoint a = ring[i], b = ring[(i + 1) % ring.size()];
    sum += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
  }
  return sum;
}

TilePath without_repeats(const TilePath& path) {
  TilePath out;
  std::unique_copy(path.begin(), path.end(), std::back_inserter(out));
  return out;
}

// Open, without repeats, wound as asked; empty where it encloses nothing.
TilePath clean_ring(const TilePath& ring, bool clockwise) {
  TilePath out = without_repeats(ring);
  while (out.size() > 1 && out.front() == out.back()) out.pop_back();
  const std::int64_t area = twice_area(out);
  if (area == 0) return {};
  if ((area > 0) != clockwise) std::reverse(out.begin() + 1, out.end());
  return out;
}

}  // namespace

MvtLayer::MvtLayer(std::string& out, std::string_view name, std::size_t expected_features)
    : out_(out), layer_(out_.begin(tile_layers, expected_features * 50)), values_(value_bytes_) {
  out_.room(expected_features * 56 + 128);
  values_.room(expected_features * 40);
  table_.resize(std::bit_ceil(std::min<std::size_t>(expected_features, 512) * 2));
  out_.uint(layer_version, 2);
  out_.string(layer_name, name);
  out_.uint(layer_extent, tile_extent);
}

std::uint32_t MvtLayer::key(std::string_view name) {
  const auto number = std::find(keys_.begin(), keys_.end(), name) - keys_.begin();
  if (number == std::ssize(keys_)) keys_.emplace_back(name);
  return static_cast<std::uint32_t>(number);
}

// A Value message is the tag of its type and a payload; in equal values both are equal.
std::uint32_t MvtLayer::text(std::string_view value) { return intern(string_tag, value); }

std::uint32_t MvtLayer::number(std::uint64_t value) {
  char digits[max_varint];
  return intern(uint_tag, {digits, static_cast<std::size_t>(put_varint(digits, value) - digits)});
}

std::uint32_t MvtLayer::real(double value) {
  char bytes[sizeof value];
  return intern(double_tag, {bytes, static_cast<std::size_t>(put_fixed64(bytes, value) - bytes)});
}

std::uint32_t MvtLayer::flag(bool value) { return intern(bool_tag, {value ? "\1" : "\0", 1}); }

std::uint32_t MvtLayer::unique_text(std::string_view head, std::string_view tail) {
  return add_value(string_tag, head, tail);
}

// The payload ends where the table of values does.
std::uint32_t MvtLayer::add_value(char tag, std::string_view head, std::string_view tail) {
  const std::size_t size = head.size() + tail.size();
  char* p = values_.room(size + 2 * max_varint + 2);
  *p++ = byte_tag(layer_values, WireType::bytes);
  p = put_varint(p, 1 + (tag == string_tag ? varint_size(size) : 0) + size);
  *p++ = tag;
  if (tag == string_tag) p = put_varint(p, size);
  values_.advance(put_short(put_short(p, head), tail));
  return value_count_++;
}

std::uint32_t MvtLayer::intern(char tag, std::string_view payload) {
  const std::uint32_t hash = quick_hash(payload);
  const auto size = static_cast<std::uint32_t>(payload.size());
  const std::uint32_t size_and_type = size << 3 | static_cast<std::uint32_t>(tag) >> 3;
  for (std::size_t i = hash;; ++i) {
    Slot& slot = table_[i & (table_.size() - 1)];
    if (slot.number_plus_1 == 0) {
      const std::uint32_t number = add_value(tag, payload, {});
      slot = {hash, number + 1, static_cast<std::uint32_t>(values_.size()) - size, size_and_type};
      if (++table_used_ * 2 > table_.size()) enlarge_table();
      return number;
    }
    if (slot.hash == hash && slot.size_and_type == size_and_type &&
        std::memcmp(value_bytes_.data() + slot.at, payload.data(), size) == 0)
      return slot.number_plus_1 - 1;
  }
}

void MvtLayer::enlarge_table() {
  std::vector<Slot> old(table_.size() * 2);
  old.swap(table_);
  for (const Slot& slot : old) {
    if (slot.number_plus_1 == 0) continue;
    std::size_t i = slot.hash;
    while (table_[i & (table_.size() - 1)].number_plus_1 != 0) ++i;
    table_[i & (table_.size() - 1)] = slot;
  }
}

// The hot path: a few dozen bytes, so one length byte, and no check of room but the first.
void MvtLayer::point(TilePoint at, Tags tags) {
  assert(tags.size() <= 22);
  char* p = out_.room(16 + 5 * (tags.size() + 2));
  *p++ = byte_tag(layer_features, WireType::bytes);
  char* const feature = p++;
  *p++ = byte_tag(feature_tags, WireType::bytes);
  char* const packed = p++;
  for (std::uint32_t tag : tags) p = put_varint(p, tag);
  *packed = static_cast<char>(p - packed - 1);
  *p++ = byte_tag(feature_type, WireType::varint);
  *p++ = point_type;
  *p++ = byte_tag(feature_geometry, WireType::bytes);
  char* const geometry = p++;
  *p++ = command(move_to, 1);
  p = put_varint(p, zigzag32(at.x));
  p = put_varint(p, zigzag32(at.y));
  *geometry = static_cast<char>(p - geometry - 1);
  *feature = static_cast<char>(p - feature - 1);
  out_.advance(p);
  has_features_ = true;
}

void MvtLayer::add_feature(std::uint32_t type, std::span<const std::uint32_t> geometry, Tags tags) {
  if (geometry.empty()) return;
  const auto feature = out_.begin(layer_features, geometry.size() * 2 + 16);
  const auto packed = [&](unsigned field, std::span<const std::uint32_t> numbers, std::size_t expected) {
    const auto list = out_.begin(field, expected);
    char* p = out_.room(numbers.size() * 5);
    for (std::uint32_t n : numbers) p = put_varint(p, n);
    out_.advance(p);
    out_.end(list);
  };
  packed(feature_tags, tags, tags.size());
  out_.uint(feature_type, type);
  packed(feature_geometry, geometry, geometry.size() * 2);
  out_.end(feature);
  has_features_ = true;
}

void MvtLayer::lines(std::span<const TilePath> lines, Tags tags) {
  Pen pen;
  for (const TilePath& line : lines) {
    const TilePath points = without_repeats(line);
    if (points.size() >= 2) pen.line(points, points.size());
  }
  add_feature(line_type, pen.commands(), tags);
}

void MvtLayer::polygons(std::span<const std::vector<TilePath>> polygons, Tags tags) {
  Pen pen;
  for (const auto& rings : polygons) {
    for (std::size_t i = 0; i < rings.size(); ++i) {
      const bool outer = i == 0;
      const TilePath ring = clean_ring(rings[i], outer);
      if (ring.empty() && outer) break;
      if (ring.empty()) continue;
      pen.line(ring, ring.size());
      pen.close();
    }
  }
  add_feature(polygon_type, pen.commands(), tags);
}

void MvtLayer::finish() {
  if (finished_) return;
  finished_ = true;
  if (!has_features_) {
    out_.drop(layer_);
  } else {
    for (const std::string& key : keys_) out_.string(layer_keys, key);
    const std::size_t size = values_.size();
    out_.advance(put_bytes(out_.room(size), {value_bytes_.data(), size}));
    out_.end(layer_);
  }
  out_.finish();
}

}  // namespace jobmap::encode
