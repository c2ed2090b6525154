// The PBF format: frames of a length, a BlobHeader and a Blob, which holds one deflated block.
#include <zlib.h>

#include <array>
#include <istream>
#include <limits>
#include <stdexcept>
#include <vector>

#include "data/osm/reader.hpp"
#include "osm.pb.h"

namespace jobmap::data::osm {
namespace {

// The format's own limits.
constexpr std::uint32_t most_header = 64 << 10, most_block = 32 << 20;

[[noreturn]] void damaged(const std::string& why) {
  throw std::runtime_error("is cut off or damaged: " + why);
}

class Frames {
 public:
  Frames(std::istream& in, std::uint64_t size) : in_(in), size_(size) {}

  // The next block, inflated; false at the end of the file.
  bool next() {
    if (at_ == size_) return false;
    std::array<unsigned char, 4> length;
    read(reinterpret_cast<char*>(length.data()), length.size());
    const std::uint32_t header_size =
        std::uint32_t{length[0]} << 24 | length[1] << 16 | length[2] << 8 | length[3];
    if (header_size > most_header)
      damaged("a block has a header of " + std::to_string(header_size) + " bytes");
    parse(header_, header_size, "the header of a block");
    if (header_.datasize() < 0 || static_cast<std::uint32_t>(header_.datasize()) > most_block)
      damaged("a block has " + std::to_string(header_.datasize()) + " bytes");
    parse(blob_, static_cast<std::uint32_t>(header_.datasize()), "a block");
    inflate_blob();
    return true;
  }
  const std::string& type() const { return header_.type(); }
  const std::string& block() const { return block_; }
  std::uint64_t at() const { return at_; }

 private:
  void read(char* to, std::size_t n) {
    if (n > size_ - at_) damaged("it ends in the middle of a block");
    in_.read(to, static_cast<std::streamsize>(n));
    if (static_cast<std::size_t>(in_.gcount()) != n) damaged("it can't be read to its end");
    at_ += n;
  }
  template <typename Message>
  void parse(Message& message, std::uint32_t n, const std::string& what) {
    bytes_.resize(n);
    read(bytes_.data(), n);
    if (!message.ParseFromString(bytes_)) damaged(what + " isn't what it should be");
  }
  void inflate_blob() {
    if (blob_.has_raw()) {
      block_ = blob_.raw();
      return;
    }
    if (!blob_.has_zlib_data())
      throw std::runtime_error("is compressed by other means than zlib, which is not read");
    if (blob_.raw_size() < 0 || static_cast<std::uint32_t>(blob_.raw_size()) > most_block)
      damaged("a block inflates to " + std::to_string(blob_.raw_size()) + " bytes");
    block_.resize(static_cast<std::size_t>(blob_.raw_size()));
    uLongf size = blob_.raw_size();
    const auto& from = blob_.zlib_data();
    if (uncompress(reinterpret_cast<Bytef*>(block_.data()), &size,
                   reinterpret_cast<const Bytef*>(from.data()), from.size()) != Z_OK ||
        size != block_.size())
      damaged("a block doesn't inflate");
  }

  std::istream& in_;
  std::uint64_t size_, at_ = 0;
  osmpbf::BlobHeader header_;
  osmpbf::Blob blob_;
  std::string bytes_, block_;
};

void check_header(const std::string& block) {
  osmpbf::HeaderBlock header;
  if (!header.ParseFromString(block)) damaged("its header isn't what it should be");
  for (const auto& feature : header.required_features())
    if (feature != "OsmSchema-V0.6" && feature != "DenseNodes")
      throw std::runtime_error("needs the feature " + feature + ", which is not read");
}

class Block {
 public:
  Block(const osmpbf::PrimitiveBlock& block, Sink& sink) : block_(block), sink_(sink) {}

  void hand_over() {
    for (const auto& group : block_.primitivegroup()) {
      for (const auto& n : group.nodes()) {
        read_tags(n.keys(), n.vals());
        sink_.node(n.id(), place(n.lon(), n.lat()), tags_);
      }
      if (group.has_dense()) dense(group.dense());
      for (const auto& w : group.ways()) way(w);
      for (const auto& r : group.relations()) relation(r);
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
  geo::PointE7 place(std::int64_t lon, std::int64_t lat) const {
    const auto e7 = [&](std::int64_t units, std::int64_t offset, double most) {
      const double degrees = 1e-9 * (static_cast<double>(offset) +
                                     static_cast<double>(block_.granularity()) * static_cast<double>(units));
      if (!(degrees >= -most && degrees <= most)) damaged("a node is not on the globe");
      return degrees;
    };
    return geo::to_e7({e7(lon, block_.lon_offset(), 180), e7(lat, block_.lat_offset(), 90)});
  }

  void dense(const osmpbf::DenseNodes& d) {
    if (d.lat_size() != d.id_size() || d.lon_size() != d.id_size()) damaged("a node has no place");
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
      sink_.node(id, place(lon, lat), tags_);
    }
  }
  void way(const osmpbf::Way& w) {
    read_tags(w.keys(), w.vals());
    nodes_.clear();
    std::int64_t node = 0;
    for (const auto step : w.refs()) nodes_.push_back(node = plus(node, step));
    sink_.way(w.id(), nodes_, tags_);
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
  std::vector<Tag> tags_;
  std::vector<std::int64_t> nodes_;
  std::vector<Member> members_;
};

}  // namespace

void read_pbf(std::istream& in, std::uint64_t size, Sink& sink, const Progress& progress) {
  Frames frames(in, size);
  if (!frames.next() || frames.type() != "OSMHeader") throw std::runtime_error("is no OpenStreetMap PBF");
  check_header(frames.block());
  osmpbf::PrimitiveBlock block;
  while (frames.next()) {
    if (progress) progress(frames.at(), size);
    if (frames.type() != "OSMData") continue;  // the format lets a reader pass over what it doesn't know
    if (!block.ParseFromString(frames.block())) damaged("a block isn't what it should be");
    Block(block, sink).hand_over();
  }
}

}  // namespace jobmap::data::osm
