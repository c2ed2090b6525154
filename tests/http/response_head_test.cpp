#include "server/http/response_head.hpp"

#include <gtest/gtest.h>

#include <clocale>

namespace jobmap::http {
namespace {

std::string head(const api::Response& response, HeadContext context = {}) {
  std::string out;
  append_head(out, response, context);
  return out;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(ResponseHead, IsStartLineFieldsAndAnEmptyLine) {
  api::Response response;
  response.content_type = "text/plain";
  response.etag = "\"a\"";
  response.vary = true;
  response.headers = {{"Allow", "GET"}};
  response.set_body("hello");
  const auto text = head(response, {.date = "Sun, 06 Nov 1994 08:49:37 GMT"});
  EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  for (auto part : {"\r\nContent-Length: 5\r\n", "\r\nContent-Type: text/plain\r\n", "\r\nETag: \"a\"\r\n",
                    "\r\nVary: Accept, Accept-Encoding\r\n", "\r\nAllow: GET\r\n",
                    "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nAccess-Control-Allow-Origin: *\r\n"})
    EXPECT_TRUE(has(text, part)) << part;
  EXPECT_FALSE(has(text, "Connection:"));
}

TEST(ResponseHead, LetsPagesOfOthersReadItsFieldsButNotOnTheOperatorsAddress) {
  EXPECT_TRUE(has(head({}), "\r\nAccess-Control-Expose-Headers: "));
  for (auto name : {"ETag", "Location", "Retry-After", "Content-Crs", "Link", "Allow", "Date"})
    EXPECT_TRUE(has(head({}), name)) << name;
  EXPECT_FALSE(has(head({}, {.date = "", .cross_origin = false}), "Access-Control-"));
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  EXPECT_TRUE(has(head({}, {.date = "", .keep_alive = false}), "\r\nConnection: close\r\n"));
  EXPECT_TRUE(has(head({}, {.date = "", .minor_version = 0}), "\r\nConnection: keep-alive\r\n"));
}

TEST(ResponseHead, HasNoLengthWhereThereIsNoBody) {
  for (unsigned status : {204u, 304u}) {
    api::Response response;
    response.status = status;
    EXPECT_FALSE(has(head(response), "\r\nContent-")) << status;
  }
  EXPECT_TRUE(has(head({}), "\r\nContent-Length: 0\r\n"));
}

TEST(ResponseHead, DatesAreThoseOfTheStandard) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1709208000), "Thu, 29 Feb 2024 12:00:00 GMT");
}

}  // namespace
}  // namespace jobmap::http
