// The half of TextIndex that answers: terms to texts, texts to rows.
#include <algorithm>

#include "data/index/snapshot.hpp"
#include "data/index/synonyms.hpp"
#include "data/index/terms.hpp"
#include "data/index/text_index.hpp"
#include "geo/deadline.hpp"

namespace jobmap::data {
namespace {

constexpr std::size_t block_words = PostingBlock::words;

// The bits from `begin` on.
template <typename Use>
void each_bit(const Bitmap& bitmap, Use&& use, std::uint32_t begin = 0) {
  for (std::size_t w = begin / 64; w < bitmap.words().size(); ++w)
    for (auto m = bitmap.word(w) & word_mask(w, begin, bitmap.size()); m; m &= m - 1)
      use(static_cast<std::uint32_t>(w * 64 + static_cast<unsigned>(std::countr_zero(m))));
}

bool any_from(const Bitmap& bitmap, std::uint32_t begin) {
  for (std::size_t w = begin / 64; w < bitmap.words().size(); ++w)
    if (bitmap.word(w) & word_mask(w, begin, bitmap.size())) return true;
  return false;
}

// A piece looks these up in a block: lists that must all hold a text.
class Lookup {
 public:
  Lookup(std::string_view piece, TermMatcher::Kind kind) : kind_(kind) {
    if (is_word(piece)) {
      parts_ = parts_of(piece);
      is_one_part_ = parts_.size() == 1 && piece[0] != '.';
      exact_ = is_one_part_ && kind != TermMatcher::unfinished;
      return;
    }
    for (const char* p = piece.data(); p < piece.data() + piece.size();) {
      const auto c = folded_character(p);
      characters_.push_back(c.code), p += c.bytes;
    }
    exact_ = characters_.size() <= 2;
  }
  std::size_t lists() const {
    return !parts_.empty() ? parts_.size() : std::max<std::size_t>(1, characters_.size() - 1);
  }
  std::size_t add(const PostingBlock& block, std::size_t list, std::uint64_t* into) const {
    if (characters_.size() == 1) return block.add_character(characters_[0], into);
    if (parts_.empty()) return block.add_pair(characters_[list], characters_[list + 1], into);
    std::size_t read = 0;
    if (is_one_part_ && kind_ != TermMatcher::exact) read += block.add_forms_of(parts_[list], into);
    if (kind_ == TermMatcher::unfinished && list + 1 == parts_.size())
      return read + block.add_parts_beginning(parts_[list], into);
    return is_one_part_ && kind_ != TermMatcher::exact ? read : block.add_part(parts_[list], into);
  }
  // Whether the lists say all, so that no text needs a look.
  bool exact() const { return exact_; }

 private:
  std::vector<std::string_view> parts_;
  std::vector<char32_t> characters_;
  TermMatcher::Kind kind_;
  bool is_one_part_ = false, exact_ = false;
};

std::string key_of(const std::vector<std::string>& terms) {
  std::string key;
  for (const auto& term : terms) key.append(term).append(" ");
  return key;
}

bool any(const std::uint64_t* words) {
  return std::any_of(words, words + block_words, [](auto w) { return w != 0; });
}

}  // namespace

Bitmap TextIndex::may_hold(std::string_view piece, TermMatcher::Kind kind, Text end,
                           std::uint64_t& postings) const {
  const Lookup lookup(piece, kind);
  const std::size_t blocks = (end + PostingBlock::capacity - 1) / PostingBlock::capacity;
  std::vector<std::uint64_t> found(blocks * block_words), list(block_words);
  for (std::size_t b = 0; b < blocks; ++b) {
    auto* words = found.data() + b * block_words;
    postings += lookup.add(blocks_[b], 0, words);
    for (std::size_t i = 1; i < lookup.lists() && any(words); ++i) {
      geo::check_deadline(8);
      std::fill(list.begin(), list.end(), 0);
      postings += lookup.add(blocks_[b], i, list.data());
      for (std::size_t w = 0; w < block_words; ++w) words[w] &= list[w];
    }
  }
  return Bitmap(end, std::move(found));
}

Bitmap TextIndex::texts_with(const std::vector<std::string>& pieces, TermMatcher::Kind kind,
                             TextMatch& work) const {
  const Text end = field_begin_[field_count];
  Bitmap texts = may_hold(pieces[0], kind, end, work.postings);
  if (pieces.size() == 1 && Lookup(pieces[0], kind).exact()) return texts;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const Bitmap more = may_hold(pieces[i], kind, end, work.postings);
    std::vector<std::uint64_t> both = texts.words();
    for (std::size_t w = 0; w < both.size(); ++w) both[w] &= more.word(w);
    texts = Bitmap(end, std::move(both));
  }
  TermMatcher matcher(pieces, kind);
  const Bitmap candidates = texts;
  each_bit(candidates, [&](Text t) {
    geo::check_deadline();
    ++work.looked_at;
    if (!matcher.matches(text(t))) texts.reset(t);
  });
  return texts;
}

TextMatch::Term TextIndex::term_with_synonyms(const SearchTerm& term, TextMatch& work) const {
  TextMatch::Term result;
  const bool single = term.pieces.size() == 1;
  if (single) result.bytes = term.pieces[0].size();
  result.texts = texts_with(term.pieces, term.exact ? TermMatcher::exact : TermMatcher::any_form, work);
  if (single && !term.exact) {
    const auto alternatives = Synonyms::shipped().alternatives(term.pieces[0]);
    if (alternatives.size() > 1) {
      std::vector<std::uint64_t> titles = result.texts.words();
      result.as_written = Bitmap(field_begin_[employer], std::move(titles));
    }
    for (std::size_t i = 1; i < alternatives.size(); ++i)
      each_bit(texts_with({alternatives[i]}, TermMatcher::any_form, work),
               [&](Text t) { result.texts.set(t); });
  }
  if (const Text begin = field_begin_[address]; any_from(result.texts, begin))
    result.in_address = rows_of_all(result.texts, begin);
  return result;
}

Bitmap TextIndex::rows_of_all(const Bitmap& texts, Text begin) const {
  Bitmap rows(table_.size);
  each_bit(
      texts,
      [&](Text t) {
        geo::check_deadline();
        for (const Row row : rows_of(t)) rows.set(row);
      },
      begin);
  return rows;
}

// The rows of the rarest term, and of them those that hold the others too.
Bitmap TextIndex::rows_with_all(const std::vector<TextMatch::Term>& terms) const {
  if (terms.empty()) return Bitmap(table_.size, true);
  std::vector<std::uint64_t> row_counts;
  for (const auto& term : terms) {
    row_counts.push_back(0);
    each_bit(term.texts, [&](Text t) { row_counts.back() += rows_of(t).size(); });
  }
  const auto rarest =
      static_cast<std::size_t>(std::min_element(row_counts.begin(), row_counts.end()) - row_counts.begin());
  Bitmap rows = rows_of_all(terms[rarest].texts);
  if (terms.size() == 1) return rows;
  const Bitmap candidates = rows;
  each_bit(candidates, [&](Row row) {
    geo::check_deadline();
    for (std::size_t i = 0; i < terms.size(); ++i)
      if (i != rarest && !holds_in(terms[i], row)) return rows.reset(row);
  });
  return rows;
}

std::shared_ptr<const TextMatch> TextIndex::search(const std::vector<std::string>& terms) const {
  auto match = std::make_shared<TextMatch>();
  std::vector<TextMatch::Term> excluded;
  for (const auto& spelled : terms) {
    const auto term = read_term(spelled);
    (term.excluded ? excluded : match->terms).push_back(term_with_synonyms(term, *match));
  }
  Bitmap rows = rows_with_all(match->terms);
  for (const auto& term : excluded) each_bit(rows_of_all(term.texts), [&](Row row) { rows.reset(row); });
  match->rows = RowSet(std::move(rows));
  return match;
}

std::shared_ptr<const TextMatch> TextIndex::remembered(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return nullptr;
  remembered_.splice(remembered_.begin(), remembered_, it->second);
  return it->second->match;
}

std::shared_ptr<const TextMatch> TextIndex::find(const std::vector<std::string>& terms) const {
  std::string key = key_of(terms);
  if (auto match = remembered(key)) return match;
  auto match = search(terms);  // two that ask at once both search, and find the same
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return match;
  remembered_.push_front({std::move(key), match});
  by_key_.emplace(remembered_.front().key, remembered_.begin());
  for (remembered_bytes_ += match->memory_bytes();
       remembered_bytes_ > cache_bytes && remembered_.size() > 1;) {
    remembered_bytes_ -= remembered_.back().match->memory_bytes();
    by_key_.erase(remembered_.back().key);
    remembered_.pop_back();
  }
  return match;
}

void TextIndex::add_effort(const std::vector<std::string>& pieces, TermMatcher::Kind kind,
                           Effort& effort) const {
  const bool is_phrase = pieces.size() > 1;
  bool exact = !is_phrase;
  std::vector<std::uint64_t> rarest(blocks_.size(), PostingBlock::capacity);
  for (const auto& piece : pieces) {
    const Lookup lookup(piece, kind);
    exact = exact && lookup.exact();
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      for (std::size_t i = 0; i < lookup.lists(); ++i) {
        const std::uint64_t count = lookup.add(blocks_[b], i, nullptr);
        effort.postings += count;
        rarest[b] = std::min(rarest[b], count);
      }
  }
  if (exact) return;
  auto& looked_at = is_phrase || is_word(pieces[0]) ? effort.words : effort.runs;
  for (const auto count : rarest) looked_at += count;
}

TextIndex::Effort TextIndex::effort(const std::vector<std::string>& terms) const {
  Effort effort;
  if (remembered(key_of(terms))) return effort;
  for (const auto& spelled : terms) {
    const auto term = read_term(spelled);
    add_effort(term.pieces, term.exact ? TermMatcher::exact : TermMatcher::any_form, effort);
    if (term.exact || term.pieces.size() > 1) continue;
    const auto alternatives = Synonyms::shipped().alternatives(term.pieces[0]);
    for (std::size_t i = 1; i < alternatives.size(); ++i)
      add_effort({alternatives[i]}, TermMatcher::any_form, effort);
  }
  return effort;
}

unsigned TextIndex::score(const TextMatch& match, std::uint32_t row) const {
  const Text in_title = text_of(title, row), in_employer = text_of(employer, row),
             in_description = text_of(description, row);
  unsigned sum = 0;
  for (const auto& term : match.terms) {
    if (term.texts.test(in_title)) {
      const bool is_whole = title_bytes_[in_title] == term.bytes &&
                            (term.as_written.size() == 0 || term.as_written.test(in_title));
      sum += is_whole ? 8 : 4;
    }
    if (term.texts.test(in_employer)) sum += 2;
    if (term.texts.test(in_description)) sum += 1;
    if (term.in_address.size() != 0 && term.in_address.test(row)) sum += 1;
  }
  return sum;
}

}  // namespace jobmap::data
