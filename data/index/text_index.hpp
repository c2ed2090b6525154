#pragma once
// Full-text search of the jobs' titles, employers, descriptions and addresses.
//
//   const TextIndex& index = *snapshot.jobs->texts;
//   auto match = index.find(search_terms("C++工程师 -实习"));   // terms (data/index/search_terms.hpp): all must hold
//   match->rows.test(row);
//   index.score(*match, row);
//
// Postings repeat themselves, so each distinct text of a field is kept as a number, folded and indexed once
// (data/index/posting_block.hpp); a list of pairs is exact for one or two characters and for a word, longer runs,
// dotted words and phrases are looked for in the texts that hold all their pairs or parts. A term that has
// synonyms (data/index/synonyms.hpp) finds their texts too. Then numbers become rows, by the list of rows that each
// text has. Built once with the table and shared by all its snapshots: what a term finds doesn't depend on
// the time.
//
// Numbers of titles, employers and descriptions are kept for each row, in two bytes where a field has few
// texts; those of addresses are not, since only a term's rows are asked for.
//
// What was found is remembered, the least recently used forgotten beyond cache_bytes: one move of a map asks
// the same words of a dozen tiles.
#include <array>
#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/index/posting_block.hpp"
#include "data/index/row_set.hpp"
#include "data/index/search_terms.hpp"
#include "data/index/term_matcher.hpp"

namespace jobmap::data {

struct JobTable;

// The rows in which every term occurs and none that is excluded, and what it took to find them.
struct TextMatch {
  struct Term {
    std::size_t bytes = 0;  // of the term as written; 0 of a phrase of several pieces
    Bitmap texts;           // of numbers of texts
    Bitmap as_written;      // those of titles with the term itself, not a synonym; empty where it has none
    Bitmap in_address;      // rows; empty where there are none
  };
  std::vector<Term> terms;      // those that must occur
  RowSet rows;                  // dead or alive
  std::uint64_t postings = 0;   // entries of lists that were read
  std::uint64_t looked_at = 0;  // texts that were searched themselves

  std::size_t memory_bytes() const;
};

class TextIndex {
 public:
  using Text = std::uint32_t;  // number of a distinct text, field after field
  enum Field : unsigned { title, employer, description, address, field_count };
  static constexpr std::size_t cache_bytes = 32u << 20;
  static constexpr unsigned best_of_a_term = 8 + 2 + 1 + 1;

  // The table must have its texts, and outlive this. Then number_texts() once, and after it index_texts() on
  // as many threads as there are.
  explicit TextIndex(const JobTable& table) : table_(table) {}
  void number_texts();
  void index_texts();

  std::shared_ptr<const TextMatch> find(const std::vector<std::string>& terms) const;
  // An upper bound of what find() would read and search, by the lengths of the lists. The cache isn't looked at.
  struct Effort {
    std::uint64_t postings = 0;         // entries of lists
    std::uint64_t runs = 0, words = 0;  // texts to search for a run; for a word or a phrase
  };
  Effort effort(const std::vector<std::string>& terms) const;
  // How well a matching row matches. Each term counts 4 in the title, or 8 where it is the whole title, 2 in
  // the employer, 1 in the description and 1 in the address; at most best_of_a_term.
  unsigned score(const TextMatch& match, std::uint32_t row) const;

  // The texts before `end` that hold all pairs or parts of a piece, of a word in the forms of the kind. Adds
  // the entries it read.
  Bitmap may_hold(std::string_view piece, TermMatcher::Kind kind, Text end, std::uint64_t& postings) const;
  std::span<const std::uint32_t> rows_of(Text number) const {
    return {rows_.data() + rows_begin_[number], rows_.data() + rows_begin_[number + 1]};
  }
  Text begin_of(Field field) const { return field_begin_[field]; }
  Text end_of(Field field) const { return field_begin_[field + 1]; }
  std::string_view text(Text number) const;
  std::size_t memory_bytes() const;

 private:
  static constexpr unsigned numbered_fields = address;  // whose numbers are kept by row

  // The number of each row's text within its field.
  class Column {
   public:
    Column() = default;
    Column(std::vector<Text>&& numbers, Text texts);
    Text operator[](std::uint32_t row) const { return narrow_.empty() ? wide_[row] : narrow_[row]; }
    std::size_t memory_bytes() const { return narrow_.capacity() * 2 + wide_.capacity() * 4; }

   private:
    std::vector<std::uint16_t> narrow_;
    std::vector<Text> wide_;
  };

  void list_rows(const std::array<std::vector<Text>, field_count>& numbers);
  Text text_of(Field field, std::uint32_t row) const { return field_begin_[field] + text_of_[field][row]; }
  Bitmap rows_of_all(const Bitmap& texts, Text begin = 0) const;
  Bitmap texts_with(const std::vector<std::string>& pieces, TermMatcher::Kind kind, TextMatch& work) const;
  TextMatch::Term term_with_synonyms(const SearchTerm& term, TextMatch& work) const;
  std::shared_ptr<const TextMatch> search(const std::vector<std::string>& terms) const;
  std::shared_ptr<const TextMatch> remembered(const std::string& key) const;
  void add_effort(const std::vector<std::string>& pieces, TermMatcher::Kind kind, Effort& effort) const;
  Bitmap rows_with_all(const std::vector<TextMatch::Term>& terms) const;
  bool holds_in(const TextMatch::Term& term, std::uint32_t row) const {
    return term.texts.test(text_of(title, row)) || term.texts.test(text_of(employer, row)) ||
           term.texts.test(text_of(description, row)) ||
           (term.in_address.size() != 0 && term.in_address.test(row));
  }

  const JobTable& table_;
  std::array<Text, field_count + 1> field_begin_{};
  std::array<Column, numbered_fields> text_of_;   // by row
  std::vector<std::uint32_t> rows_begin_, rows_;  // the rows of each text, ascending
  std::vector<std::uint8_t> title_bytes_;         // of each title, folded; 255 for more
  std::vector<PostingBlock> blocks_;
  std::atomic<std::size_t> next_block_ = 0;

  struct Remembered {
    std::string key;
    std::shared_ptr<const TextMatch> match;
  };
  mutable std::mutex mutex_;
  mutable std::list<Remembered> remembered_;  // the latest first
  mutable std::unordered_map<std::string_view, std::list<Remembered>::iterator> by_key_;
  mutable std::size_t remembered_bytes_ = 0;
};

}  // namespace jobmap::data
