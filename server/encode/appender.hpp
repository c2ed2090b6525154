#pragma once
// Grows the caller's string in large steps and lets an encoder write into it by pointer: what the JSON and
// the protobuf writer share.
//
//   Appender a(body);
//   char* at = a.room(20);           // at least 20 bytes may be written there; may move the string
//   a.advance(put_bytes(at, "..."));
//   a.finish();                      // trims the string to what was written (the destructor does too)
//
// Until finish() nobody else may touch the string; from then on it is the caller's. A string that has moved
// away or grown since is left as it is, so an Appender may outlive what it wrote.
#include <cstddef>
#include <string>

#include "server/encode/put.hpp"

namespace jobmap::encode {

class Appender {
 public:
  explicit Appender(std::string& out)
      : out_(out), begin_(out.size()), at_(out.data() + out.size()), end_(at_) {}
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() { finish(); }

  char* room(std::size_t n) {
    if (static_cast<std::size_t>(end_ - at_) < n) grow(n);
    return at_;
  }
  char* at() { return at_; }
  void advance(char* to) { at_ = to; }
  std::size_t size() const { return static_cast<std::size_t>(at_ - out_.data()); }
  // Back to an earlier size.
  void cut(std::size_t size) { at_ = out_.data() + size; }
  char* data() { return out_.data(); }
  void finish();

 private:
  static constexpr std::size_t least_growth = 1024;
  void grow(std::size_t n);

  std::string& out_;
  std::size_t begin_;  // of what this appender writes
  char* at_;
  char* end_;
};

}  // namespace jobmap::encode
