#include "data/text_index.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "data/snapshot.hpp"
#include "data/terms.hpp"

namespace jobmap::data {
namespace {

constexpr JobText::Field columns[] = {JobText::title, JobText::employer, JobText::description};

// Finds the number of a text by its hash; whoever asks compares the text itself.
class Numbers {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  template <typename IsSame>
  std::uint32_t find_or_add(std::uint64_t hash, std::uint32_t number, IsSame&& is_same) {
    if (count_ * 2 >= slots_.size()) grow();
    auto i = hash & (slots_.size() - 1);
    for (; slots_[i].number != none; i = (i + 1) & (slots_.size() - 1))
      if (slots_[i].hash == hash && is_same(slots_[i].number)) return slots_[i].number;
    slots_[i] = {hash, number};
    ++count_;
    return number;
  }
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = none;
  };
  void grow() {
    std::vector<Slot> larger(slots_.size() * 2);
    for (const Slot& s : slots_) {
      if (s.number == none) continue;
      auto i = s.hash & (larger.size() - 1);
      while (larger[i].number != none) i = (i + 1) & (larger.size() - 1);
      larger[i] = s;
    }
    slots_ = std::move(larger);
  }
  std::vector<Slot> slots_ = std::vector<Slot>(1024);
  std::size_t count_ = 0;
};

}  // namespace

std::size_t TextMatch::memory_bytes() const {
  std::size_t bytes = sizeof *this + rows.memory_bytes();
  for (const auto& t : terms) bytes += sizeof t + t.text.size() + t.texts.words().size() * 8;
  return bytes;
}

void TextIndex::number_field(Field field) {
  Numbers numbers;
  const Text begin = field_begin_[field];
  std::vector<Row> first;  // that has the text
  auto& text_of = text_of_[field];
  text_of.resize(table_.size);
  const auto text_in = [&](Row row) { return table_.text(row).field[columns[field]]; };
  constexpr Row batch = 16;  // hashed together, so that the slots of all are on their way from memory
  std::array<std::string_view, batch> texts;
  std::array<std::uint64_t, batch> hashes{};
  for (Row row = 0; row < table_.size; row += batch) {
    const Row n = std::min(batch, table_.size - row);
    for (Row i = 0; i < n; ++i) {
      if (row + i + batch < table_.size) __builtin_prefetch(table_.record(row + i + batch));
      texts[i] = text_in(row + i);
      hashes[i] = std::hash<std::string_view>{}(texts[i]);
      numbers.prefetch(hashes[i]);
    }
    for (Row i = 0; i < n; ++i) {
      const auto next = static_cast<std::uint32_t>(first.size());
      const auto number = numbers.find_or_add(
          hashes[i], next, [&](std::uint32_t known) { return text_in(first[known]) == texts[i]; });
      if (number == next) first.push_back(row + i);
      text_of[row + i] = begin + number;
    }
  }
  if (field == title)
    for (const Row row : first)
      title_bytes_.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(text_in(row).size(), 255)));
  field_begin_[field + 1] = begin + static_cast<Text>(first.size());
}

void TextIndex::list_rows() {
  rows_begin_.assign(field_begin_[field_count] + 1, 0);
  for (const auto& numbers : text_of_)
    for (const Text t : numbers) ++rows_begin_[t + 1];
  std::partial_sum(rows_begin_.begin(), rows_begin_.end(), rows_begin_.begin());
  rows_.resize(std::size_t{table_.size} * field_count);
  auto at = rows_begin_;
  for (const auto& numbers : text_of_)
    for (Row row = 0; row < table_.size; ++row) rows_[at[numbers[row]]++] = row;
}

void TextIndex::number_texts() {
  for (const Field field : {title, employer, description}) number_field(field);
  list_rows();
  blocks_.resize((field_begin_[field_count] + PostingBlock::capacity - 1) / PostingBlock::capacity);
}

void TextIndex::index_texts() {
  for (;;) {
    const auto b = next_block_++;
    if (b >= blocks_.size()) return;
    const auto begin = static_cast<Text>(b * PostingBlock::capacity);
    const Text n = std::min<Text>(PostingBlock::capacity, field_begin_[field_count] - begin);
    PostingBlock::Builder builder;
    for (Text i = 0; i < n; ++i) builder.add(i, text(begin + i));
    blocks_[b] = std::move(builder).build();
  }
}

std::string_view TextIndex::text(Text number) const {
  const auto field = number < end_of(title) ? title : number < end_of(employer) ? employer : description;
  return table_.text(rows_[rows_begin_[number]]).field[columns[field]];
}

std::size_t TextIndex::memory_bytes() const {
  std::size_t bytes = rows_begin_.capacity() * 4 + rows_.capacity() * 4 + title_bytes_.capacity();
  for (const auto& numbers : text_of_) bytes += numbers.capacity() * 4;
  for (const auto& block : blocks_) bytes += block.memory_bytes();
  return bytes;
}

}  // namespace jobmap::data
