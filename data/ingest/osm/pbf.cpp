// The PBF format: frames of a length, a BlobHeader and a Blob, which holds one packed block.
#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include "data/ingest/osm/blob.hpp"
#include "data/ingest/osm/latest.hpp"
#include "data/ingest/osm/source.hpp"
#include "data/ingest/osm/visible.hpp"
#include "osm.pb.h"

namespace jobmap::data::osm {
namespace {

constexpr std::uint32_t most_header = 64 << 10;  // the format's own limit

class Frames {
 public:
  explicit Frames(Source& in) : in_(in) {}

  // The next block, unpacked; false at the end of the file.
  bool next() {
    std::array<unsigned char, 4> length;
    const auto got = in_.read(reinterpret_cast<char*>(length.data()), length.size());
    if (got == 0) return false;
    if (got != length.size()) damaged("it ends in the middle of a block");
    const std::uint32_t header_size =
        std::uint32_t{length[0]} << 24 | length[1] << 16 | length[2] << 8 | length[3];
    if (header_size > most_header)
      damaged("a block has a header of " + std::to_string(header_size) + " bytes");
    parse(header_, header_size, "the header of a block");
    if (header_.datasize() < 0 || static_cast<std::uint32_t>(header_.datasize()) > most_block)
      damaged("a block has " + std::to_string(header_.datasize()) + " bytes");
    parse(blob_, static_cast<std::uint32_t>(header_.datasize()), "a block");
    unpack_(blob_, block_);
    return true;
  }
  const std::string& type() const { return header_.type(); }
  const std::string& block() const { return block_; }

 private:
  template <typename Message>
  void parse(Message& message, std::uint32_t n, const std::string& what) {
    bytes_.resize(n);
    if (in_.read(bytes_.data(), n) != n) damaged("it ends in the middle of a block");
    if (!message.ParseFromString(bytes_)) damaged(what + " isn't what it should be");
  }

  Source& in_;
  osmpbf::BlobHeader header_;
  osmpbf::Blob blob_;
  Unpacker unpack_;
  std::string bytes_, block_;
};

// Whether the file is a history, which holds several versions of a thing.
bool read_header(const std::string& block) {
  osmpbf::HeaderBlock header;
  if (!header.ParseFromString(block)) damaged("its header isn't what it should be");
  bool history = false;
  for (const auto& feature : header.required_features()) {
    history |= feature == "HistoricalInformation";
    if (feature != "OsmSchema-V0.6" && feature != "DenseNodes" && feature != "LocationsOnWays" &&
        feature != "HistoricalInformation")
      throw std::runtime_error("needs the feature " + feature +
                               ", which is not read; OsmSchema-V0.6, DenseNodes, LocationsOnWays and "
                               "HistoricalInformation are");
  }
  return history;
}

// `latest` is the sink of a history, which must hear of what is gone; null of other files.
class Block {
 public:
  Block(const osmpbf::PrimitiveBlock& block, Sink& sink, Latest* latest)
      : block_(block), sink_(sink), latest_(latest) {}

  void hand_over() {
    for (const auto& group : block_.primitivegroup()) {
      for (const auto& n : group.nodes()) {
        if (is_gone(Kind::node, n)) continue;
        read_tags(n.keys(), n.vals());
        sink_.node(n.id(), place(n.lon(), n.lat()), tags_);
      }
      if (group.has_dense()) dense(group.dense());
      for (const auto& w : group.ways())
        if (!is_gone(Kind::way, w)) way(w);
      for (const auto& r : group.relations())
        if (!is_gone(Kind::relation, r)) relation(r);
    }
  }

 private:
  template <typename Index>
  std::string_view text(Index i) const {
    const auto& strings = block_.stringtable().s();
    if (i < Index{0} || static_cast<std::uint64_t>(i) >= static_cast<std::uint64_t>(strings.size()))
      damaged("a tag names a text that is not there");
    return strings[static_cast<int>(i)];
  }
  template <typename Keys>
  void read_tags(const Keys& keys, const Keys& values) {
    tags_.clear();
    if (keys.size() != values.size()) damaged("a key has no value");
    for (int i = 0; i < keys.size(); ++i) tags_.push_back({text(keys[i]), text(values[i])});
  }
  // Sums of differences wrap round in a damaged file: as unsigned numbers they may.
  static std::int64_t plus(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
  std::optional<geo::PointE7> place_if_known(std::int64_t lon, std::int64_t lat) const {
    const auto degrees = [&](std::int64_t units, std::int64_t offset) {
      return 1e-9 * (static_cast<double>(offset) +
                     static_cast<double>(block_.granularity()) * static_cast<double>(units));
    };
    const geo::LonLat at{degrees(lon, block_.lon_offset()), degrees(lat, block_.lat_offset())};
    if (!(at.lon >= -180 && at.lon <= 180 && at.lat >= -90 && at.lat <= 90)) return std::nullopt;
    return geo::to_e7(at);
  }
  geo::PointE7 place(std::int64_t lon, std::int64_t lat) const {
    const auto at = place_if_known(lon, lat);
    if (!at) damaged("a node is not on the globe");
    return *at;
  }

  template <typename Thing>
  bool is_gone(Kind kind, const Thing& thing) {
    if (!thing.has_info() || is_visible(thing.info())) return false;
    if (latest_) latest_->gone(kind, thing.id());
    return true;
  }

  void dense(const osmpbf::DenseNodes& d) {
    if (d.lat_size() != d.id_size() || d.lon_size() != d.id_size()) damaged("a node has no place");
    const auto visible = visible_of_dense(d.denseinfo());
    if (!visible.empty() && visible.size() != static_cast<std::size_t>(d.id_size()))
      damaged("it isn't said of each node whether it is visible");
    std::int64_t id = 0, lat = 0, lon = 0;
    int tag = 0;
    for (int i = 0; i < d.id_size(); ++i) {
      id = plus(id, d.id(i)), lat = plus(lat, d.lat(i)), lon = plus(lon, d.lon(i));
      tags_.clear();
      while (tag < d.keys_vals_size() && d.keys_vals(tag) != 0) {
        if (tag + 1 >= d.keys_vals_size()) damaged("a key has no value");
        tags_.push_back({text(d.keys_vals(tag)), text(d.keys_vals(tag + 1))});
        tag += 2;
      }
      ++tag;
      if (visible.empty() || visible[static_cast<std::size_t>(i)])
        sink_.node(id, place(lon, lat), tags_);
      else if (latest_)
        latest_->gone(Kind::node, id);
    }
  }
  void way(const osmpbf::Way& w) {
    read_tags(w.keys(), w.vals());
    nodes_.clear();
    std::int64_t node = 0;
    for (const auto step : w.refs()) nodes_.push_back(node = plus(node, step));
    if (w.lat_size() > 0 || w.lon_size() > 0) places(w);
    sink_.way(w.id(), nodes_, tags_);
  }
  // A node that its writer didn't know lies beyond the globe; it is one that is missing.
  void places(const osmpbf::Way& w) {
    if (w.lat_size() != w.refs_size() || w.lon_size() != w.refs_size())
      damaged("a node of a way has no place");
    std::int64_t lat = 0, lon = 0;
    for (int i = 0; i < w.refs_size(); ++i) {
      lat = plus(lat, w.lat(i));
      lon = plus(lon, w.lon(i));
      if (const auto at = place_if_known(lon, lat)) sink_.place(nodes_[static_cast<std::size_t>(i)], *at);
    }
  }
  void relation(const osmpbf::Relation& r) {
    read_tags(r.keys(), r.vals());
    if (r.roles_sid_size() != r.memids_size() || r.types_size() != r.memids_size())
      damaged("a relation has a member without a kind");
    members_.clear();
    std::int64_t id = 0;
    for (int i = 0; i < r.memids_size(); ++i) {
      id = plus(id, r.memids(i));
      members_.push_back({static_cast<Kind>(r.types(i)), id, text(r.roles_sid(i))});
    }
    sink_.relation(r.id(), members_, tags_);
  }

  const osmpbf::PrimitiveBlock& block_;
  Sink& sink_;
  Latest* latest_;
  std::vector<Tag> tags_;
  std::vector<std::int64_t> nodes_;
  std::vector<Member> members_;
};

}  // namespace

void read_pbf(Source& source, Sink& sink, const Progress& progress) {
  Frames frames(source);
  if (!frames.next() || frames.type() != "OSMHeader") throw std::runtime_error("is no OpenStreetMap PBF");
  std::optional<Latest> latest;
  if (read_header(frames.block())) latest.emplace(sink);
  osmpbf::PrimitiveBlock block;
  while (frames.next()) {
    if (progress) progress(source.taken(), source.size());
    if (frames.type() != "OSMData") continue;  // the format lets a reader pass over what it doesn't know
    if (!block.ParseFromString(frames.block())) damaged("a block isn't what it should be");
    if (latest)
      Block(block, *latest, &*latest).hand_over();
    else
      Block(block, sink, nullptr).hand_over();
  }
  if (latest) latest->flush();
}

}  // namespace jobmap::data::osm
