#include "data/index/search_terms.hpp"

#include <algorithm>

#include "data/index/terms.hpp"
#include "data/model/characters.hpp"
#include "data/model/fold.hpp"
#include "data/model/split.hpp"

namespace jobmap::data {
namespace {

bool is_quote(char32_t c) { return c == '"' || c == 0xFF02 || c == 0x201C || c == 0x201D || c == 0x201E; }
bool is_minus(char32_t c) { return c == '-' || c == 0xFF0D; }
bool is_blank(char32_t c) { return c <= ' ' || c == 0xA0 || c == 0x3000; }

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  std::string buffer;
  for (Pieces p(folded_for_pieces(text, buffer)); p.next();) pieces.emplace_back(p.text());
  return pieces;
}

class QueryReader {
 public:
  explicit QueryReader(std::string_view q) : q_(q) {}

  std::vector<std::string> read() {
    while (at_ < q_.size()) {
      const auto c = here();
      if (is_quote(c.code) && closing(at_) != std::string_view::npos) {
        end_plain();
        take_quoted("");
      } else if (is_minus(c.code) && after_blank_ && at_ + c.bytes < q_.size()) {
        end_plain();
        at_ += c.bytes;
        take_excluded();
        plain_ = at_;
      } else {
        at_ += c.bytes;
        after_blank_ = is_blank(c.code);
      }
    }
    end_plain();
    std::sort(terms_.begin(), terms_.end());
    terms_.erase(std::unique(terms_.begin(), terms_.end()), terms_.end());
    return std::move(terms_);
  }

 private:
  Character here() const { return character_at(q_.data() + at_); }
  // The place where the quote that begins at `from` is closed.
  std::size_t closing(std::size_t from) const {
    for (auto p = from + character_at(q_.data() + from).bytes; p < q_.size();) {
      const auto c = character_at(q_.data() + p);
      if (is_quote(c.code)) return p;
      p += c.bytes;
    }
    return std::string_view::npos;
  }
  void end_plain() {
    for (auto& piece : pieces_of(q_.substr(plain_, at_ - plain_))) terms_.push_back(std::move(piece));
    plain_ = at_;
  }
  void add_phrase(const std::string& sign, std::string_view text, bool exact) {
    const auto pieces = pieces_of(text);
    if (pieces.empty()) return;
    if (pieces.size() == 1 && !exact) return terms_.push_back(sign + pieces[0]);
    std::string term = sign + '"';
    for (const auto& piece : pieces) term += (&piece == pieces.data() ? "" : " ") + piece;
    terms_.push_back(term + '"');
  }
  void take_quoted(const std::string& sign) {
    const auto begin = at_ + here().bytes, end = closing(at_);
    add_phrase(sign, q_.substr(begin, end - begin), true);
    at_ = end;
    at_ += here().bytes;
    plain_ = at_;
    after_blank_ = true;
  }
  void take_excluded() {
    if (is_quote(here().code) && closing(at_) != std::string_view::npos) return take_quoted("-");
    const auto begin = at_;
    while (at_ < q_.size() && !is_blank(here().code) && !is_quote(here().code)) at_ += here().bytes;
    add_phrase("-", q_.substr(begin, at_ - begin), false);
    after_blank_ = false;
  }

  std::string_view q_;
  std::size_t at_ = 0, plain_ = 0;  // plain_: where the text begins that no quote and no minus governs
  bool after_blank_ = true;
  std::vector<std::string> terms_;
};

}  // namespace

std::vector<std::string> search_terms(std::string_view q) { return QueryReader(q).read(); }

SearchTerm read_term(std::string_view spelled) {
  SearchTerm term;
  term.excluded = spelled.starts_with('-');
  if (term.excluded) spelled.remove_prefix(1);
  term.exact = spelled.starts_with('"');
  if (!term.exact) {
    term.pieces.emplace_back(spelled);
    return term;
  }
  for (const auto piece : split(spelled.substr(1, spelled.size() - 2), ' ')) term.pieces.emplace_back(piece);
  return term;
}

}  // namespace jobmap::data
