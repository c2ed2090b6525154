#pragma once
// An inverted index of up to 131,072 texts: for each pair of neighbouring characters and each part of a word
// (data/index/terms.hpp), the texts that hold it, folded.
//
//   PostingBlock::Builder builder;
//   for (std::uint32_t i = 0; i < n; ++i) builder.add(i, text[i]);
//   PostingBlock block = std::move(builder).build();
//   std::vector<std::uint64_t> words(PostingBlock::words);
//   block.add_pair(U'工', U'程', words.data());              // sets the bit of each text that holds 工程
//
// A character also makes a pair with what ends its run, so the texts with a character are those of all pairs
// that begin with it. A list is gaps of seven bits a byte, or a bitmap where that is shorter.
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jobmap::data {

class PostingBlock {
 public:
  static constexpr std::uint32_t capacity = 1u << 17;
  static constexpr std::size_t words = capacity / 64;
  static constexpr char32_t run_end = 0;
  class Builder;

  // Each adds to a bitmap of `words` words, and says how many texts it read from the lists; into null it only
  // counts them, which reads no list.
  std::size_t add_pair(char32_t first, char32_t second, std::uint64_t* into) const;
  std::size_t add_character(char32_t character, std::uint64_t* into) const;
  std::size_t add_part(std::string_view part, std::uint64_t* into) const;
  std::size_t add_parts_beginning(std::string_view prefix, std::uint64_t* into) const;
  // The parts that are a form of the same word (data/index/stem.hpp).
  std::size_t add_forms_of(std::string_view part, std::uint64_t* into) const;
  std::size_t memory_bytes() const;

 private:
  std::size_t add_list(std::uint32_t at, std::uint64_t* into) const;
  std::uint32_t append_list(const std::uint32_t* begin, const std::uint32_t* end);
  std::string_view part(std::size_t i) const {
    return std::string_view(part_text_).substr(part_at_[i], part_at_[i + 1] - part_at_[i]);
  }
  std::size_t first_part_from(std::string_view text) const;

  std::vector<std::uint64_t> pairs_;  // sorted: first character, second
  std::vector<std::uint32_t> pair_list_;
  std::string part_text_;  // of all parts, sorted
  std::vector<std::uint32_t> part_at_{0}, part_list_;
  std::vector<std::uint8_t> lists_;
};

class PostingBlock::Builder {
 public:
  Builder();
  // Ascending, from 0.
  void add(std::uint32_t text, std::string_view content);
  PostingBlock build() &&;

 private:
  std::uint32_t number_of_pair(std::uint64_t pair);
  void grow();
  void add_run(std::string_view run);

  std::string folded_;  // room for a text
  // Pairs and parts are numbered as they come; an open table finds the number of a pair.
  struct Slot {
    std::uint64_t pair = 0;
    std::uint32_t number = 0;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> pairs_;  // by number; of a part, part_flag
  std::unordered_map<std::string, std::uint32_t> parts_;
  std::vector<std::uint32_t> entries_;  // numbers, text after text
  std::vector<std::size_t> ends_;       // of each text in entries_
  std::uint32_t texts_ = 0;
};

}  // namespace jobmap::data
