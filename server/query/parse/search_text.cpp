#include "server/query/parse/search_text.hpp"

#include "data/index/search_terms.hpp"
#include "data/index/terms.hpp"
#include "server/query/parse/parameter_groups.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::query {
namespace {

constexpr std::size_t max_bytes = 200, max_terms = 16;

std::string spelled(const std::vector<std::string>& terms) {
  std::string text;
  for (const auto& term : terms) (text += text.empty() ? "" : " ") += term;
  return text;
}

}  // namespace

std::vector<std::string> read_terms(Reader& reader, std::string_view name, TermSyntax syntax) {
  const auto text = reader.text(name);
  if (!text) return {};
  constexpr std::size_t most_raw = 2000;  // before folding, which takes time
  if (text->size() > most_raw) {
    reader.fail(name, "", "this is too long to search for", "at most 200 bytes of UTF-8");
    return {};
  }
  auto terms = syntax == TermSyntax::search ? data::search_terms(*text) : data::terms_of(*text);
  if (terms.empty())
    reader.fail(name, *text, "there is no word in this to search for",
                "words and characters, as in 工程师, C++ or node.js, phrases in quotes, and a minus before "
                "what to leave out");
  else if (terms.size() > max_terms)
    reader.fail(name, *text, "these are too many words", "at most 16 different ones");
  else if (spelled(terms).size() > max_bytes)
    reader.fail(name, *text, "this is too long to search for", "at most 200 bytes of UTF-8");
  return terms;
}

void parse_text(Parsing& p) {
  p.query.terms = read_terms(p.reader, "q", TermSyntax::search);
  if (p.query.terms.empty()) return;
  p.canonical.add("q", spelled(p.query.terms));
}

}  // namespace jobmap::query
