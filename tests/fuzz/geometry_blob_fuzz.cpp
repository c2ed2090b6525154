// SpatiaLite blobs: what decodes is on the globe, and encodes to something that decodes to the same.
#include <cstdlib>

#include "data/store/geometry_blob.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::span blob(reinterpret_cast<const std::byte*>(bytes), size);
  if (const auto p = data::decode_point(blob)) {
    if (!geo::is_valid(*p) || data::decode_point(data::encode_point(*p)) != p) std::abort();
  }
  if (const auto lines = data::decode_multilinestring(blob))
    if (data::decode_multilinestring(data::encode_multilinestring(*lines)) != lines) std::abort();
  if (const auto areas = data::decode_multipolygon(blob))
    if (data::decode_multipolygon(data::encode_multipolygon(*areas)) != areas) std::abort();
  return 0;
}
