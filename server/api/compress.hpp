#pragma once
// gzip (RFC 1952) by zlib, for answers made once or compressed per request.
//
//   if (auto packed = gzip(body, gzip_fast)) …  // nothing where it wouldn't be smaller
//
// The output is a function of the input alone: no time stamp, no name.
#include <optional>
#include <string>
#include <string_view>

namespace jobmap::api {

inline constexpr int gzip_fast = 1, gzip_small = 9;
inline constexpr std::size_t gzip_from_bytes = 1024;  // smaller bodies aren't worth it

std::optional<std::string> gzip(std::string_view text, int level);

}  // namespace jobmap::api
