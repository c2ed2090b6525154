#include "encode/wire.hpp"

#include <algorithm>

namespace jobmap::encode {

void WireWriter::finish() {
  out_.resize(size());
  end_ = at_ = out_.data() + out_.size();
}

void WireWriter::grow(std::size_t n) {
  const std::size_t used = size();
  out_.resize(std::max({used + n, 2 * out_.size(), std::size_t{1024}}));
  at_ = out_.data() + used;
  end_ = out_.data() + out_.size();
}

void WireWriter::move_content(Nested nested, std::size_t length, std::size_t width) {
  room(max_varint);
  char* const length_at = out_.data() + nested.length_at;
  std::memmove(length_at + width, length_at + nested.width, length);
  at_ = length_at + width + length;
}

}  // namespace jobmap::encode
