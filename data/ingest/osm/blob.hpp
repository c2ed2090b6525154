#pragma once
// Unpacks the one block that a Blob of a PBF holds: plain, or packed by zlib, bzip2, lz4 or zstd.
//
//   Unpacker unpack;
//   unpack(blob, block);             // block's memory is kept from call to call
//
// Sizes are checked before memory is asked for: no block is larger than the format allows. A blob that says
// how large its block is must be right; one that doesn't is unpacked all the same. What can't be unpacked is
// a std::runtime_error.
#include <memory>
#include <string>

#include "osm.pb.h"

namespace jobmap::data::osm {

inline constexpr std::uint32_t most_block = 32 << 20;  // the format's own limit

[[noreturn]] void damaged(const std::string& why);  // throws the std::runtime_error

class Unpacker {
 public:
  void operator()(const osmpbf::Blob& blob, std::string& block);

 private:
  std::unique_ptr<char[]> room_;  // for a block that doesn't say how large it is
};

}  // namespace jobmap::data::osm
