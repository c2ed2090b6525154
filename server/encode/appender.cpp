#include "encode/appender.hpp"

#include <algorithm>

namespace jobmap::encode {

void Appender::finish() {
  if (end_ != out_.data() + out_.size()) return;
  out_.resize(size());
  end_ = at_ = out_.data() + out_.size();
}

void Appender::grow(std::size_t n) {
  const std::size_t used = size();
  out_.resize(std::max({used + n, 2 * out_.size(), std::size_t{1024}}));
  at_ = out_.data() + used;
  end_ = out_.data() + out_.size();
}

}  // namespace jobmap::encode
