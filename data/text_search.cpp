// The half of TextIndex that answers: terms to texts, texts to rows.
#include <algorithm>

#include "data/snapshot.hpp"
#include "data/terms.hpp"
#include "data/text_index.hpp"
#include "geo/deadline.hpp"

namespace jobmap::data {
namespace {

constexpr std::size_t block_words = PostingBlock::words;

template <typename Use>
void each_bit(const Bitmap& bitmap, Use&& use) {
  for (std::size_t w = 0; w < bitmap.words().size(); ++w)
    for (auto m = bitmap.word(w); m; m &= m - 1)
      use(static_cast<std::uint32_t>(w * 64 + static_cast<unsigned>(std::countr_zero(m))));
}

// What a term looks up in a block: lists that must all hold a text.
class Lookup {
 public:
  Lookup(std::string_view term, bool unfinished) : unfinished_(unfinished && is_word(term)) {
    if (is_word(term)) {
      parts_ = parts_of(term);
      exact_ = parts_.size() == 1 && term[0] != '.';
      return;
    }
    for (const char* p = term.data(); p < term.data() + term.size();) {
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
    return unfinished_ && list + 1 == parts_.size() ? block.add_parts_beginning(parts_[list], into)
                                                    : block.add_part(parts_[list], into);
  }
  bool exact() const { return exact_; }

 private:
  std::vector<std::string_view> parts_;
  std::vector<char32_t> characters_;
  bool unfinished_, exact_ = false;
};

bool any(const std::uint64_t* words) {
  return std::any_of(words, words + block_words, [](auto w) { return w != 0; });
}

}  // namespace

Bitmap TextIndex::may_hold(std::string_view term, bool unfinished, Text end, std::uint64_t& postings) const {
  const Lookup lookup(term, unfinished);
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

TextMatch::Term TextIndex::texts_with(std::string_view term, TextMatch& work) const {
  TextMatch::Term result{std::string(term), may_hold(term, false, field_begin_[field_count], work.postings)};
  if (Lookup(term, false).exact()) return result;
  const Bitmap candidates = result.texts;
  each_bit(candidates, [&](Text t) {
    geo::check_deadline();
    ++work.looked_at;
    if (!holds(text(t), term)) result.texts.reset(t);
  });
  return result;
}

Bitmap TextIndex::rows_of_all(const Bitmap& texts) const {
  Bitmap rows(table_.size);
  each_bit(texts, [&](Text t) {
    geo::check_deadline();
    for (const Row row : rows_of(t)) rows.set(row);
  });
  return rows;
}

std::shared_ptr<const TextMatch> TextIndex::search(const std::vector<std::string>& terms) const {
  auto match = std::make_shared<TextMatch>();
  std::vector<std::uint64_t> row_counts;
  for (const auto& term : terms) {
    match->terms.push_back(texts_with(term, *match));
    std::uint64_t count = 0;
    each_bit(match->terms.back().texts, [&](Text t) { count += rows_of(t).size(); });
    row_counts.push_back(count);
  }
  // The rows of the rarest term, and of them those that hold the others too.
  const auto rarest =
      static_cast<std::size_t>(std::min_element(row_counts.begin(), row_counts.end()) - row_counts.begin());
  Bitmap rows = rows_of_all(match->terms[rarest].texts);
  if (terms.size() > 1) {
    const Bitmap candidates = rows;
    each_bit(candidates, [&](Row row) {
      geo::check_deadline();
      for (std::size_t i = 0; i < terms.size(); ++i)
        if (i != rarest && !holds_in(match->terms[i], row)) return rows.reset(row);
    });
  }
  match->rows = RowSet(std::move(rows));
  return match;
}

std::shared_ptr<const TextMatch> TextIndex::find(const std::vector<std::string>& terms) const {
  std::string key;
  for (const auto& term : terms) key.append(term).append(" ");
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = by_key_.find(key); it != by_key_.end()) {
      remembered_.splice(remembered_.begin(), remembered_, it->second);
      return it->second->match;
    }
  }
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

unsigned TextIndex::score(const TextMatch& match, std::uint32_t row) const {
  const Text in_title = text_of_[title][row], in_employer = text_of_[employer][row],
             in_description = text_of_[description][row];
  unsigned sum = 0;
  for (const auto& term : match.terms) {
    if (term.texts.test(in_title)) sum += title_bytes_[in_title] == term.text.size() ? 8 : 4;
    if (term.texts.test(in_employer)) sum += 2;
    if (term.texts.test(in_description)) sum += 1;
  }
  return sum;
}

}  // namespace jobmap::data
