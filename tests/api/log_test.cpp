#include "server/api/log.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>

#include "server/api/problem.hpp"

namespace jobmap::api {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(Log, EscapesWhatWouldForgeALine) {
  EXPECT_EQ(quoted("a\r\n{\"b\":1}\t\\"), R"("a\r\n{\"b\":1}\t\\")");
  EXPECT_EQ(quoted(std::string_view("\0\x01\x1f\x7f", 4)), R"("\u0000\u0001\u001f\u007f")");
  EXPECT_EQ(quoted("龙翔桥 🚇"), "\"龙翔桥 🚇\"");
}

TEST(Log, ReplacesBytesThatAreNotText) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(quoted("\xff"), '"' + r + '"');
  EXPECT_EQ(quoted("a\xc0\x80z"), "\"a" + r + r + "z\"");
  EXPECT_EQ(quoted("\xe9\xbe"), '"' + r + r + '"');
  EXPECT_EQ(quoted("\xed\xa0\x80"), '"' + r + r + r + '"');
}

TEST(Log, AnyBytesMakeOneLineOfJson) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  Log log(file);
  std::string bytes;
  for (int b = 0; b < 256; ++b) bytes += static_cast<char>(b);
  log.write("info", bytes, {{"text", bytes}, {"count", 3}, {"share", 0.5}});
  std::rewind(file);
  std::string line(4096, '\0');
  line.resize(std::fread(line.data(), 1, line.size(), file));
  std::fclose(file);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  auto value = boost::json::parse(line);
  EXPECT_EQ(value.at("count").as_int64(), 3);
  EXPECT_EQ(value.at("share").as_double(), 0.5);
  EXPECT_TRUE(value.as_object().contains("time"));
}

TEST(Problem, SaysAllThereIsToSay) {
  auto response = problem(
      query::Error{query::Code::bad_request, "The radius is out of range.", "radius", "0\n", "1 to 50000"},
      "id1");
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(response.content_type, "application/problem+json");
  auto value = boost::json::parse(*response.body);
  EXPECT_EQ(value.at("type").as_string(), "about:blank");
  EXPECT_EQ(value.at("title").as_string(), "Bad Request");
  EXPECT_EQ(value.at("status").as_int64(), 400);
  EXPECT_EQ(value.at("detail").as_string(), "The radius is out of range.");
  EXPECT_EQ(value.at("parameter").as_string(), "radius");
  EXPECT_EQ(value.at("value").as_string(), "0\n");
  EXPECT_EQ(value.at("allowed").as_string(), "1 to 50000");
  EXPECT_EQ(value.at("request_id").as_string(), "id1");
}

TEST(Problem, EveryCodeHasItsStatus) {
  using query::Code;
  EXPECT_EQ(status_of(Code::bad_request), 400u);
  EXPECT_EQ(status_of(Code::not_found), 404u);
  EXPECT_EQ(status_of(Code::not_acceptable), 406u);
  EXPECT_EQ(status_of(Code::method), 405u);
  EXPECT_EQ(status_of(Code::unavailable), 503u);
}

}  // namespace
}  // namespace jobmap::api
