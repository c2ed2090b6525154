#include "server/query/syntax/cql2/tokens.hpp"

#include <algorithm>

#include "data/model/digits.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query::cql2 {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
using data::is_digit;
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) { return begins_name(c) || is_digit(c) || c == '.'; }

}  // namespace

std::string upper_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

Token Tokens::take() {
  Token taken = std::move(next_);
  previous_ = taken.spelling;
  advance();
  return taken;
}

bool Tokens::accept(std::string_view symbol) {
  if (next_.kind != Token::Kind::symbol || next_.text != symbol) return false;
  take();
  return true;
}

bool Tokens::is_word(std::string_view keyword) const {
  return next_.kind == Token::Kind::name && next_.text.size() == keyword.size() &&
         upper_case(next_.text) == keyword;
}

bool Tokens::accept_word(std::string_view keyword) {
  if (!is_word(keyword)) return false;
  take();
  return true;
}

bool Tokens::is_function() const {
  if (next_.kind != Token::Kind::name) return false;
  auto at = at_;
  while (at < source_.size() && is_space(source_[at])) ++at;
  return at < source_.size() && source_[at] == '(';
}

void Tokens::expect(std::string_view symbol) {
  if (!accept(symbol)) fail(symbol);
}

void Tokens::fail(std::string_view expected) const {
  std::string message = "expected " + std::string(expected);
  if (!previous_.empty()) message += " after " + std::string(previous_);
  message +=
      next_.kind == Token::Kind::end ? ", where the text ends" : ", not " + std::string(next_.spelling);
  fail_at(next_.at, std::move(message));
}

void Tokens::advance() {
  while (at_ < source_.size() && is_space(source_[at_])) ++at_;
  next_ = {};
  next_.at = at_;
  if (at_ == source_.size()) return;
  const char c = source_[at_], after = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
  if (c == '\'' || c == '"') return read_quoted(c, c == '"' ? Token::Kind::quoted_name : Token::Kind::text);
  if (is_digit(c) || ((c == '.' || c == '-' || c == '+') && (is_digit(after) || after == '.')))
    return read_number();
  std::size_t size = 1;
  if (begins_name(c)) {
    next_.kind = Token::Kind::name;
    while (at_ + size < source_.size() && continues_name(source_[at_ + size])) ++size;
  } else {
    next_.kind = Token::Kind::symbol;
    if ((c == '<' && (after == '=' || after == '>')) || (c == '>' && after == '=')) size = 2;
  }
  next_.spelling = source_.substr(at_, size);
  next_.text = next_.spelling;
  at_ += size;
}

// A quote inside is doubled; in a text a backslash before it serves too, as the grammar has it.
void Tokens::read_quoted(char quote, Token::Kind kind) {
  next_.kind = kind;
  auto at = at_ + 1;
  for (;; ++at) {
    if (at >= source_.size())
      fail_at(at_, kind == Token::Kind::text ? "this text has no closing quote"
                                             : "this name has no closing quote");
    const bool two = at + 1 < source_.size() && source_[at + 1] == quote;
    if (source_[at] == quote && !two) break;
    if (two && (source_[at] == quote || (source_[at] == '\\' && quote == '\'' && escapes_))) ++at;
    next_.text += source_[at];
  }
  next_.spelling = source_.substr(at_, at + 1 - at_);
  at_ = at + 1;
}

void Tokens::read_number() {
  next_.kind = Token::Kind::number;
  auto end = at_ + 1;
  while (end < source_.size()) {
    const char c = source_[end], before = source_[end - 1];
    const bool sign = (c == '+' || c == '-') && (before == 'e' || before == 'E');
    if (!continues_name(c) && !sign) break;
    ++end;
  }
  next_.spelling = source_.substr(at_, end - at_);
  const auto digits = next_.spelling.substr(next_.spelling.starts_with('+') ? 1 : 0);
  const auto number =
      digits.starts_with('-') && next_.spelling.starts_with('+') ? std::nullopt : parse_number(digits);
  if (!number) fail_at(at_, std::string(next_.spelling) + " is not a finite decimal number");
  next_.number = *number;
  at_ = end;
}

}  // namespace jobmap::query::cql2
