// Repeated list fields are one list (RFC 9110, 5.3).
#include "server/http/list_fields.hpp"

#include <gtest/gtest.h>

namespace jobmap::http {
namespace {

std::string_view value(const std::vector<api::Header>& fields, std::string_view name) {
  api::Request request;
  request.headers = fields;
  return request.header(name);
}

TEST(ListFields, AreJoinedInOrder) {
  JoinedLists storage;
  std::vector<api::Header> fields{{"accept", "text/plain"},   {"if-none-match", "\"a\""},
                                  {"accept-encoding", "br"},  {"if-none-match", "\"b\", \"c\""},
                                  {"accept-encoding", ""},    {"if-none-match", "\"d\""},
                                  {"accept-encoding", "gzip"}};
  join_lists(fields, storage);
  EXPECT_EQ(value(fields, "accept"), "text/plain");
  EXPECT_EQ(value(fields, "accept-encoding"), "br, , gzip");
  EXPECT_EQ(value(fields, "if-none-match"), "\"a\", \"b\", \"c\", \"d\"");
}

TEST(ListFields, LeaveOthersAlone) {
  JoinedLists storage;
  std::vector<api::Header> fields{{"cookie", "a"}, {"cookie", "b"}, {"accept", "x"}};
  join_lists(fields, storage);
  EXPECT_EQ(value(fields, "cookie"), "a");
  EXPECT_EQ(value(fields, "accept"), "x");
}

TEST(ListFields, KeepNothingOfTheRequestBefore) {
  JoinedLists storage;
  for (const auto* text : {"one", "two", "much, longer, than, the, others, so, that, the, storage, moves"}) {
    std::vector<api::Header> fields{{"accept", text}, {"accept", "z"}};
    join_lists(fields, storage);
    EXPECT_EQ(value(fields, "accept"), std::string(text) + ", z");
  }
}

}  // namespace
}  // namespace jobmap::http
