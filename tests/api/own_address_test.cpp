#include "server/api/own_address.hpp"

#include <gtest/gtest.h>

namespace jobmap::api {
namespace {

struct Asked {
  std::vector<Header> headers;
  Request request;

  explicit Asked(std::string_view host, std::vector<Header> more = {}) : headers(std::move(more)) {
    if (!host.empty()) headers.push_back({"host", host});
    request.headers = headers;
  }
};
std::string base(const OwnAddress& address, std::string_view host, std::vector<Header> more = {}) {
  return address.base(Asked(host, std::move(more)).request);
}

TEST(OwnAddress, OfAServerWithoutAPublicNameIsALoopbackHost) {
  const OwnAddress address("");
  for (const std::string host :
       {"localhost", "localhost:8080", "127.0.0.1:1", "127.0.0.1", "[::1]:65535", "[::1]"})
    EXPECT_EQ(base(address, host), "http://" + host);
  EXPECT_EQ(base(address, "LocalHost:8080"), "http://localhost:8080");
  for (const char* host : {"", "jobs.example.org", "localhost.example.org", "localhost:", "localhost:0",
                           "localhost:65536", "localhost:80a", "127.0.0.1.example.org", "127.0.0.1:8080:1",
                           "10.0.0.1:8080", "[::2]:80", "[::1]x", "localhos", "127.0.0.1:99999999999"}) {
    EXPECT_EQ(base(address, host), "") << host;
    EXPECT_TRUE(address.answers_for(host)) << host;
  }
}

TEST(OwnAddress, ALoopbackHostThatAProxyPassedOnIsTheProxysNameForUs) {
  const OwnAddress address("");
  for (const char* name : {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via"})
    EXPECT_EQ(base(address, "127.0.0.1:8080", {{name, "a"}}), "") << name;
  EXPECT_EQ(base(address, "127.0.0.1:8080", {{"user-agent", "a"}}), "http://127.0.0.1:8080");
}

TEST(OwnAddress, IsThePublicOneWhateverTheHost) {
  const OwnAddress address("https://Jobs.example.org:8443/map");
  for (const char* host : {"", "jobs.example.org", "localhost:8080", "10.0.0.1"})
    EXPECT_EQ(base(address, host), "https://Jobs.example.org:8443/map") << host;
  EXPECT_EQ(base(address, "localhost:8080", {{"via", "a"}}), "https://Jobs.example.org:8443/map");
}

TEST(OwnAddress, OfSeveralNamesIsTheOneThatWasAskedFor) {
  const OwnAddress address(
      "https://jobs.example.org/map,http://jobs.lan:8080,http://jobs.lan:9090/a,b,http://old.example");
  const std::pair<const char*, const char*> table[] = {
      {"jobs.example.org", "https://jobs.example.org/map"},
      {"JOBS.example.org:443", "https://jobs.example.org/map"},
      {"jobs.lan:8080", "http://jobs.lan:8080"},
      {"jobs.lan:9090", "http://jobs.lan:9090/a,b"},
      {"jobs.lan", "http://jobs.lan:8080"},
      {"old.example:80", "http://old.example"},
      {"127.0.0.1:8080", "https://jobs.example.org/map"},
      {"", "https://jobs.example.org/map"}};
  for (const auto& [host, expected] : table) {
    EXPECT_EQ(base(address, host), expected) << host;
    EXPECT_EQ(address.public_base(Asked(host).request), expected) << host;
    EXPECT_TRUE(address.answers_for(host)) << host;
  }
  for (const char* host : {"example.org", "jobs.lan.example.org", "evil.example", "lan:8080"})
    EXPECT_FALSE(address.answers_for(host)) << host;
}

TEST(OwnAddress, WhatItDependsOnTellsBasesApart) {
  for (const OwnAddress& address : {OwnAddress(""), OwnAddress("http://a.example,https://b.example:1/c")})
    for (const char* one :
         {"a.example", "b.example:1", "localhost:1", "localhost:2", "127.0.0.1", "c.example", ""})
      for (const char* other :
           {"a.example", "b.example:1", "localhost:1", "localhost:2", "127.0.0.1", "c.example", ""})
        if (address.named(Asked(one).request) == address.named(Asked(other).request)) {
          EXPECT_EQ(base(address, one), base(address, other)) << one << ' ' << other;
        }
}

}  // namespace
}  // namespace jobmap::api
