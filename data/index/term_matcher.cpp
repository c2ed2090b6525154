#include "data/index/term_matcher.hpp"

#include <algorithm>
#include <cstring>

#include "data/index/stem.hpp"
#include "data/index/terms.hpp"
#include "data/model/fold.hpp"

namespace jobmap::data {
namespace {

// Whether a dotted word holds another: at its ends or at its dots.
bool word_holds(std::string_view word, std::string_view sought, bool unfinished) {
  for (auto at = word.find(sought); at != std::string_view::npos; at = word.find(sought, at + 1)) {
    const auto end = at + sought.size();
    const bool begins = at == 0 || sought[0] == '.' || word[at - 1] == '.';
    if (begins && (unfinished || end == word.size() || word[end] == '.')) return true;
  }
  return false;
}

const char* find_bytes(std::string_view text, std::string_view sought) {
  return static_cast<const char*>(::memmem(text.data(), text.size(), sought.data(), sought.size()));
}

}  // namespace

TermMatcher::TermMatcher(std::vector<std::string> pieces, Kind kind)
    : pieces_(std::move(pieces)), kind_(kind) {
  if (pieces_.size() == 1 && kind_ != exact && has_forms(pieces_[0])) stem_ = stem(pieces_[0]);
}

bool TermMatcher::matches(std::string_view text) {
  if (pieces_.size() == 1 && !is_word(pieces_[0])) return matches_run(text);
  const auto folded = folded_for_pieces(text, buffer_);
  return pieces_.size() == 1 ? matches_word(folded) : matches_phrase(folded);
}

// Most texts are written as they are folded, and then nothing needs folding to find a run.
bool TermMatcher::matches_run(std::string_view text) {
  const std::string& run = pieces_[0];
  if (const char* at = find_bytes(text, run)) {
    const auto behind = text.substr(static_cast<std::size_t>(at - text.data()) + run.size());
    if (behind.empty() || !may_compose(behind.data())) return true;
  }
  const auto folded = folded_for_pieces(text, buffer_);
  return folded.data() != text.data() && find_bytes(folded, run) != nullptr;
}

bool TermMatcher::matches_word(std::string_view folded) const {
  for (Pieces pieces(folded); pieces.next();) {
    if (!pieces.is_word()) continue;
    if (word_holds(pieces.text(), pieces_[0], kind_ == unfinished)) return true;
    if (stem_.empty()) continue;
    for (const auto part : parts_of(pieces.text()))
      if (has_forms(part) && stem(part) == stem_) return true;
  }
  return false;
}

bool TermMatcher::matches_phrase(std::string_view folded) {
  const std::size_t n = pieces_.size();
  read_.resize(n);
  std::size_t count = 0;
  for (Pieces pieces(folded); pieces.next();) {
    read_[count++ % n] = pieces.text();
    if (count < n) continue;
    const auto agrees = [&](std::size_t i) {
      const std::string &there = read_[(count + i) % n], &sought = pieces_[i];
      if (is_word(sought) != is_word(there)) return false;
      if (is_word(sought) || (i > 0 && i + 1 < n)) return there == sought;
      return i == 0 ? there.ends_with(sought) : there.starts_with(sought);
    };
    std::size_t i = 0;
    while (i < n && agrees(i)) ++i;
    if (i == n) return true;
  }
  return false;
}

}  // namespace jobmap::data
