// Standard error, closed for a while: SpatiaLite complains there of what it then does all the same.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "data/store/sqlite.hpp"

namespace jobmap::data {

Unheard::Unheard() : errors_(::dup(STDERR_FILENO)) {
  std::fflush(stderr);
  if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) {
    ::dup2(nowhere, STDERR_FILENO);
    ::close(nowhere);
  }
}
Unheard::~Unheard() {
  std::fflush(stderr);
  if (errors_ < 0) return;
  ::dup2(errors_, STDERR_FILENO);
  ::close(errors_);
}

}  // namespace jobmap::data
