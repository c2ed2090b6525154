#include "data/ingest/osm/blob.hpp"

#include <bzlib.h>
#include <lz4.h>
#include <zlib.h>
#include <zstd.h>

#include <optional>
#include <stdexcept>

namespace jobmap::data::osm {
namespace {

// Each unpacks into `room` bytes at `to` and says how many there were, or nothing where they don't unpack.
using Unpack = std::optional<std::size_t> (*)(const std::string& from, char* to, std::size_t room);

std::optional<std::size_t> unpack_zlib(const std::string& from, char* to, std::size_t room) {
  uLongf size = room;
  if (uncompress(reinterpret_cast<Bytef*>(to), &size, reinterpret_cast<const Bytef*>(from.data()),
                 from.size()) != Z_OK)
    return std::nullopt;
  return size;
}

std::optional<std::size_t> unpack_bzip2(const std::string& from, char* to, std::size_t room) {
  auto size = static_cast<unsigned>(room);
  if (BZ2_bzBuffToBuffDecompress(to, &size, const_cast<char*>(from.data()),
                                 static_cast<unsigned>(from.size()), 0, 0) != BZ_OK)
    return std::nullopt;
  return size;
}

std::optional<std::size_t> unpack_lz4(const std::string& from, char* to, std::size_t room) {
  const int size =
      LZ4_decompress_safe(from.data(), to, static_cast<int>(from.size()), static_cast<int>(room));
  if (size < 0) return std::nullopt;
  return static_cast<std::size_t>(size);
}

std::optional<std::size_t> unpack_zstd(const std::string& from, char* to, std::size_t room) {
  const std::size_t size = ZSTD_decompress(to, room, from.data(), from.size());
  if (ZSTD_isError(size)) return std::nullopt;
  return size;
}

}  // namespace

void damaged(const std::string& why) { throw std::runtime_error("is cut off or damaged: " + why); }

void Unpacker::operator()(const osmpbf::Blob& blob, std::string& block) {
  if (blob.has_raw()) {
    block = blob.raw();
    return;
  }
  const auto unpack = [&](const std::string& from, Unpack by) {
    if (blob.raw_size() < 0 || static_cast<std::uint32_t>(blob.raw_size()) > most_block)
      damaged("a block inflates to " + std::to_string(blob.raw_size()) + " bytes");
    if (blob.raw_size() > 0) {
      block.resize(static_cast<std::size_t>(blob.raw_size()));
      if (by(from, block.data(), block.size()) != block.size()) damaged("a block doesn't inflate");
      return;
    }
    if (!room_) room_ = std::make_unique_for_overwrite<char[]>(most_block);
    const auto size = by(from, room_.get(), most_block);
    if (!size) damaged("a block doesn't inflate, or not within the format's 32 MiB");
    block.assign(room_.get(), *size);
  };
  if (blob.has_zlib_data()) return unpack(blob.zlib_data(), unpack_zlib);
  if (blob.has_zstd_data()) return unpack(blob.zstd_data(), unpack_zstd);
  if (blob.has_lz4_data()) return unpack(blob.lz4_data(), unpack_lz4);
  if (blob.has_bzip2_data()) return unpack(blob.bzip2_data(), unpack_bzip2);
  if (blob.has_lzma_data())
    throw std::runtime_error(
        "has blocks packed by lzma, which is not read; zlib, zstd, lz4 and bzip2 are (osmium cat -o "
        "new.osm.pbf writes zlib)");
  throw std::runtime_error(
      "has a block packed in a way that is not known; zlib, zstd, lz4 and bzip2 are read");
}

}  // namespace jobmap::data::osm
