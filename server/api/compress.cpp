#include "api/compress.hpp"

#include <zlib.h>

#include <limits>
#include <new>
#include <stdexcept>

namespace jobmap::api {

std::optional<std::string> gzip(std::string_view text, int level) {
  if (text.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  z_stream stream{};
  constexpr int gzip_wrapper = 16;
  if (deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + gzip_wrapper, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(text.size(), '\0');  // more than that isn't wanted
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));  // zlib's missing const
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  const auto size = static_cast<std::size_t>(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  out.resize(size);
  return out;
}

}  // namespace jobmap::api
