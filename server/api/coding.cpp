#include "api/coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <limits>
#include <memory>
#include <new>

#include "api/negotiate.hpp"

namespace jobmap::api {
namespace {

// By effort. Measured on tiles and lists of ours: above these each level costs twice the time for 3 %.
constexpr std::array gzip_levels{1, 5, 9}, br_levels{2, 4, 9}, zstd_levels{3, 6, 15};
constexpr int br_window_bits = 19;  // 512 KiB: more than most answers

int level(const std::array<int, 3>& levels, Effort effort) {
  return levels[static_cast<std::size_t>(effort)];
}

// Each packs into `out` and gives the size; 0 where it doesn't fit.
std::size_t gzip(std::string_view text, std::string& out, int at) {
  z_stream stream{};
  constexpr int gzip_wrapper = 16;
  if (deflateInit2(&stream, at, Z_DEFLATED, MAX_WBITS + gzip_wrapper, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));  // zlib's missing const
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  const auto size = static_cast<std::size_t>(stream.total_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? size : 0;
}

std::size_t brotli(std::string_view text, std::string& out, int at) {
  std::size_t size = out.size();
  const auto done = BrotliEncoderCompress(at, br_window_bits, BROTLI_MODE_GENERIC, text.size(),
                                          reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                                          reinterpret_cast<std::uint8_t*>(out.data()));
  return done ? size : 0;
}

std::size_t zstd(std::string_view text, std::string& out, int at) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());  // it is large
  if (!context) throw std::bad_alloc();
  const auto size = ZSTD_compressCCtx(context.get(), out.data(), out.size(), text.data(), text.size(), at);
  return ZSTD_isError(size) ? 0 : size;
}

}  // namespace

std::string_view name_of(Coding coding) {
  static constexpr std::string_view names[]{"", "gzip", "br", "zstd"};
  return names[static_cast<std::size_t>(coding)];
}

std::optional<CodingChoice> choose_coding(std::string_view list) {
  if (list.empty()) return CodingChoice{};
  const auto any = quality(list, "*");
  const auto named = quality(list, "identity");
  const double refused = named ? *named : any ? *any : 1;
  CodingChoice best;
  // An identity that isn't named is acceptable, but nobody's first choice.
  double best_q = named ? *named : 0;
  const auto offer = [&](Coding coding, std::optional<double> q) {
    if (!q || *q <= 0 || *q < best_q || (*q == best_q && best.coding != Coding::identity)) return;
    best = {coding, refused <= 0};
    best_q = *q;
  };
  offer(Coding::zstd, quality(list, "zstd"));
  offer(Coding::br, quality(list, "br"));
  auto gzip_q = quality(list, "gzip");
  if (!gzip_q) gzip_q = quality(list, "x-gzip");
  offer(Coding::gzip, gzip_q ? gzip_q : any);
  if (best.coding == Coding::identity && refused <= 0) return std::nullopt;
  return best;
}

std::optional<std::string> compress(std::string_view text, Coding coding, Effort effort, bool must) {
  if (coding == Coding::identity || text.size() > std::numeric_limits<uInt>::max() / 2) return std::nullopt;
  std::string out(must ? text.size() + text.size() / 64 + 1024 : text.size(), '\0');
  const auto size = coding == Coding::gzip ? gzip(text, out, level(gzip_levels, effort))
                    : coding == Coding::br ? brotli(text, out, level(br_levels, effort))
                                           : zstd(text, out, level(zstd_levels, effort));
  if (size == 0) return std::nullopt;
  out.resize(size);
  return out;
}

}  // namespace jobmap::api
