#pragma once
// Comparisons of runs of column values with a limit, one result bit a value: what the filters are made of.
//
//   std::uint64_t m = at_most(column + 64 * w, 64, limit);     // bit i: column[64 w + i] <= limit
//   m = in_box(lon + row, lat + row, 16, box);
//
// n is at most 64. With SSE2, which every x86-64 has, a step compares four values (sixteen of a byte); without it,
// or if JOBMAP_PLAIN is set, one.
#include <cstddef>
#include <cstdint>

#include "geo/coords.hpp"

#if defined(__SSE2__) && !defined(JOBMAP_PLAIN)
#define JOBMAP_SSE2
#include <emmintrin.h>
#endif

namespace jobmap::query {

namespace detail {

// four(i) gives the bits of values i to i+3, one(i) that of value i.
template <typename Four, typename One>
std::uint64_t gather(std::size_t n, [[maybe_unused]] Four&& four, One&& one) {
  std::uint64_t mask = 0;
  std::size_t i = 0;
#ifdef JOBMAP_SSE2
  for (; i + 4 <= n; i += 4) mask |= static_cast<std::uint64_t>(static_cast<unsigned>(four(i))) << i;
#endif
  for (; i < n; ++i) mask |= static_cast<std::uint64_t>(one(i)) << i;
  return mask;
}

#ifdef JOBMAP_SSE2
inline __m128i load(const std::int32_t* v) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(v)); }
inline int bits(__m128i m) { return _mm_movemask_ps(_mm_castsi128_ps(m)); }
#endif

}  // namespace detail

#ifdef JOBMAP_SSE2
#define JOBMAP_FOUR(expression) [&]([[maybe_unused]] std::size_t i) { return expression; }
#else
#define JOBMAP_FOUR(expression) 0
#endif

inline std::uint64_t below(const float* v, std::size_t n, float limit) {
  return detail::gather(n,
                        JOBMAP_FOUR(_mm_movemask_ps(_mm_cmplt_ps(_mm_loadu_ps(v + i), _mm_set1_ps(limit)))),
                        [&](std::size_t i) { return v[i] < limit; });
}

inline std::uint64_t at_most(const float* v, std::size_t n, float limit) {
  return detail::gather(n,
                        JOBMAP_FOUR(_mm_movemask_ps(_mm_cmple_ps(_mm_loadu_ps(v + i), _mm_set1_ps(limit)))),
                        [&](std::size_t i) { return v[i] <= limit; });
}

inline std::uint64_t at_least(const std::int32_t* v, std::size_t n, std::int32_t limit) {
  return detail::gather(
      n, JOBMAP_FOUR(15 & ~detail::bits(_mm_cmpgt_epi32(_mm_set1_epi32(limit), detail::load(v + i)))),
      [&](std::size_t i) { return v[i] >= limit; });
}

inline std::uint64_t at_most(const std::int8_t* v, std::size_t n, std::int8_t limit) {
  std::uint64_t mask = 0;
  std::size_t i = 0;
#ifdef JOBMAP_SSE2
  for (; i + 16 <= n; i += 16) {
    const auto more =
        _mm_cmpgt_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(v + i)), _mm_set1_epi8(limit));
    mask |= static_cast<std::uint64_t>(~_mm_movemask_epi8(more) & 0xFFFF) << i;
  }
#endif
  for (; i < n; ++i) mask |= static_cast<std::uint64_t>(v[i] <= limit) << i;
  return mask;
}

inline std::uint64_t at_least(const std::uint32_t* v, std::size_t n, std::uint32_t limit) {
  // Compared as signed numbers, from which as many are taken away.
  constexpr std::uint32_t middle = 0x80000000;
  [[maybe_unused]] const auto lowered = static_cast<std::int32_t>(limit ^ middle);
  return detail::gather(
      n,
      JOBMAP_FOUR(15 & ~detail::bits(_mm_cmpgt_epi32(
                           _mm_set1_epi32(lowered),
                           _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(v + i)),
                                         _mm_set1_epi32(static_cast<std::int32_t>(middle)))))),
      [&](std::size_t i) { return v[i] >= limit; });
}

inline std::uint64_t in_box(const std::int32_t* lon, const std::int32_t* lat, std::size_t n,
                            const geo::BoxE7& b) {
  return detail::gather(
      n,
      JOBMAP_FOUR(15 & ~detail::bits(_mm_or_si128(
                           _mm_or_si128(_mm_cmpgt_epi32(_mm_set1_epi32(b.min_lon), detail::load(lon + i)),
                                        _mm_cmpgt_epi32(detail::load(lon + i), _mm_set1_epi32(b.max_lon))),
                           _mm_or_si128(_mm_cmpgt_epi32(_mm_set1_epi32(b.min_lat), detail::load(lat + i)),
                                        _mm_cmpgt_epi32(detail::load(lat + i), _mm_set1_epi32(b.max_lat)))))),
      [&](std::size_t i) {
        return b.contains(geo::PointE7{lon[i], lat[i]});
      });
}

#undef JOBMAP_FOUR
#undef JOBMAP_SSE2

}  // namespace jobmap::query
