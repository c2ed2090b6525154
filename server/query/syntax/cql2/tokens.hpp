#pragma once
// The words of a CQL2 text, one at a time, and what is said where the next one isn't right.
//
//   Tokens t("pay_min > 'x'");
//   t.take().text == "pay_min";  t.accept(">");
//   t.fail("a number");          // throws SyntaxError: "expected a number after >, not 'x'", and where
//
// Keywords and names of functions are told from names by who asks, in any case of letters; "quoted" names are
// only ever names. Valid UTF-8 goes in. A SyntaxError never leaves the parser (cql2/parser.cpp).
#include <string>
#include <string_view>

namespace jobmap::query::cql2 {

struct SyntaxError {
  std::size_t at = 0;  // byte
  std::string message, allowed;
};

struct Token {
  enum class Kind { name, quoted_name, number, text, symbol, end };
  Kind kind = Kind::end;
  std::size_t at = 0;         // byte of the source
  std::string_view spelling;  // in the source
  std::string text;           // of a text or a quoted name without its quotes; of a symbol or name as spelled
  double number = 0;
};

class Tokens {
 public:
  // escapes: a backslash before a quote makes it part of the text.
  explicit Tokens(std::string_view source, bool escapes = true) : source_(source), escapes_(escapes) {
    advance();
  }

  const Token& peek() const { return next_; }
  Token take();
  bool accept(std::string_view symbol);
  bool accept_word(std::string_view keyword);  // upper case
  bool is_word(std::string_view keyword) const;
  bool is_function() const;  // a name, and an opening parenthesis behind it
  void expect(std::string_view symbol);
  [[noreturn]] void fail(std::string_view expected) const;
  [[noreturn]] static void fail_at(std::size_t at, std::string message, std::string allowed = {}) {
    throw SyntaxError{at, std::move(message), std::move(allowed)};
  }

 private:
  void advance();
  void read_quoted(char quote, Token::Kind kind);
  void read_number();

  std::string_view source_;
  bool escapes_;
  std::size_t at_ = 0;
  Token next_;
  std::string_view previous_;  // spelling of the token before
};

std::string upper_case(std::string_view text);  // ASCII

}  // namespace jobmap::query::cql2
