// The gate, as a table of raw heads: what a head of these bytes is answered with, or how it is framed.
#include "server/http/framing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "server/http/head_parser.hpp"

namespace jobmap::http {
namespace {

// The verdict of parser and gate together: a status, 0 for "let in", 1 for "more is needed".
struct Verdict {
  unsigned status = 0;
  Framing framing;
  std::size_t consumed = 0;
};

Verdict judge(std::string bytes, const Limits& limits = {}) {
  // The framing's views die with the bytes: the tests that look at text keep their own.
  std::vector<api::Header> fields;
  auto parsed = parse_head(bytes, fields);
  if (parsed.state == HeadState::need_more) return {1, {}, 0};
  if (parsed.state == HeadState::refused) return {parsed.refusal.status, {}, 0};
  auto framed = frame(parsed.head, limits);
  if (auto* refusal = std::get_if<Refusal>(&framed)) return {refusal->status, {}, 0};
  auto framing = std::get<Framing>(framed);
  framing.target = framing.path = framing.query = {};
  return {0, framing, parsed.consumed};
}

std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

struct Case {
  const char* name;
  std::string head;
  unsigned status;
};

class Gate : public testing::TestWithParam<Case> {};

TEST_P(Gate, GivesTheStatus) { EXPECT_EQ(judge(GetParam().head).status, GetParam().status); }

const Case cases[] = {
    {"plain", get(""), 0},
    {"chunked", get("Transfer-Encoding: chunked\r\n"), 501},
    {"xchunked", get("Transfer-Encoding: xchunked\r\n"), 501},
    {"identity", get("Transfer-Encoding: identity\r\n"), 501},
    {"chunked_identity", get("Transfer-Encoding: chunked, identity\r\n"), 501},
    {"chunked_chunked", get("Transfer-Encoding: chunked, chunked\r\n"), 501},
    {"empty_encoding", get("Transfer-Encoding:\r\n"), 501},
    {"gzip_then_length", get("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 501},
    {"length_then_chunked", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 501},
    {"encoding_in_capitals", get("TRANSFER-ENCODING: chunked\r\n"), 501},
    {"encoding_under_http_1_0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
    {"space_before_colon", get("Transfer-Encoding : chunked\r\n"), 400},
    {"length_twice", get("Content-Length: 4\r\nContent-Length: 4\r\n"), 400},
    {"lengths_that_differ", get("Content-Length: 4\r\nContent-Length: 5\r\n"), 400},
    {"length_list", get("Content-Length: 4, 4\r\n"), 400},
    {"length_with_sign", get("Content-Length: +4\r\n"), 400},
    {"negative_length", get("Content-Length: -1\r\n"), 400},
    {"hex_length", get("Content-Length: 0x4\r\n"), 400},
    {"empty_length", get("Content-Length:\r\n"), 400},
    {"length_over_64_bits", get("Content-Length: 99999999999999999999999\r\n"), 400},
    {"length_over_the_cap", get("Content-Length: 4194305\r\n"), 413},
    {"length_at_the_cap", get("Content-Length: 4194304\r\n"), 0},
    {"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"two_hosts", get("Host: b\r\n"), 400},
    {"same_host_twice", get("Host: a\r\n"), 400},
    {"host_list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
    {"host_with_user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
    {"host_with_path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"empty_host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"host_with_bad_port", "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", 400},
    {"host_with_port", "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", 0},
    {"ipv6_host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0},
    {"http_1_0_without_host", "GET / HTTP/1.0\r\n\r\n", 0},
    {"http_1_0_with_two_hosts", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"folded_field", get("X: a\r\n b\r\n"), 400},
    {"folded_after_the_colon", get("X:\r\n b\r\n"), 400},
    {"folded_to_nothing", get("X: \r\n \t\r\n"), 400},
    {"folded_host", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400},
    {"folded_encoding", get("X: a\r\n Transfer-Encoding: chunked\r\n"), 400},
    {"bare_line_feed", "GET / HTTP/1.1\nHost: a\n\n", 400},
    {"bare_carriage_return", "GET / HTTP/1.1\rHost: a\r\r", 400},
    {"nul_in_value", get(std::string("X: a") + '\0' + "b\r\n"), 400},
    {"nul_in_name", get(std::string("X") + '\0' + ": b\r\n"), 400},
    {"empty_name", get(": b\r\n"), 400},
    {"no_colon", get("what is this\r\n"), 400},
    {"space_first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {"http_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
    {"http_1_2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
    {"not_http", "GET / HTPP/1.1\r\nHost: a\r\n\r\n", 400},
    {"small_http", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
    {"http_0_9", "GET /\r\n\r\n", 400},
    {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"tls_hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
    {"unknown_method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"small_method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"connect", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"delete", "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
    {"two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"tab_in_line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"relative_target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"star_for_get", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"star_for_options", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0},
    {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute_target", "GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n", 0},
    {"absolute_target_with_user", "GET http://u@a/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"other_scheme", "GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"expect_continue", get("Expect: 100-continue\r\nContent-Length: 1\r\n"), 0},
    {"expect_else", get("Expect: 200-ok\r\n"), 417},
    {"half", "GET / HTTP/1.1\r\nHost: a\r\n", 1},
    {"nearly_whole", "GET / HTTP/1.1\r\nHost: a\r\n\r", 1},
    {"few_letters", "GE", 1},
};

INSTANTIATE_TEST_SUITE_P(Table, Gate, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Framing, LetsInExactlyTheLimits) {
  Limits limits;
  limits.target_bytes = 300;
  limits.fields_bytes = 400;
  limits.field_count = 5;
  auto with_target = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  EXPECT_EQ(judge(with_target(300), limits).status, 0u);
  EXPECT_EQ(judge(with_target(301), limits).status, 414u);

  // The fields with their line ends and the empty line: "Host: a\r\n" 9, "X: …\r\n" 5 + n, "\r\n" 2.
  auto with_fields = [](std::size_t size) { return get("X: " + std::string(size - 16, 'a') + "\r\n"); };
  EXPECT_EQ(judge(with_fields(400), limits).status, 0u);
  EXPECT_EQ(judge(with_fields(401), limits).status, 431u);

  auto with_count = [](int count) {
    std::string fields;
    for (int i = 1; i < count; ++i) fields += "a:b\r\n";
    return get(fields);
  };
  EXPECT_EQ(judge(with_count(5), limits).status, 0u);
  EXPECT_EQ(judge(with_count(6), limits).status, 431u);
}

TEST(Framing, TakesATargetAndFieldsAtTheLimitTogether) {
  const Limits limits;
  std::string head = "OPTIONS /" + std::string(limits.target_bytes - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n";
  head += "X: " + std::string(limits.fields_bytes - 16, 'b') + "\r\n\r\n";
  EXPECT_EQ(judge(head).status, 0u);
  EXPECT_LE(head.size(), limits.head_bytes());
}

TEST(Framing, SplitsTheTarget) {
  std::vector<api::Header> fields;
  auto split = [&](std::string bytes) {
    auto parsed = parse_head(bytes, fields);
    auto framing = std::get<Framing>(frame(parsed.head, {}));
    return std::string(framing.path) + " ? " + std::string(framing.query);
  };
  const std::string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(split("GET /v1/jobs?near=1,2&q=%3F?" + rest), "/v1/jobs ? near=1,2&q=%3F?");
  EXPECT_EQ(split("GET /v1/jobs" + rest), "/v1/jobs ? ");
  EXPECT_EQ(split("GET /?" + rest), "/ ? ");
  EXPECT_EQ(split("GET HTTP://b.example:80/x?y=z" + rest), "/x ? y=z");
  EXPECT_EQ(split("GET http://b.example" + rest), "/ ? ");
  EXPECT_EQ(split("GET //b.example/x" + rest), "//b.example/x ? ");
}

TEST(Framing, KeepsAliveAsTheVersionAndTheClientSay) {
  auto keeps = [](std::string head) { return judge(std::move(head)).framing.keep_alive; };
  EXPECT_TRUE(keeps(get("")));
  EXPECT_FALSE(keeps(get("Connection: close\r\n")));
  EXPECT_FALSE(keeps(get("Connection: TE, Close\r\n")));
  EXPECT_TRUE(keeps(get("Connection: closer\r\n")));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST(Framing, CountsTheHeadAndLowersNames) {
  std::string bytes = get("X-Thing: A b \r\n") + "GET /next";
  std::vector<api::Header> fields;
  auto parsed = parse_head(bytes, fields);
  ASSERT_EQ(parsed.state, HeadState::complete);
  EXPECT_EQ(parsed.consumed, bytes.size() - 9);
  ASSERT_EQ(fields.size(), 2u);
  EXPECT_EQ(fields[1].name, "x-thing");
  EXPECT_EQ(fields[1].value, "A b");
}

// A head cut anywhere needs more or is refused; it is never taken for whole.
TEST(Framing, NeverTakesAPrefixForAHead) {
  const std::string whole = get("Content-Length: 10\r\nX: y\r\n");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string prefix = whole.substr(0, size);
    std::vector<api::Header> fields;
    EXPECT_EQ(parse_head(prefix, fields).state, HeadState::need_more) << size;
  }
}

TEST(Framing, FindsTokensInLists) {
  EXPECT_TRUE(has_token("close", "close"));
  EXPECT_TRUE(has_token("a ,\tCLOSE", "close"));
  EXPECT_FALSE(has_token("a close", "close"));
  EXPECT_FALSE(has_token("", "close"));
}

TEST(Framing, AStartLineIsCheckedOnceItHasEnded) {
  for (auto good : {"", "GET / HT", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.0\nHost"})
    EXPECT_FALSE(check_start_line(good)) << good;
  for (auto bad : {"GET / \r\n", "GET /\r\n\r\n", "GET\n", "GET / HTTP\r\n", "GET / HTTP/1.\r\n\r\n"})
    EXPECT_EQ(check_start_line(bad).value().status, 400u) << bad;
  EXPECT_EQ(check_start_line("GET / HTTP/2.0\r\n").value().status, 505u);
}

}  // namespace
}  // namespace jobmap::http
