#include "server/http/client_address.hpp"

#include <gtest/gtest.h>

namespace jobmap::http {
namespace {

Address at(std::string_view text) { return parse_address(text).value(); }

TEST(ClientAddress, ReadsAndWritesBothFamilies) {
  for (const std::string text : {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::1"})
    EXPECT_EQ(to_text(at(text)), text);
  EXPECT_EQ(to_text(at("::ffff:192.0.2.1")), "192.0.2.1");
  for (auto bad : {"", "localhost", "192.0.2", "192.0.2.256", "1.2.3.4/8", "[::1]", "::1%lo"})
    EXPECT_FALSE(parse_address(bad)) << bad;
}

TEST(ClientAddress, OneClientIsAnAddressOrASixtyFour) {
  EXPECT_EQ(client_key(at("2001:db8::1")), client_key(at("2001:db8::ffff:1")));
  EXPECT_NE(client_key(at("2001:db8::1")), client_key(at("2001:db8:0:1::1")));
  EXPECT_NE(client_key(at("192.0.2.1")), client_key(at("192.0.2.2")));
}

TEST(ClientAddress, NetworksHoldWhatTheirBitsSay) {
  const auto list = Networks::parse("127.0.0.1, 10.0.0.0/8,192.168.4.0/22 ,2001:db8::/33").value();
  for (auto inside : {"127.0.0.1", "10.255.1.2", "192.168.7.255", "2001:db8:7fff::1"})
    EXPECT_TRUE(list.hold(at(inside))) << inside;
  for (auto outside : {"127.0.0.2", "11.0.0.1", "192.168.8.0", "2001:db8:8000::1", "::1"})
    EXPECT_FALSE(list.hold(at(outside))) << outside;
  EXPECT_TRUE(Networks::parse("0.0.0.0/0")->hold(at("1.2.3.4")));
  EXPECT_FALSE(Networks::parse("0.0.0.0/0")->hold(at("2001:db8::1")));
  EXPECT_FALSE(Networks::parse("")->hold(at("127.0.0.1")));
  for (auto bad : {"x", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/-1", "10.0.0.0/8,,", "10.0.0.0/8x"})
    EXPECT_FALSE(Networks::parse(bad)) << bad;
}

TEST(ClientAddress, TheRightMostHopThatIsNotOurs) {
  const auto proxies = Networks::parse("10.0.0.0/8").value();
  const auto client = [&](std::string_view peer, std::vector<api::Header> fields) {
    return to_text(client_of(at(peer), fields, proxies));
  };
  const std::string_view name = "x-forwarded-for";
  EXPECT_EQ(client("192.0.2.1", {{name, "198.51.100.7"}}), "192.0.2.1") << "not from a proxy of ours";
  EXPECT_EQ(client("10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {{name, "198.51.100.7"}}), "198.51.100.7");
  EXPECT_EQ(client("10.0.0.1", {{name, "1.1.1.1, 198.51.100.7"}}), "198.51.100.7")
      << "what it claims is not believed";
  EXPECT_EQ(client("10.0.0.1", {{name, "1.1.1.1, 198.51.100.7, 10.0.0.2"}}), "198.51.100.7");
  EXPECT_EQ(client("10.0.0.1", {{name, "1.1.1.1"}, {"a", "b"}, {name, "198.51.100.7"}}), "198.51.100.7");
  EXPECT_EQ(client("10.0.0.1", {{name, "198.51.100.7"}, {name, "10.0.0.2"}}), "198.51.100.7");
  EXPECT_EQ(client("10.0.0.1", {{name, "10.0.0.3, 10.0.0.2"}}), "10.0.0.3");
  EXPECT_EQ(client("10.0.0.1", {{name, "1.1.1.1, unknown"}}), "10.0.0.1");
  EXPECT_EQ(client("10.0.0.1", {{name, "198.51.100.7:4711"}}), "198.51.100.7");
  EXPECT_EQ(client("10.0.0.1", {{name, "[2001:db8::1]:80"}}), "2001:db8::1");
}

}  // namespace
}  // namespace jobmap::http
