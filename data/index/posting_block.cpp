#include "data/index/posting_block.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "data/index/stem.hpp"
#include "data/index/terms.hpp"
#include "data/model/fold.hpp"

namespace jobmap::data {
namespace {

constexpr unsigned character_bits = 21;
constexpr std::uint64_t part_flag = 1ull << 63;

constexpr std::uint64_t pair_of(char32_t first, char32_t second) {
  return std::uint64_t{first} << character_bits | second;
}

std::size_t slot_of(std::uint64_t pair, std::size_t slots) {
  return static_cast<std::size_t>((pair * 0x9E3779B97F4A7C15) >> 32) & (slots - 1);
}

void put_number(std::vector<std::uint8_t>& out, std::uint32_t v) {
  for (; v >= 128; v >>= 7) out.push_back(static_cast<std::uint8_t>(v | 128));
  out.push_back(static_cast<std::uint8_t>(v));
}

std::uint32_t take_number(const std::uint8_t*& p) {
  std::uint32_t v = *p & 127;
  for (unsigned shift = 7; *p++ & 128; shift += 7) v |= static_cast<std::uint32_t>(*p & 127) << shift;
  return v;
}

}  // namespace

// A list begins with its length, doubled, and one more where a bitmap follows.
std::size_t PostingBlock::add_list(std::uint32_t at, std::uint64_t* into) const {
  const std::uint8_t* p = lists_.data() + at;
  const std::uint32_t head = take_number(p);
  if (!into) return head / 2;
  if (head & 1) {
    for (std::size_t w = 0; w < words; ++w) {
      std::uint64_t word;
      std::memcpy(&word, p + w * sizeof word, sizeof word);
      into[w] |= word;
    }
  } else {
    std::uint32_t text = 0;
    for (std::uint32_t i = 0; i < head / 2; ++i) {
      text += take_number(p);
      into[text / 64] |= 1ull << (text % 64);
    }
  }
  return head / 2;
}

std::uint32_t PostingBlock::append_list(const std::uint32_t* begin, const std::uint32_t* end) {
  const auto at = static_cast<std::uint32_t>(lists_.size());
  std::uint32_t count = 0;
  for (const auto* p = begin; p < end; ++p) count += p == begin || p[0] != p[-1];
  put_number(lists_, count * 2);
  const std::size_t gaps = lists_.size();
  std::uint32_t last = 0;
  for (const auto* p = begin; p < end; ++p) {
    if (p != begin && *p == last) continue;
    put_number(lists_, *p - last);
    last = *p;
  }
  if (lists_.size() - gaps <= capacity / 8) return at;
  lists_.resize(at);
  put_number(lists_, count * 2 + 1);
  const std::size_t bits = lists_.size();
  lists_.resize(bits + capacity / 8);
  for (const auto* p = begin; p < end; ++p)
    lists_[bits + *p / 8] = static_cast<std::uint8_t>(lists_[bits + *p / 8] | 1u << (*p % 8));
  return at;
}

std::size_t PostingBlock::add_pair(char32_t first, char32_t second, std::uint64_t* into) const {
  const auto it = std::lower_bound(pairs_.begin(), pairs_.end(), pair_of(first, second));
  if (it == pairs_.end() || *it != pair_of(first, second)) return 0;
  return add_list(pair_list_[static_cast<std::size_t>(it - pairs_.begin())], into);
}

std::size_t PostingBlock::add_character(char32_t c, std::uint64_t* into) const {
  std::size_t read = 0;
  for (auto it = std::lower_bound(pairs_.begin(), pairs_.end(), pair_of(c, 0));
       it != pairs_.end() && *it < pair_of(c + 1, 0); ++it)
    read += add_list(pair_list_[static_cast<std::size_t>(it - pairs_.begin())], into);
  return read;
}

std::size_t PostingBlock::first_part_from(std::string_view text) const {
  std::size_t low = 0, high = part_list_.size();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (part(middle) < text)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

std::size_t PostingBlock::add_part(std::string_view text, std::uint64_t* into) const {
  const auto i = first_part_from(text);
  return i < part_list_.size() && part(i) == text ? add_list(part_list_[i], into) : 0;
}

std::size_t PostingBlock::add_parts_beginning(std::string_view prefix, std::uint64_t* into) const {
  std::size_t read = 0;
  for (auto i = first_part_from(prefix); i < part_list_.size() && part(i).starts_with(prefix); ++i)
    read += add_list(part_list_[i], into);
  return read;
}

std::size_t PostingBlock::add_forms_of(std::string_view text, std::uint64_t* into) const {
  if (!has_forms(text)) return add_part(text, into);
  const std::string stem_of_all = stem(text);
  std::string_view shared = stem_of_all;  // by all forms: a y at the end may be ie elsewhere
  if (shared.ends_with('y')) shared.remove_suffix(1);
  std::size_t read = 0;
  for (auto i = first_part_from(shared); i < part_list_.size() && part(i).starts_with(shared); ++i)
    if (has_forms(part(i)) && stem(part(i)) == stem_of_all) read += add_list(part_list_[i], into);
  return read;
}

std::size_t PostingBlock::memory_bytes() const {
  return pairs_.capacity() * sizeof pairs_[0] + pair_list_.capacity() * 4 + part_text_.capacity() +
         (part_at_.capacity() + part_list_.capacity()) * 4 + lists_.capacity();
}

PostingBlock::Builder::Builder() : slots_(1u << 14), ends_(capacity) {}

void PostingBlock::Builder::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  for (const Slot& s : slots_) {
    if (!s.pair) continue;
    auto i = slot_of(s.pair, larger.size());
    while (larger[i].pair) i = (i + 1) & (larger.size() - 1);
    larger[i] = s;
  }
  slots_ = std::move(larger);
}

std::uint32_t PostingBlock::Builder::number_of_pair(std::uint64_t pair) {
  auto i = slot_of(pair, slots_.size());
  for (; slots_[i].pair; i = (i + 1) & (slots_.size() - 1))
    if (slots_[i].pair == pair) return slots_[i].number;
  const auto number = static_cast<std::uint32_t>(pairs_.size());
  slots_[i] = {pair, number};
  pairs_.push_back(pair);
  if (pairs_.size() * 2 > slots_.size()) grow();
  return number;
}

void PostingBlock::Builder::add_run(std::string_view run) {
  char32_t before = 0;
  for (const char* p = run.data(); p < run.data() + run.size();) {
    const auto c = folded_character(p);
    if (before) entries_.push_back(number_of_pair(pair_of(before, c.code)));
    before = c.code, p += c.bytes;
  }
  entries_.push_back(number_of_pair(pair_of(before, run_end)));
}

void PostingBlock::Builder::add(std::uint32_t text, std::string_view content) {
  for (Pieces pieces(folded_for_pieces(content, folded_)); pieces.next();) {
    if (!pieces.is_word()) {
      add_run(pieces.text());
      continue;
    }
    for (const auto part : parts_of(pieces.text())) {
      const auto [it, is_new] =
          parts_.try_emplace(std::string(part), static_cast<std::uint32_t>(pairs_.size()));
      if (is_new) pairs_.push_back(part_flag);
      entries_.push_back(it->second);
    }
  }
  ends_[text] = entries_.size();
  texts_ = text + 1;
}

PostingBlock PostingBlock::Builder::build() && {
  // The texts of each number, ascending: a counting sort of the entries.
  std::vector<std::uint32_t> begin(pairs_.size() + 1), texts(entries_.size());
  for (const auto number : entries_) ++begin[number + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  auto at = begin;
  std::size_t e = 0;
  for (std::uint32_t text = 0; text < texts_; ++text)
    for (; e < ends_[text]; ++e) texts[at[entries_[e]]++] = text;

  PostingBlock block;
  const auto append = [&](std::uint32_t number) {
    return block.append_list(texts.data() + begin[number], texts.data() + begin[number + 1]);
  };
  std::vector<std::uint32_t> order;
  for (std::uint32_t number = 0; number < pairs_.size(); ++number)
    if (pairs_[number] != part_flag) order.push_back(number);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return pairs_[a] < pairs_[b]; });
  for (const auto number : order) {
    block.pairs_.push_back(pairs_[number]);
    block.pair_list_.push_back(append(number));
  }
  std::vector<std::pair<std::string_view, std::uint32_t>> parts(parts_.begin(), parts_.end());
  std::sort(parts.begin(), parts.end());
  for (const auto& [text, number] : parts) {
    block.part_text_ += text;
    block.part_at_.push_back(static_cast<std::uint32_t>(block.part_text_.size()));
    block.part_list_.push_back(append(number));
  }
  block.lists_.shrink_to_fit(), block.pairs_.shrink_to_fit(), block.pair_list_.shrink_to_fit();
  return block;
}

}  // namespace jobmap::data
