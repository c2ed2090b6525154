#include "data/index/text_index.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "data/index/snapshot.hpp"
#include "data/model/fold.hpp"

namespace jobmap::data {
namespace {

constexpr JobText::Field columns[] = {JobText::title, JobText::employer, JobText::description,
                                      JobText::address};

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
  // The text that find_or_add() will most likely compare with; none where that is not to be told at a glance.
  std::uint32_t guess(std::uint64_t hash) const {
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    return slot.hash == hash ? slot.number : none;
  }

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
  for (const auto& t : terms)
    bytes += sizeof t + t.texts.memory_bytes() + t.as_written.memory_bytes() + t.in_address.memory_bytes();
  return bytes;
}

TextIndex::Column::Column(std::vector<Text>&& numbers, Text texts) {
  if (texts <= 1u << 16)
    narrow_.assign(numbers.begin(), numbers.end());
  else
    wide_ = std::move(numbers);
}

void TextIndex::list_rows(const std::array<std::vector<Text>, field_count>& numbers) {
  rows_begin_.assign(field_begin_[field_count] + 1, 0);
  for (unsigned f = 0; f < field_count; ++f)
    for (const Text t : numbers[f]) ++rows_begin_[field_begin_[f] + t + 1];
  std::partial_sum(rows_begin_.begin(), rows_begin_.end(), rows_begin_.begin());
  rows_.resize(std::size_t{table_.size} * field_count);
  auto at = rows_begin_;
  for (unsigned f = 0; f < field_count; ++f)
    for (Row row = 0; row < table_.size; ++row) rows_[at[field_begin_[f] + numbers[f][row]]++] = row;
}

// A row's texts lie side by side, so all fields of a row are numbered at once. What a text is compared with
// lies anywhere: in batches, first the slots of all are on their way from memory, then the texts that those
// name.
void TextIndex::number_texts() {
  std::array<Numbers, field_count> known;
  std::array<std::vector<std::string_view>, field_count> distinct;
  std::array<std::vector<Text>, field_count> numbers;
  for (auto& of_field : numbers) of_field.resize(table_.size);
  constexpr Row batch = 16;
  std::array<std::array<std::string_view, batch>, field_count> texts;
  std::array<std::array<std::uint64_t, batch>, field_count> hashes{};
  for (Row row = 0; row < table_.size; row += batch) {
    const Row n = std::min(batch, table_.size - row);
    for (Row i = 0; i < n; ++i) {
      if (row + i + batch < table_.size) __builtin_prefetch(table_.record(row + i + batch));
      const auto text = table_.text(row + i);
      for (unsigned f = 0; f < field_count; ++f) {
        texts[f][i] = text.field[columns[f]];
        hashes[f][i] = std::hash<std::string_view>{}(texts[f][i]);
        known[f].prefetch(hashes[f][i]);
      }
    }
    for (unsigned f = 0; f < field_count; ++f) {
      for (Row i = 0; i < n; ++i)
        if (const auto guess = known[f].guess(hashes[f][i]); guess != Numbers::none)
          __builtin_prefetch(distinct[f][guess].data());
      for (Row i = 0; i < n; ++i) {
        const auto next = static_cast<Text>(distinct[f].size());
        const auto number = known[f].find_or_add(
            hashes[f][i], next, [&](Text earlier) { return distinct[f][earlier] == texts[f][i]; });
        if (number == next) distinct[f].push_back(texts[f][i]);
        numbers[f][row + i] = number;
      }
    }
  }
  for (unsigned f = 0; f < field_count; ++f)
    field_begin_[f + 1] = field_begin_[f] + static_cast<Text>(distinct[f].size());
  for (const auto text : distinct[title])
    title_bytes_.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(fold(text).size(), 255)));
  list_rows(numbers);
  for (unsigned f = 0; f < numbered_fields; ++f)
    text_of_[f] = Column(std::move(numbers[f]), static_cast<Text>(distinct[f].size()));
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
  const auto field = number < end_of(title)         ? title
                     : number < end_of(employer)    ? employer
                     : number < end_of(description) ? description
                                                    : address;
  return table_.text(rows_[rows_begin_[number]]).field[columns[field]];
}

std::size_t TextIndex::memory_bytes() const {
  std::size_t bytes = rows_begin_.capacity() * 4 + rows_.capacity() * 4 + title_bytes_.capacity();
  for (const auto& numbers : text_of_) bytes += numbers.memory_bytes();
  for (const auto& block : blocks_) bytes += block.memory_bytes();
  return bytes;
}

}  // namespace jobmap::data
