#include "data/ingest/osm/visible.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <stdexcept>

namespace jobmap::data::osm {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int visible_field = 6;

// Calls visit(value) for each value of the field, packed or not.
template <typename Visit>
void each_visible(const std::string& info, Visit visit) {
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(info.data()), static_cast<int>(info.size()));
  const auto fail = [] {
    throw std::runtime_error("is cut off or damaged: an info isn't what it should be");
  };
  const auto value = [&] {
    std::uint64_t v = 0;
    if (!in.ReadVarint64(&v)) fail();
    visit(v != 0);
  };
  while (const auto tag = in.ReadTag()) {
    if (WireFormatLite::GetTagFieldNumber(tag) != visible_field) {
      if (!WireFormatLite::SkipField(&in, tag)) fail();
    } else if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_VARINT) {
      value();
    } else if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      std::uint32_t bytes = 0;
      if (!in.ReadVarint32(&bytes) || bytes > info.size()) fail();
      const auto limit = in.PushLimit(static_cast<int>(bytes));
      while (in.BytesUntilLimit() > 0) value();
      in.PopLimit(limit);
    } else {
      fail();
    }
  }
  if (!in.ConsumedEntireMessage()) fail();
}

}  // namespace

bool is_visible(const std::string& info) {
  bool visible = true;
  each_visible(info, [&](bool v) { visible = v; });
  return visible;
}

std::vector<bool> visible_of_dense(const std::string& denseinfo) {
  std::vector<bool> visible;
  each_visible(denseinfo, [&](bool v) { visible.push_back(v); });
  return visible;
}

}  // namespace jobmap::data::osm
