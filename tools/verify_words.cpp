#include "tools/verify_words.hpp"

#include <algorithm>
#include <memory>

#include "data/index/search_terms.hpp"
#include "data/index/stem.hpp"
#include "data/index/synonyms.hpp"
#include "data/index/terms.hpp"
#include "data/model/fold.hpp"
#include "data/model/unicode.hpp"

namespace jobmap::tools {
namespace {

using data::JobText;

constexpr std::string_view fields[] = {"title", "employer", "description", "address"};
constexpr JobText::Field searched[] = {JobText::title, JobText::employer, JobText::description,
                                       JobText::address};

std::vector<std::string> characters_of(std::string_view run) {
  std::vector<std::string> characters;
  for (const char* p = run.data(); p < run.data() + run.size(); p += characters.back().size())
    characters.emplace_back(p, data::folded_character(p).bytes);
  return characters;
}

std::vector<std::string> pieces_of(std::string_view folded) {
  std::vector<std::string> pieces;
  for (data::Pieces p(folded); p.next();) pieces.emplace_back(p.text());
  return pieces;
}

// One or a few characters of a run, a word, or two pieces that follow each other; now and then left out.
std::string some_term(const data::Snapshot& s, std::mt19937& random) {
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const auto text = s.jobs->text(static_cast<data::Row>(pick(s.jobs->size))).field[searched[pick(4)]];
  const auto pieces = pieces_of(data::fold(text));
  if (pieces.empty()) return {};
  const std::string sign = pick(8) ? "" : "-";
  const auto at = pick(pieces.size());
  if (pick(6) == 0)
    return sign + '"' + pieces[at] + (at + 1 < pieces.size() ? " " + pieces[at + 1] : "") + '"';
  if (data::is_word(pieces[at])) return sign + pieces[at];
  const auto characters = characters_of(pieces[at]);
  const auto size = std::min<std::size_t>(characters.size(), 1 + pick(4)),
             begin = pick(characters.size() - size + 1);
  std::string term = sign;
  for (std::size_t i = begin; i < begin + size; ++i) term += characters[i];
  return term;
}

// Where a word stands by itself: what makes another word of it is no letter, digit or sign more.
std::string holds_as_written(const std::string& field, const std::string& word) {
  const std::string parts = "a-z0-9";
  const std::string pattern = (word[0] == '.' ? "*" : "*[^" + parts + "]") + word;
  const auto matches = [&](const std::string& rest) {
    return "' ' || " + field + " || '  ' GLOB '" + pattern + rest + "*'";
  };
  if (word.back() == '#') return matches("[^#]");
  if (word.back() == '+') return matches("[^+]");
  return "(" + matches("[^#+" + parts + "]") + " OR " + matches("[+][^+]") + ")";
}

std::string holds_piece(const std::string& field, const std::string& piece, bool in_any_form) {
  if (!data::is_word(piece)) return "instr(" + field + ", " + literal(piece) + ") > 0";
  if (!in_any_form || !data::has_forms(piece)) return holds_as_written(field, piece);
  std::string any;
  for (const auto& form : data::forms_of(data::stem(piece)))
    any += (any.empty() ? "" : " OR ") + holds_as_written(field, form);
  return "(" + any + ")";
}

std::string holds_phrase(const std::string& field, const std::vector<std::string>& pieces) {
  std::string phrase = data::is_word(pieces.front()) ? " " : "";
  for (const auto& piece : pieces) phrase += (&piece == pieces.data() ? "" : " ") + piece;
  if (data::is_word(pieces.back())) phrase += ' ';
  return "instr(pieces_of(" + field + "), " + literal(phrase) + ") > 0";
}

std::string holds_term(std::string_view name, const data::SearchTerm& term) {
  const auto field = "f." + std::string(name);
  if (term.pieces.size() > 1) return holds_phrase(field, term.pieces);
  if (term.exact) return holds_piece(field, term.pieces[0], false);
  std::string any;
  for (const auto& alternative : data::Synonyms::shipped().alternatives(term.pieces[0]))
    any += (any.empty() ? "" : " OR ") + holds_piece(field, alternative, true);
  return "(" + any + ")";
}

// A value of a job's folded texts.
std::string of_texts(const std::string& value) {
  return "(SELECT " + value + " FROM temp.folded_texts AS f WHERE f.pk = jobs.pk)";
}

}  // namespace

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

void prepare_words(data::Database& db) {
  const auto rules = std::make_shared<data::FoldRules>();
  db.add_function("folded", [rules](std::string_view text) { return rules->fold(text); });
  db.add_function("pieces_of", [](std::string_view folded) {
    std::string all = " ";
    for (const auto& piece : pieces_of(folded)) all += piece + ' ';
    return all;
  });
  std::string columns = "pk INTEGER PRIMARY KEY", values = "pk";
  for (const auto field : fields) {
    columns += ", " + std::string(field);
    values += ", folded(" + std::string(field) + ")";
  }
  db.execute("CREATE TEMP TABLE folded_texts(" + columns + "); INSERT INTO temp.folded_texts SELECT " +
             values + " FROM main.jobs");
}

Words some_words(const data::Snapshot& s, std::mt19937& random) {
  std::string typed;
  if (s.jobs->size > 0)
    for (auto n = 1 + random() % 3; n > 0; --n) typed += some_term(s, random) + ' ';
  Words words;
  for (const auto& spelled : data::search_terms(typed)) {
    const auto term = data::read_term(spelled);
    words.q += (words.q.empty() ? "" : " ") + spelled;
    std::string held[std::size(fields)], any;
    for (std::size_t i = 0; i < std::size(fields); ++i) {
      held[i] = holds_term(fields[i], term);
      any += (i ? " OR " : "") + held[i];
    }
    words.condition +=
        (words.condition.empty() ? "" : " AND ") + of_texts(term.excluded ? "NOT (" + any + ")" : any);
    if (term.excluded) continue;
    const auto bytes = term.pieces.size() == 1 ? term.pieces[0].size() : 0;
    const auto whole = "length(CAST(f.title AS BLOB)) = " + std::to_string(bytes) + " AND " +
                       (term.pieces.size() == 1 ? holds_piece("f.title", term.pieces[0], !term.exact) : "0");
    words.score += (words.score.empty() ? "" : " + ") +
                   of_texts("(" + held[0] + ") * iif(" + whole + ", 8, 4) + (" + held[1] + ") * 2 + (" +
                            held[2] + ") + (" + held[3] + ")");
  }
  if (words.score.empty()) words.score = "0";
  return words;
}

}  // namespace jobmap::tools
