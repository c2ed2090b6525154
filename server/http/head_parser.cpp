#include "server/http/head_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <functional>
#include <string_view>

namespace jobmap::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::core::string_view;
using boost::system::error_code;

class Parser final : public beast_http::basic_parser<true> {
 public:
  Parser(std::span<char> bytes, std::vector<api::Header>& fields) : bytes_(bytes), fields_(fields) {
    header_limit(static_cast<std::uint32_t>(bytes.size() + 1));  // ours are counted by frame()
    body_limit(boost::none);
  }

  std::string_view method, target;
  int minor_version = 1;
  bool folded = false, done = false;

 private:
  void on_request_impl(beast_http::verb, string_view name, string_view where, int version,
                       error_code&) override {
    method = name;
    target = where;
    minor_version = version % 10;
  }
  void on_field_impl(beast_http::field, string_view name, string_view value, error_code&) override {
    char* text = bytes_.data() + (name.data() - bytes_.data());
    for (std::size_t i = 0; i < name.size(); ++i)
      if (text[i] >= 'A' && text[i] <= 'Z') text[i] = static_cast<char>(text[i] | 0x20);
    if (is_folded(value)) {
      folded = true;
      value = {};
    }
    fields_.push_back({name, value});
  }
  // A value of several lines is joined in the parser's own storage, which is gone when put() returns; one
  // that begins on its second line lies in the bytes, behind a line feed and blanks.
  bool is_folded(string_view value) const {
    const std::less<const char*> before;
    const char* at = value.data();
    if (before(at, bytes_.data()) || !before(at, bytes_.data() + bytes_.size())) return true;
    while (at[-1] == ' ' || at[-1] == '\t') --at;  // ends at the colon at the latest
    return at[-1] == '\n';
  }
  void on_header_impl(error_code&) override { done = true; }
  // None of these is reached: parsing ends with the head.
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  std::span<char> bytes_;
  std::vector<api::Header>& fields_;
};

// Beast looks at Content-Length and Transfer-Encoding itself and gives up on some of what frame() would
// refuse.
Refusal refusal_for(const error_code& error, std::string_view bytes) {
  if (error == beast_http::error::bad_version) return bad_version(bytes.substr(0, bytes.find('\r')));
  if (error == beast_http::error::bad_transfer_encoding)
    return {501, "Transfer-Encoding is not supported: send a body with Content-Length."};
  return {400, "The request's head is malformed."};
}

}  // namespace

ParsedHead parse_head(std::span<char> bytes, std::vector<api::Header>& fields) {
  fields.clear();
  Parser parser(bytes, fields);
  error_code error;
  ParsedHead result;
  result.consumed = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == beast_http::error::need_more) return result;
  const std::string_view text(bytes.data(), bytes.size());
  if (error || !parser.done) {
    result.state = HeadState::refused;
    result.refusal = refusal_for(error, text);
    return result;
  }
  result.state = HeadState::complete;
  const auto start_line = text.find('\n') + 1;
  result.head = {parser.method, parser.target, parser.minor_version, result.consumed - start_line,
                 parser.folded, fields};
  return result;
}

}  // namespace jobmap::http
