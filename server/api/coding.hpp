#pragma once
// Content codings (RFC 9110, 8.4): which one a caller is answered in, and the packing.
//
//   auto choice = choose_coding(request.header("accept-encoding"));   // nothing: none fits, 406
//   if (auto packed = compress(body, choice->coding, Effort::fast)) body = *packed;   // nothing: no smaller
//
// Of equal q-values zstd goes before br before gzip: on tiles and lists zstd packs as well as gzip does in a
// third of the time. Who says `*` gets gzip, which everybody has read since 1996. The output is a function of
// the input, the coding and the effort alone: no time stamp, no name.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jobmap::api {

enum class Coding : std::uint8_t { identity, gzip, br, zstd };
inline constexpr std::array codings{Coding::identity, Coding::gzip, Coding::br, Coding::zstd};
// As Content-Encoding has it; empty for identity.
std::string_view name_of(Coding coding);

struct CodingChoice {
  Coding coding = Coding::identity;
  bool must = false;  // identity is refused, so even a small body is packed
  friend bool operator==(const CodingChoice&, const CodingChoice&) = default;
};
// Chooses by Accept-Encoding; empty or absent is identity. A malformed item is passed over.
std::optional<CodingChoice> choose_coding(std::string_view accept_encoding);

// fast: for one caller. kept: for an answer that many will get. smallest: once, at the start.
enum class Effort : std::uint8_t { fast, kept, smallest };
inline constexpr std::size_t compress_from_bytes = 1024;  // smaller bodies aren't worth it

// Throws std::bad_alloc, and what the thread's deadline throws (geo/deadline.hpp). With `must` the result is
// there even where it is no smaller.
std::optional<std::string> compress(std::string_view text, Coding coding, Effort effort, bool must = false);

}  // namespace jobmap::api
