#include "data/model/shifts.hpp"

#include <array>
#include <utility>

#include "data/model/digits.hpp"
#include "data/model/split.hpp"

namespace jobmap::data {
namespace {

constexpr int minutes_a_day = 24 * 60;

// The spellings of a sign. A letter stands for a word: h for the hour, m for the minute, H for half past, n
// for the next day.
struct Spelling {
  std::string_view text;
  char sign;
};
constexpr auto spellings = std::to_array<Spelling>(
    {{"：", ':'}, {"﹕", ':'}, {"∶", ':'},  {"－", '-'},   {"﹣", '-'},   {"‐", '-'},     {"‑", '-'},
     {"–", '-'},  {"—", '-'},  {"―", '-'},  {"−", '-'},    {"─", '-'},    {"~", '-'},     {"～", '-'},
     {"〜", '-'}, {"至", '-'}, {"到", '-'}, {"；", ';'},   {"，", ';'},   {",", ';'},     {"、", ';'},
     {"点", 'h'}, {"點", 'h'}, {"时", 'h'}, {"時", 'h'},   {"分", 'm'},   {"半", 'H'},    {"整", ' '},
     {"\t", ' '}, {"　", ' '}, {" ", ' '},  {"次日", 'n'}, {"翌日", 'n'}, {"第二天", 'n'}});

// Takes what stands for one sign off the text; NUL where no shift has it.
char take_sign(std::string_view& text) {
  char sign = text[0];
  std::size_t used = 0;
  // ０ to ９ are EF BC 90 to EF BC 99.
  if (text.starts_with("\xEF\xBC") && text.size() >= 3 && text[2] >= '\x90' && text[2] <= '\x99')
    sign = static_cast<char>('0' + (text[2] - '\x90')), used = 3;
  else if (is_digit(sign) || sign == ':' || sign == '-' || sign == ';')
    used = 1;
  for (const auto& s : spellings)
    if (used == 0 && text.starts_with(s.text)) used = s.text.size(), sign = s.sign;
  text.remove_prefix(used);
  return used == 0 ? '\0' : sign;
}

// The text in ASCII signs, without blanks; empty where it has a sign that no shift has, or a blank inside a
// number.
std::string in_signs(std::string_view text) {
  std::string out;
  bool after_blank = false;
  while (!text.empty()) {
    const char sign = take_sign(text);
    if (sign == '\0' || (after_blank && is_digit(sign) && is_digit(out.back()))) return {};
    after_blank = sign == ' ' && !out.empty();
    // A dash of two characters (——) is one.
    if (sign != ' ' && !(sign == '-' && out.ends_with('-'))) out += sign;
  }
  return out;
}

// Takes one or two digits.
std::optional<int> take_digits(std::string_view& text, std::size_t least) {
  std::size_t n = 0;
  int value = 0;
  while (n < 2 && n < text.size() && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n < least) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, char sign) {
  if (text.empty() || text[0] != sign) return false;
  text.remove_prefix(1);
  return true;
}

// Takes a time of the day; minutes, 24:00 included.
std::optional<int> take_time(std::string_view& text) {
  const auto hours = take_digits(text, 1);
  std::optional<int> minutes = 0;
  if (!hours) return std::nullopt;
  if (take(text, 'h')) {
    if (take(text, 'H'))
      minutes = 30;
    else if (!text.empty() && is_digit(text[0]))
      minutes = take_digits(text, 1), take(text, 'm');
  } else if (take(text, ':')) {
    minutes = take_digits(text, 2);
    if (text.starts_with(":00")) text.remove_prefix(3);
  } else {
    return std::nullopt;
  }
  if (!minutes || *minutes > 59 || *hours * 60 + *minutes > minutes_a_day) return std::nullopt;
  return *hours * 60 + *minutes;
}

std::optional<ClockWindow> window_of(std::string_view text) {
  const auto begin = take_time(text);
  if (!begin || !take(text, '-')) return std::nullopt;
  const bool next_day = take(text, 'n');
  const auto end = take_time(text);
  if (!end || !text.empty() || *begin == minutes_a_day || *begin == *end || (next_day && *end > *begin))
    return std::nullopt;
  return ClockWindow{*begin, *end < *begin ? *end + minutes_a_day : *end};
}

// The stored form, which nearly all that is read is in; nothing where it is another.
std::optional<ClockWindow> plain_window(std::string_view text) {
  if (text.size() != 11 || text[2] != ':' || text[5] != '-' || text[8] != ':') return std::nullopt;
  for (const std::size_t i : {0, 1, 3, 4, 6, 7, 9, 10})
    if (!is_digit(text[i])) return std::nullopt;
  return window_of(text);
}

}  // namespace

std::optional<ClockWindow> parse_window(std::string_view text) {
  if (const auto window = plain_window(text)) return window;
  const std::string signs = in_signs(text);
  return window_of(signs);
}

std::string to_text(ClockWindow window) {
  std::string text = "00:00-00:00";
  const auto put = [&](std::size_t at, int minutes) {
    put_pair(&text[at], static_cast<unsigned>(minutes / 60));
    put_pair(&text[at + 3], static_cast<unsigned>(minutes % 60));
  };
  put(0, window.begin), put(6, window.end > minutes_a_day ? window.end - minutes_a_day : window.end);
  return text;
}

std::optional<std::string> read_shifts(std::string_view text) {
  const std::string signs = in_signs(text);
  std::string stored;
  for (const auto part : split(signs, ';')) {
    const auto window = window_of(part);
    if (!window) return std::nullopt;
    if (!stored.empty()) stored += ';';
    stored += to_text(*window);
  }
  return stored;
}

}  // namespace jobmap::data
