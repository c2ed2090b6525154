#include "data/ingest/table/charset.hpp"

#include <iconv.h>

#include <cerrno>
#include <memory>
#include <stdexcept>

namespace jobmap::data {
namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";
constexpr char undecodable = '\xFF';

bool is_utf8(std::string_view charset) {
  return charset == "UTF-8" || charset == "utf-8" || charset == "UTF8" || charset == "utf8";
}
bool is_utf16(std::string_view charset) {
  return charset.starts_with("UTF-16") || charset.starts_with("utf-16");
}

std::string decode(iconv_t converter, std::string_view in, std::size_t unit) {
  std::string out;
  char buffer[1 << 16];
  auto* from = const_cast<char*>(in.data());  // iconv's signature; it writes nothing there
  std::size_t left = in.size();
  while (left > 0) {
    char* to = buffer;
    std::size_t room = sizeof buffer;
    const bool failed = iconv(converter, &from, &left, &to, &room) == static_cast<std::size_t>(-1);
    const int error = errno;
    out.append(buffer, to);
    if (!failed || error == E2BIG) continue;
    out += undecodable;
    const std::size_t skip = std::min(unit, left);
    from += skip;
    left -= skip;
    iconv(converter, nullptr, nullptr, nullptr, nullptr);
  }
  return out;
}

}  // namespace

std::string to_utf8(std::string bytes, std::string_view charset) {
  if (is_utf8(charset)) {
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
      throw std::runtime_error("the file begins as UTF-16 does: name its charset (UTF-16LE or UTF-16BE)");
    if (bytes.starts_with(bom)) bytes.erase(0, bom.size());
    return bytes;
  }
  const std::unique_ptr<void, int (*)(iconv_t)> converter(iconv_open("UTF-8", std::string(charset).c_str()),
                                                          iconv_close);
  if (converter.get() == reinterpret_cast<iconv_t>(-1)) {
    throw std::runtime_error("the charset '" + std::string(charset) +
                             "' is not known; UTF-8, GBK, GB18030, UTF-16LE and UTF-16BE are");
  }
  std::string text = decode(converter.get(), bytes, is_utf16(charset) ? 2 : 1);
  if (text.starts_with(bom)) text.erase(0, bom.size());
  return text;
}

}  // namespace jobmap::data
