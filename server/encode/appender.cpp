#include "server/encode/appender.hpp"

#include <algorithm>

namespace jobmap::encode {

void Appender::finish() {
  if (end_ != out_.data() + out_.size()) return;
  out_.resize(size());
  end_ = at_ = out_.data() + out_.size();
}

void Appender::grow(std::size_t n) {
  const std::size_t used = size();
  // As much again as this appender has written, and not as the string holds: what resize() fills with zeros
  // stays in proportion to what is written, also where many appenders in turn add a little to one long
  // string.
  out_.resize(used + std::max({n, used - std::min(begin_, used), least_growth}));
  at_ = out_.data() + used;
  end_ = out_.data() + out_.size();
}

}  // namespace jobmap::encode
