#include "server/api/negotiate.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace jobmap::api {
namespace {

TEST(Negotiate, ReadsQualities) {
  EXPECT_EQ(quality("gzip;q=0.5, br", "gzip"), 0.5);
  EXPECT_EQ(quality("gzip;q=0.5, br", "br"), 1);
  EXPECT_EQ(quality("GZIP ; Q=0.25", "gzip"), 0.25);
  EXPECT_EQ(quality("*;q=0.1, br", "gzip"), std::nullopt);
  EXPECT_EQ(quality("*;q=0.1, br", "*"), 0.1);
  EXPECT_EQ(quality("gzip;q=0, *", "gzip"), 0);
  EXPECT_EQ(quality("br", "gzip"), std::nullopt);
  EXPECT_EQ(quality("", "gzip"), std::nullopt);
  for (auto malformed : {"gzip;q=2", "gzip;q=", "gzip;q=nan", "gzip;q=-1", "gzip;q=0.12345", "gzip;q=.5"})
    EXPECT_EQ(quality(malformed, "gzip"), std::nullopt) << malformed;
  EXPECT_EQ(quality(",,gzip,,", "gzip"), 1);
}

TEST(Negotiate, TheMostSpecificRangeDecides) {
  EXPECT_EQ(
      media_quality("*/*;q=0.1, application/*;q=0.5, application/geo+json;q=0.2", "application/geo+json"),
      0.2);
  EXPECT_EQ(media_quality("*/*;q=0.1, application/*;q=0.5", "application/geo+json"), 0.5);
  EXPECT_EQ(media_quality("*/*;q=0.1, text/*", "application/geo+json"), 0.1);
  EXPECT_EQ(media_quality("text/html", "text/html; charset=utf-8"), 1);
  EXPECT_EQ(media_quality("text/html", "application/json"), 0);
  EXPECT_EQ(media_quality("Application/GEO+json;charset=utf-8;q=0.7", "application/geo+json"), 0.7);
}

TEST(Negotiate, ComparesTagsWeakly) {
  for (auto list : {"\"a\"", "W/\"a\"", "\"b\", \"a\"", " \"a\" ", "*", "\"b\",W/\"a\"", "x, \"a\""})
    EXPECT_TRUE(has_already(list, "\"a\"")) << list;
  for (auto list : {"", "a", "\"b\"", "\"a", "w/\"a\"", "\"a\"x", "**"})
    EXPECT_FALSE(has_already(list, "\"a\"")) << list;
}

TEST(Negotiate, TagsDifferWhereAnyPartDoes) {
  std::set<std::string> tags;
  const std::vector<std::string> words{"", "a", "b", "ab", "gzip", "identity"};
  for (const auto& x : words)
    for (const auto& y : words)
      for (const auto& z : words) tags.insert(make_etag({x, y, z}));
  EXPECT_EQ(tags.size(), words.size() * words.size() * words.size());
  EXPECT_EQ(make_etag({"a", "b"}), make_etag({"a", "b"}));
  EXPECT_EQ(make_etag({"a"}).size(), 34u);
}

struct Asked {
  query::Result<Format> format;
  std::string error_parameter;
};

Asked ask(std::string_view query, std::string_view accept) {
  const Header header{"accept", accept};
  Request request;
  if (!accept.empty()) request.headers = {&header, 1};
  Call call{request, {}, query::Params::parse(query).value(), nullptr, "", ""};
  query::Reader reader(call.params);
  auto format = negotiate(call, reader, {Format::geojson, Format::pb});
  return {format, reader.failed() ? reader.error().parameter : ""};
}

TEST(Negotiate, TheParameterBeatsTheHeader) {
  EXPECT_EQ(ask("", "").format.value(), Format::geojson);
  EXPECT_EQ(ask("f=pb", "application/geo+json").format.value(), Format::pb);
  EXPECT_EQ(ask("", "application/x-protobuf").format.value(), Format::pb);
  EXPECT_EQ(ask("", "application/geo+json;q=0.5, application/x-protobuf").format.value(), Format::pb);
  EXPECT_EQ(ask("", "text/html,application/xhtml+xml,*/*;q=0.8").format.value(), Format::geojson);
}

TEST(Negotiate, AFormatThatIsNotOfferedNamesTheChoices) {
  auto asked = ask("f=xml", "");
  ASSERT_TRUE(asked.format.has_error());
  EXPECT_EQ(asked.format.error().code, query::Code::bad_request);
  EXPECT_EQ(asked.format.error().value, "xml");
  EXPECT_EQ(asked.format.error().allowed, "geojson, pb");
  EXPECT_EQ(asked.error_parameter, "f");
}

TEST(Negotiate, AnAcceptThatFitsNothingIsNotAcceptable) {
  for (auto accept : {"text/html", "application/geo+json;q=0, application/x-protobuf;q=0", "image/*"}) {
    auto asked = ask("", accept);
    ASSERT_TRUE(asked.format.has_error()) << accept;
    EXPECT_EQ(asked.format.error().code, query::Code::not_acceptable);
    EXPECT_EQ(asked.format.error().allowed, "application/geo+json, application/x-protobuf");
  }
}

}  // namespace
}  // namespace jobmap::api
