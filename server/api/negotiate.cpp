#include "server/api/negotiate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include "data/model/split.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::api {
namespace {

std::string_view trim(std::string_view text) {
  auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

struct Item {
  std::string_view name;
  double q = 1;
};

// 0 to 1 with at most three decimals.
std::optional<double> parse_q(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  auto q = query::parse_number(text.size() == 2 ? text.substr(0, 1) : text);
  return q && *q <= 1 ? q : std::nullopt;
}

// "gzip;q=0.5"; nothing where it is malformed. Parameters other than q are passed over.
std::optional<Item> parse_item(std::string_view text) {
  auto parts = data::split(text, ';');
  Item item{trim(parts[0])};
  if (item.name.empty()) return std::nullopt;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    auto part = trim(parts[i]);
    if (part.size() < 2 || !same(part.substr(0, 2), "q=")) continue;
    auto q = parse_q(part.substr(2));
    if (!q) return std::nullopt;
    item.q = *q;
  }
  return item;
}

// 0: doesn't cover the type; 1: */*, 2: type/*, 3: the type itself.
int specificity(std::string_view range, std::string_view type) {
  if (same(range, type)) return 3;
  if (range == "*/*") return 1;
  auto slash = range.find('/');
  if (slash == std::string_view::npos || range.substr(slash) != "/*") return 0;
  return same(range.substr(0, slash + 1), type.substr(0, slash + 1)) ? 2 : 0;
}

struct Named {
  Format format;
  std::string_view name, type;
};
constexpr std::array format_names{
    Named{Format::json, "json", "application/json"},
    Named{Format::geojson, "geojson", "application/geo+json"},
    Named{Format::csv, "csv", "text/csv; charset=utf-8"},
    Named{Format::pb, "pb", "application/x-protobuf"},
    Named{Format::mvt, "mvt", "application/vnd.mapbox-vector-tile"},
    Named{Format::html, "html", "text/html; charset=utf-8"},
    Named{Format::openapi, "openapi", "application/vnd.oai.openapi+json;version=3.0"},
    Named{Format::schema, "schema", "application/schema+json"},
};
const Named& named(Format format) {
  return *std::find_if(format_names.begin(), format_names.end(),
                       [&](const Named& n) { return n.format == format; });
}

std::string join(std::initializer_list<Format> offered, std::string_view Named::*member) {
  std::string text;
  for (Format format : offered) {
    if (!text.empty()) text += ", ";
    text += named(format).*member;
  }
  return text;
}

// FNV-1a's step and a finalizer of MurmurHash3, in two lanes of different seeds.
struct Hash {
  std::uint64_t a = 0xcbf29ce484222325, b = 0x9ae16a3b2f90404f;
  void add(unsigned char byte) {
    a = (a ^ byte) * 0x100000001b3;
    b = (b ^ byte) * 0x9e3779b97f4a7c15;
    b ^= b >> 29;
  }
  static std::uint64_t finish(std::uint64_t h) {
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
    return h ^ (h >> 33);
  }
};

void append_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> shift) & 15];
}

}  // namespace

std::string_view media_type(Format format) { return named(format).type; }

std::optional<double> quality(std::string_view list, std::string_view wanted) {
  for (std::string_view text : data::split(list, ','))
    if (auto item = parse_item(text); item && same(item->name, wanted)) return item->q;
  return std::nullopt;
}

double media_quality(std::string_view accept, std::string_view type) {
  type = type.substr(0, type.find(';'));
  int best = 0;
  double q = 0;
  for (std::string_view text : data::split(accept, ',')) {
    auto item = parse_item(text);
    if (!item) continue;
    if (int level = specificity(item->name, type); level > best) {
      best = level;
      q = item->q;
    }
  }
  return q;
}

bool is_media_type(std::string_view content_type, std::string_view type) {
  return same(trim(content_type.substr(0, content_type.find(';'))), type);
}

bool has_already(std::string_view if_none_match, std::string_view etag) {
  auto list = trim(if_none_match);
  if (list.empty() || etag.empty()) return false;
  if (list == "*") return true;
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  // Our tags hold no comma, so a foreign one with commas in it can't become ours by splitting.
  for (std::string_view tag : data::split(list, ',')) {
    tag = trim(tag);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
  }
  return false;
}

std::string make_etag(std::initializer_list<std::string_view> parts) {
  Hash hash;
  for (std::string_view part : parts) {
    for (char c : part) hash.add(static_cast<unsigned char>(c));
    hash.add(0xff);  // in no UTF-8 text: keeps neighbouring parts apart
  }
  std::string tag = "\"";
  append_hex(tag, Hash::finish(hash.a));
  append_hex(tag, Hash::finish(hash.b));
  return tag += '"';
}

query::Result<Format> negotiate(const Call& call, query::Reader& reader,
                                std::initializer_list<Format> offered) {
  if (auto wanted = reader.text("f")) {
    for (Format format : offered)
      if (named(format).name == *wanted) return format;
    reader.fail("f", *wanted, "This format is not offered here.", join(offered, &Named::name));
    return reader.error();
  }
  if (reader.failed()) return reader.error();
  auto accept = call.request.header("accept");
  if (accept.empty()) return *offered.begin();
  const Format* best = nullptr;
  double best_q = 0;
  for (const Format& format : offered)
    if (double q = media_quality(accept, named(format).type); q > best_q) {
      best = &format;
      best_q = q;
    }
  if (best) return *best;
  return query::Error{query::Code::not_acceptable, "None of the media types in Accept is offered here.", "",
                      "", join(offered, &Named::type)};
}

}  // namespace jobmap::api
