#pragma once
// The protobuf wire format, written straight into the caller's string: no message objects, no second pass.
//
//   WireWriter w(body);                       // appends to body
//   w.string(1, "id"); w.uint(2, 42); w.real(3, 1.5, decimals::metres);
//   const auto job = w.begin(10, 600);        // a nested message, of about 600 bytes
//   w.uint(1, 7);
//   w.end(job);                               // its length goes in front of it
//   w.finish();                               // body now ends where the message does
//
// Fields with the default value are the caller's to leave out. The writer grows the string in large steps and
// trims it in finish() (or its destructor), so until then nobody else may touch it. For loops that count
// nanoseconds: room(n), then the put_ functions on at(), then advance(). Format: protobuf.dev, "Encoding".
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "server/encode/appender.hpp"

namespace jobmap::encode {

enum class WireType : unsigned { varint = 0, fixed64 = 1, bytes = 2 };

inline constexpr std::size_t max_varint = 10;  // bytes

constexpr std::uint32_t wire_tag(unsigned field, WireType type) {
  return field << 3 | static_cast<unsigned>(type);
}
constexpr std::uint64_t zigzag(std::int64_t v) {
  return static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::uint32_t zigzag32(std::int32_t v) {
  return static_cast<std::uint32_t>(v) << 1 ^ static_cast<std::uint32_t>(v >> 31);
}
constexpr std::size_t varint_size(std::uint64_t v) {
  return static_cast<std::size_t>(std::bit_width(v | 1) + 6) / 7;
}

// Write at `at` and return the end of what was written. The room must be there.
inline char* put_varint(char* at, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) *at++ = static_cast<char>(v | 0x80);
  *at++ = static_cast<char>(v);
  return at;
}
// Little-endian, as every machine this is built for.
inline char* put_fixed64(char* at, double v) {
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(at, &v, sizeof v);
  return at + sizeof v;
}

class WireWriter : public Appender {
 public:
  using Appender::Appender;

  void uint(unsigned field, std::uint64_t v) {
    room(2 * max_varint);
    advance(put_varint(put_varint(at(), wire_tag(field, WireType::varint)), v));
  }
  void sint(unsigned field, std::int64_t v) { uint(field, zigzag(v)); }  // of type sint32, sint64
  // A field of type double, rounded as JSON writes it (server/encode/rounding.hpp).
  void real(unsigned field, double v, int decimals) { fixed(field, scaled(v, decimals), decimals); }
  // A field of type double that holds v / 10^decimals.
  void fixed(unsigned field, std::int64_t v, int decimals) {
    room(max_varint + 8);
    const auto tagged = put_varint(at(), wire_tag(field, WireType::fixed64));
    advance(put_fixed64(tagged, from_scaled(v, decimals)));
  }
  // One more of a packed field of doubles.
  void packed(double v, int decimals) { advance(put_fixed64(room(8), rounded(v, decimals))); }
  void string(unsigned field, std::string_view v) {  // of type string, bytes, or a message already encoded
    room(2 * max_varint + v.size());
    advance(put_bytes(put_varint(put_varint(at(), wire_tag(field, WireType::bytes)), v.size()), v));
  }

  // A nested message or a packed field. Room is kept for the length of `expected` bytes; where the real
  // length takes more or fewer digits its content is moved, so a guess within a factor of ten mostly costs
  // nothing.
  struct Nested {
    std::size_t start, length_at, width;  // offsets in the string of the tag and the length
  };
  Nested begin(unsigned field, std::size_t expected) {
    room(2 * max_varint);
    const std::size_t start = size();
    advance(put_varint(at(), wire_tag(field, WireType::bytes)));
    const Nested nested{start, size(), varint_size(expected)};
    advance(at() + nested.width);
    return nested;
  }
  void end(Nested nested) {
    const std::size_t length = size() - nested.length_at - nested.width, width = varint_size(length);
    if (width != nested.width) move_content(nested, length, width);
    put_varint(data() + nested.length_at, length);
  }
  // Takes back everything since begin(), and the field itself.
  void drop(Nested nested) { cut(nested.start); }

 private:
  void move_content(Nested nested, std::size_t length, std::size_t width);
};

}  // namespace jobmap::encode
