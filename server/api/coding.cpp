#include "server/api/coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <limits>
#include <memory>
#include <new>

#include "geo/deadline.hpp"
#include "server/api/negotiate.hpp"

namespace jobmap::api {
namespace {

// Levels by effort. On our tiles and lists each level above these costs twice the time for 3 % of the bytes.
constexpr std::array gzip_levels{1, 5, 9}, br_levels{2, 4, 9}, zstd_levels{3, 6, 15};
constexpr int br_window_bits = 19;  // 512 KiB: more than most answers

int level(const std::array<int, 3>& levels, Effort effort) {
  return levels[static_cast<std::size_t>(effort)];
}

// A body is packed in portions, between which the work's deadline is looked at.
constexpr std::size_t portion = 128 << 10;

// Calls step(input, last) portion by portion until one says that it has failed.
template <typename Step>
bool in_portions(std::string_view text, Step&& step) {
  while (text.size() > portion) {
    geo::check_deadline_now();
    if (!step(text.substr(0, portion), false)) return false;
    text.remove_prefix(portion);
  }
  geo::check_deadline_now();
  return step(text, true);
}

// Each packs into `out` and gives the size; 0 where it doesn't fit.
std::size_t gzip(std::string_view text, std::string& out, int at) {
  struct Stream : z_stream {
    Stream() : z_stream{} {}
    ~Stream() { deflateEnd(this); }
  } stream;
  constexpr int gzip_wrapper = 16;
  if (deflateInit2(&stream, at, Z_DEFLATED, MAX_WBITS + gzip_wrapper, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = in_portions(text, [&](std::string_view part, bool last) {
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(part.data()));  // zlib's missing const
    stream.avail_in = static_cast<uInt>(part.size());
    const int result = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
    return last ? result == Z_STREAM_END : result == Z_OK && stream.avail_in == 0;
  });
  return done ? static_cast<std::size_t>(stream.total_out) : 0;
}

std::size_t brotli(std::string_view text, std::string& out, int at) {
  struct Free {
    void operator()(BrotliEncoderState* state) const { BrotliEncoderDestroyInstance(state); }
  };
  const std::unique_ptr<BrotliEncoderState, Free> state(
      BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) throw std::bad_alloc();
  BrotliEncoderSetParameter(state.get(), BROTLI_PARAM_QUALITY, static_cast<std::uint32_t>(at));
  BrotliEncoderSetParameter(state.get(), BROTLI_PARAM_LGWIN, br_window_bits);
  BrotliEncoderSetParameter(state.get(), BROTLI_PARAM_SIZE_HINT, static_cast<std::uint32_t>(text.size()));
  auto* to = reinterpret_cast<std::uint8_t*>(out.data());
  std::size_t room = out.size();
  const bool done = in_portions(text, [&](std::string_view part, bool last) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(part.data());
    std::size_t left = part.size();
    const auto operation = last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    return BrotliEncoderCompressStream(state.get(), operation, &left, &from, &room, &to, nullptr) &&
           left == 0 && (!last || BrotliEncoderIsFinished(state.get()));
  });
  return done ? out.size() - room : 0;
}

std::size_t zstd(std::string_view text, std::string& out, int at) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());  // it is large
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_and_parameters);  // whatever became of the body before
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, at);
  ZSTD_CCtx_setPledgedSrcSize(context.get(), text.size());
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  const bool done = in_portions(text, [&](std::string_view part, bool last) {
    ZSTD_inBuffer from{part.data(), part.size(), 0};
    const auto left = ZSTD_compressStream2(context.get(), &to, &from, last ? ZSTD_e_end : ZSTD_e_continue);
    return !ZSTD_isError(left) && from.pos == from.size && (!last || left == 0);
  });
  return done ? to.pos : 0;
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
