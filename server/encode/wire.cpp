#include "server/encode/wire.hpp"

namespace jobmap::encode {

void WireWriter::move_content(Nested nested, std::size_t length, std::size_t width) {
  room(max_varint);
  char* const length_at = data() + nested.length_at;
  std::memmove(length_at + width, length_at + nested.width, length);
  advance(length_at + width + length);
}

}  // namespace jobmap::encode
