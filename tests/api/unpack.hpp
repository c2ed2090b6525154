#pragma once
// The inverse of compress(), by the libraries' own decoders.
//
//   EXPECT_EQ(unpack(*response.body, Coding::br), text);
#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

#include "server/api/coding.hpp"

namespace jobmap::api {

inline std::string unpack(const std::string& packed, Coding coding) {
  if (coding == Coding::identity) return packed;
  std::string out(1 << 22, '\0');
  std::size_t size = out.size();
  if (coding == Coding::br) {
    EXPECT_EQ(BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()),
                                      &size, reinterpret_cast<std::uint8_t*>(out.data())),
              BROTLI_DECODER_RESULT_SUCCESS);
  } else if (coding == Coding::zstd) {
    size = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
    EXPECT_FALSE(ZSTD_isError(size));
  } else {
    z_stream stream{};
    inflateInit2(&stream, MAX_WBITS + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    size = stream.total_out;
    inflateEnd(&stream);
  }
  out.resize(size);
  return out;
}

}  // namespace jobmap::api
