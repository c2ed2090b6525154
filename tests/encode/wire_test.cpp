#include "server/encode/wire.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "jobmap.pb.h"

namespace jobmap::encode {
namespace {

using google::protobuf::internal::WireFormatLite;

std::string bytes_of_varint(std::uint64_t v) {
  char buffer[max_varint];
  return {buffer, put_varint(buffer, v)};
}

TEST(Wire, NumbersAreThoseOfProtobuf) {
  std::vector<std::uint64_t> numbers{0, 1, 127, 128, 16383, 16384, std::numeric_limits<std::uint64_t>::max()};
  for (int bit = 0; bit < 64; ++bit) numbers.insert(numbers.end(), {(1ull << bit) - 1, 1ull << bit});
  for (auto v : numbers) {
    std::string want;
    {
      google::protobuf::io::StringOutputStream stream(&want);
      google::protobuf::io::CodedOutputStream(&stream).WriteVarint64(v);
    }
    EXPECT_EQ(bytes_of_varint(v), want) << v;
    EXPECT_EQ(varint_size(v), want.size()) << v;
    const auto s = static_cast<std::int64_t>(v);
    EXPECT_EQ(zigzag(s), WireFormatLite::ZigZagEncode64(s));
    const auto minus = static_cast<std::int64_t>(0 - v);
    EXPECT_EQ(zigzag(minus), WireFormatLite::ZigZagEncode64(minus));
    const auto i = static_cast<std::int32_t>(v);
    EXPECT_EQ(zigzag32(i), WireFormatLite::ZigZagEncode32(i));
  }
}

TEST(Wire, AnEmptyMessageLeavesTheStringAlone) {
  std::string out = "before";
  { WireWriter w(out); }
  EXPECT_EQ(out, "before");
}

// Nested messages whose length needs one to four bytes, each with a guess that is too low, right or too high.
TEST(Wire, TheGeneratedDecoderReadsWhatIsWritten) {
  for (std::size_t text : {0u, 1u, 100u, 127u, 128u, 20000u, 3000000u}) {
    for (std::size_t guess : {0u, 127u, 128u, 16384u, 2097152u}) {
      std::string out = "head";
      WireWriter w(out);
      w.uint(1, 1234567890123);
      for (int i = 0; i < 3; ++i) {
        const auto job = w.begin(10, guess);
        w.string(1, "synthetic:" + std::to_string(i));
        const auto point = w.begin(2, 18);
        w.real(1, 120.15 + i, decimals::degrees);
        w.real(2, -30.25, decimals::degrees);
        w.end(point);
        if (text > 0) w.string(5, std::string(text, 'x'));
        w.end(job);
      }
      const auto dropped = w.begin(10, guess);
      w.string(1, "taken back");
      w.drop(dropped);
      w.string(6, "generation");
      w.finish();
      ASSERT_EQ(out.substr(0, 4), "head");
      v1::JobList list;
      ASSERT_TRUE(list.ParseFromString(out.substr(4))) << text << ' ' << guess;
      EXPECT_EQ(list.number_matched(), 1234567890123u);
      EXPECT_EQ(list.generation(), "generation");
      ASSERT_EQ(list.jobs_size(), 3);
      for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(list.jobs(i).id(), "synthetic:" + std::to_string(i));
        EXPECT_EQ(list.jobs(i).point().x(), 120.15 + i);
        EXPECT_EQ(list.jobs(i).point().y(), -30.25);
        EXPECT_EQ(list.jobs(i).description().size(), text);
      }
      EXPECT_EQ(list.SerializeAsString().size(), out.size() - 4);  // no byte more than protobuf itself takes
    }
  }
}

}  // namespace
}  // namespace jobmap::encode
