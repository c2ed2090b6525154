#include "server/query/parse/cursor.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "data/model/utf8.hpp"

namespace jobmap::query {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out.push_back(alphabet[held >> (bits - 6) & 63]);
  }
  if (bits > 0) out.push_back(alphabet[held << (6 - bits) & 63]);
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(value);
    if ((bits += 6) >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>(held >> bits & 255));
    }
  }
  return out;
}

constexpr std::size_t head_size = 16;

}  // namespace

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string write_cursor(const Cursor& cursor) {
  std::string bytes(head_size, '\0');
  std::memcpy(bytes.data(), &cursor.query, 8);
  std::memcpy(bytes.data() + 8, &cursor.key, 8);
  bytes += cursor.id;
  if (!cursor.values.empty()) (bytes += '\0') += cursor.values;
  return base64url(bytes);
}

std::optional<Cursor> read_cursor(std::string_view text) {
  const auto bytes = from_base64url(text);
  if (!bytes || bytes->size() <= head_size || bytes->size() > 4096) return std::nullopt;
  Cursor cursor;
  std::memcpy(&cursor.query, bytes->data(), 8);
  std::memcpy(&cursor.key, bytes->data() + 8, 8);
  cursor.id = bytes->substr(head_size);
  if (const auto end = cursor.id.find('\0'); end != std::string::npos) {
    cursor.values = cursor.id.substr(end + 1);
    cursor.id.resize(end);
  }
  if (!std::isfinite(cursor.key) || cursor.id.empty() || !data::is_valid_utf8(cursor.id)) return std::nullopt;
  return cursor;
}

}  // namespace jobmap::query
