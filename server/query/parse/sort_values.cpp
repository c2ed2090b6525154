#include "server/query/parse/sort_values.hpp"

#include <cmath>
#include <cstring>

namespace jobmap::query {
namespace {

constexpr char null_tag = '0', number_tag = 'n', text_tag = 't';

int compare(const SortValue& a, const SortValue& b, bool descending) {
  const bool no_a = std::holds_alternative<std::monostate>(a),
             no_b = std::holds_alternative<std::monostate>(b);
  if (no_a || no_b) return no_a - no_b;
  int order =
      static_cast<int>(a.index()) - static_cast<int>(b.index());  // 0 but for a cursor of another's making
  if (order) return order;
  if (const auto* number = std::get_if<double>(&a)) {
    const double other = std::get<double>(b);
    order = *number < other ? -1 : *number > other;
  } else {
    order = std::get<std::string>(a).compare(std::get<std::string>(b));
  }
  return descending ? -order : order;
}

}  // namespace

int compare(const SortValues& a, const SortValues& b, std::span<const SortKey> keys) {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (const int order = compare(a[i], b[i], keys[i].descending)) return order;
  return 0;
}

std::string write_values(const SortValues& values) {
  std::string bytes;
  for (const auto& value : values) {
    if (const auto* number = std::get_if<double>(&value)) {
      char raw[sizeof(double)];
      std::memcpy(raw, number, sizeof raw);
      (bytes += number_tag).append(raw, sizeof raw);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      (bytes += text_tag) += static_cast<char>(text->size());
      bytes += *text;
    } else {
      bytes += null_tag;
    }
  }
  return bytes;
}

std::optional<SortValues> read_values(std::string_view bytes, std::size_t count) {
  SortValues values;
  while (!bytes.empty() && values.size() < count) {
    const char tag = bytes.front();
    bytes.remove_prefix(1);
    if (tag == null_tag) {
      values.emplace_back();
    } else if (tag == number_tag && bytes.size() >= sizeof(double)) {
      double number = 0;
      std::memcpy(&number, bytes.data(), sizeof number);
      if (!std::isfinite(number)) return std::nullopt;
      values.emplace_back(number);
      bytes.remove_prefix(sizeof number);
    } else if (tag == text_tag && !bytes.empty()) {
      const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes.front()));
      bytes.remove_prefix(1);
      if (size > bytes.size() || size > sort_bytes) return std::nullopt;
      values.emplace_back(std::string(bytes.substr(0, size)));
      bytes.remove_prefix(size);
    } else {
      return std::nullopt;
    }
  }
  if (!bytes.empty() || values.size() != count) return std::nullopt;
  return values;
}

}  // namespace jobmap::query
