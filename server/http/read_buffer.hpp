#pragma once
// The bytes a connection has received and not yet used. Small until a head needs more, and never above its
// limit.
//
//   ReadBuffer buffer(limits.head_bytes());
//   while (buffer.make_room()) buffer.received(read_into(buffer.room()));
//   buffer.consume(parse(buffer.bytes()));
//
// Views into bytes() hold until the next make_room().
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>

namespace jobmap::http {

class ReadBuffer {
 public:
  explicit ReadBuffer(std::size_t most) : most_(most) {}

  // Makes room() non-empty; false where the bytes fill all there may be.
  bool make_room() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ < capacity_) return true;
    const std::size_t size = end_ - begin_;
    if (begin_ > 0) {
      std::memmove(data_.get(), data_.get() + begin_, size);
    } else if (capacity_ < most_) {
      capacity_ = capacity_ == 0 ? std::min(first_size, most_) : most_;
      auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
      if (size > 0) std::memcpy(larger.get(), data_.get(), size);
      data_ = std::move(larger);
    } else {
      return false;
    }
    begin_ = 0;
    end_ = size;
    return true;
  }

  std::span<char> room() { return {data_.get() + end_, capacity_ - end_}; }
  std::span<char> bytes() { return {data_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  void received(std::size_t size) { end_ += size; }
  void consume(std::size_t size) { begin_ += size; }
  void clear() { begin_ = end_ = 0; }

 private:
  static constexpr std::size_t first_size = 4096;

  std::size_t most_;
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace jobmap::http
