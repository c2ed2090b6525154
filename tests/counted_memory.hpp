#pragma once
// Counts what a test program takes by operator new, which this header replaces: for one file of a program.
//
//   test::taken = {};
//   ...
//   EXPECT_LT(test::taken.largest, 1000);
#include <cstdlib>
#include <new>

namespace jobmap::test {

struct Taken {
  std::size_t bytes = 0, largest = 0;
};
inline thread_local Taken taken;

// Not inlined, or g++ 12 takes a free() of it for a mismatch.
[[gnu::noinline]] inline void* take(std::size_t size) {
  taken.bytes += size;
  if (size > taken.largest) taken.largest = size;
  return std::malloc(size);
}
[[gnu::noinline]] inline void* take_or_throw(std::size_t size) {
  if (void* memory = take(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace jobmap::test

void* operator new(std::size_t size) { return jobmap::test::take_or_throw(size); }
void* operator new[](std::size_t size) { return jobmap::test::take_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return jobmap::test::take(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return jobmap::test::take(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
