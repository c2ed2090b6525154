#include "data/model/unicode.hpp"

#include <unicode/casemap.h>
#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/stringoptions.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "data/model/characters.hpp"
#include "data/model/line_joins.hpp"

namespace jobmap::data {
namespace {

using icu::UnicodeString;

void check(UErrorCode code, const char* what) {
  if (U_FAILURE(code)) throw std::runtime_error(std::string("ICU has no ") + what + ": " + u_errorName(code));
}

std::string to_utf8(const UnicodeString& text) {
  std::string out;
  return text.toUTF8String(out);
}

// Normal forms sort combining marks by insertion, which is quadratic in their number. No word has as many in
// a row as this, the most that the Stream-Safe Text Format keeps (UAX 15, 13); the rest are dropped.
UnicodeString with_few_marks(const UnicodeString& text) {
  constexpr int most = 30;
  UnicodeString kept;
  int run = 0;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    run = u_getCombiningClass(c) ? run + 1 : 0;
    if (run <= most) kept.append(c);
  }
  return kept;
}

UnicodeString from_utf8(std::string_view utf8) {
  return with_few_marks(UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())}));
}

UnicodeString normalised(const icu::Normalizer2* form, const UnicodeString& text) {
  UErrorCode code = U_ZERO_ERROR;
  auto out = form->normalize(text, code);
  check(code, "normal form of a text");
  return out;
}

const icu::Normalizer2* form(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode code = U_ZERO_ERROR;
  const auto* found = get(code);
  check(code, "normal forms");
  return found;
}
const icu::Normalizer2* nfc() { return form(icu::Normalizer2::getNFCInstance); }
const icu::Normalizer2* nfd() { return form(icu::Normalizer2::getNFDInstance); }
const icu::Normalizer2* nfkc_cf() { return form(icu::Normalizer2::getNFKCCasefoldInstance); }

// Marks that vary a letter without making another word. Dakuten do make one, though Unicode gives them to no
// script.
bool is_variation(UChar32 c) {
  if (u_charType(c) != U_NON_SPACING_MARK || c == 0x3099 || c == 0x309A) return false;
  UErrorCode code = U_ZERO_ERROR;
  const auto script = uscript_getScript(c, &code);
  return script == USCRIPT_INHERITED || script == USCRIPT_HEBREW || script == USCRIPT_ARABIC;
}

UnicodeString without_marks(const UnicodeString& text) {
  const UnicodeString apart = normalised(nfd(), text);
  UnicodeString kept;
  for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1))
    if (const UChar32 c = apart.char32At(i); !is_variation(c)) kept.append(c);
  return normalised(nfc(), kept);
}

bool is_latin(UChar32 c) {
  UErrorCode code = U_ZERO_ERROR;
  return c >= 0x80 && uscript_getScript(c, &code) == USCRIPT_LATIN;
}

bool is_han(UChar32 c) {
  UErrorCode code = U_ZERO_ERROR;
  return uscript_getScript(c, &code) == USCRIPT_HAN;
}

std::unique_ptr<icu::Transliterator> transliterator(const char* id) {
  UErrorCode code = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(id, UTRANS_FORWARD, code));
  check(code, id);
  return made;
}

// Characters that part words, once compatibility forms of ASCII are out of the way.
bool parts_words(UChar32 c) {
  const auto mask = U_GET_GC_MASK(c);
  return c >= 0x80 && (mask & (U_GC_P_MASK | U_GC_Z_MASK | U_GC_SC_MASK | U_GC_CC_MASK | U_GC_ME_MASK)) != 0;
}

// Blanks may stand round a line break that is only wrapped; other signs may not.
char16_t sign_of(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_Z_MASK) != 0 ? u' ' : u','; }

// Told by bytes, since nearly no text has any: those of ideographs, kana and of Chinese punctuation have
// none.
bool has_case_beyond_ascii(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto b = byte(i);
    if (b < 0xC0 || (b >= 0xE3 && b <= 0xE9)) continue;
    if (b == 0xC2 && byte(i + 1) != 0xB5) continue;  // but µ
    if (b == 0xE2 && byte(i + 1) == 0x80) continue;  // “ ” … —
    if (b == 0xEF && byte(i + 1) == 0xBC && (byte(i + 2) < 0xA1 || byte(i + 2) > 0xBA)) continue;  // ，（
    return true;
  }
  return false;
}

bool is_line_break(UChar32 c) { return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029; }

// Signs that NFKC would glue to their neighbours though they stand by themselves: ① before a word, ½ behind a
// number, ℃.
bool stands_alone(UChar32 c) {
  const auto type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);
  const auto category = u_charType(c);
  return type == U_DT_CIRCLE || type == U_DT_FRACTION ||
         (type == U_DT_COMPAT && !is_han(c) && (category == U_OTHER_NUMBER || category == U_OTHER_SYMBOL));
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string out;
  if (!has_case_beyond_ascii(text)) {
    out = text;
    for (char& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
  }
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode code = U_ZERO_ERROR;
  icu::CaseMap::utf8Fold(U_FOLD_CASE_DEFAULT, {text.data(), static_cast<std::int32_t>(text.size())}, sink,
                         nullptr, code);
  check(code, "case folding of a text");
  return out;
}

// Whether valid UTF-8 is ASCII, ideographs, and the signs of Chinese and full width, none of which has an accent.
bool has_no_accents(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto lead = byte(i);
    if (lead < 0xC0 || (lead >= 0xE4 && lead <= 0xE9)) continue;
    const bool is_sign = lead == 0xE3 && byte(i + 1) == 0x80 && byte(i + 2) < 0xAA;  // before U+302A
    const bool is_wide = lead == 0xEF && byte(i + 1) == 0xBC;                        // U+FF00 to U+FF3F
    if (!is_sign && !is_wide) return false;
  }
  return true;
}

std::string without_accents(std::string_view text) {
  if (has_no_accents(text)) return std::string(text);
  return to_utf8(without_marks(from_utf8(text)));
}

std::string nfkc_casefold(std::string_view text) { return to_utf8(normalised(nfkc_cf(), from_utf8(text))); }

struct FoldRules::Impl {
  std::unique_ptr<icu::Transliterator> to_ascii = transliterator("Latin-ASCII");
  std::unordered_map<UChar32, UnicodeString> ideographs;  // those that become others
  mutable std::unordered_map<char32_t, std::u32string> known;

  Impl() {
    find_simplified();
    find_radicals();
  }

  // All ideographs at once, each by itself between two spaces: the rules look at no neighbours then.
  void find_simplified() {
    UnicodeString all;
    for (UChar32 c = 0x3400; c < 0x32000; ++c)
      if (is_han(c)) all.append(c).append(u' ');
    UnicodeString simplified = all;
    transliterator("Traditional-Simplified")->transliterate(simplified);
    for (std::int32_t from = 0, to = 0; from < all.length();) {
      const auto from_end = all.indexOf(u' ', from), to_end = simplified.indexOf(u' ', to);
      if (to_end < 0) throw std::runtime_error("ICU joins ideographs that stand apart");
      const UnicodeString became(simplified, to, to_end - to);
      if (became != UnicodeString(all, from, from_end - from)) ideographs[all.char32At(from)] = became;
      from = from_end + 1;
      to = to_end + 1;
    }
  }

  // The supplement of radicals has no compatibility mappings, but the root collation holds each for a variant
  // of its ideograph.
  void find_radicals() {
    UErrorCode code = U_ZERO_ERROR;
    const std::unique_ptr<icu::Collator> collator(
        icu::Collator::createInstance(icu::Locale::getRoot(), code));
    check(code, "root collation");
    collator->setStrength(icu::Collator::PRIMARY);
    const auto key = [&](UChar32 c) {
      std::uint8_t bytes[32];
      const auto n = collator->getSortKey(UnicodeString(c), bytes, sizeof bytes);
      return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n));
    };
    std::unordered_map<std::string, UChar32> ideograph_of;
    for (UChar32 c = 0x3400; c < 0xA000; ++c)
      if (is_han(c)) ideograph_of.emplace(key(c), c);
    for (UChar32 c = 0x2E80; c < 0x2F00; ++c)
      if (const auto it = ideograph_of.find(key(c)); u_isdefined(c) && it != ideograph_of.end())
        ideographs[c] = UnicodeString(it->second);
  }

  // The character in ASCII; empty if it has no such form.
  UnicodeString ascii_of(UChar32 c) const {
    UnicodeString text(c);
    to_ascii->transliterate(text);
    text.foldCase();
    for (std::int32_t i = 0; i < text.length(); ++i)
      if (!u_isalnum(text[i]) || text[i] >= 0x80) return {};
    return text;
  }

  UnicodeString fold_once(const UnicodeString& given) const {
    const UnicodeString text = without_marks(normalised(nfkc_cf(), given));
    UnicodeString out;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
      const UChar32 c = text.char32At(i);
      if (const auto it = ideographs.find(c); it != ideographs.end())
        out += it->second;
      else if (is_latin(c) && !ascii_of(c).isEmpty())
        out += ascii_of(c);
      else if (parts_words(c))
        out += sign_of(c);
      else
        out += c;
    }
    return out;
  }

  UnicodeString fold_fully(UChar32 c) const {
    if (is_line_break(c)) return UnicodeString(u'\n');
    if (u_charType(c) == U_OTHER_SYMBOL && u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_SUPER)
      return UnicodeString(u',');  // ™
    UnicodeString now(c);
    if (parts_words(c)) {  // a form of an ASCII sign, or a space: … would be dots, and dots belong to words
      now = normalised(nfkc_cf(), now);
      return now.length() == 1 && now[0] < 0x80 ? now : UnicodeString(sign_of(c));
    }
    // The rules of ideographs turn 苧 and 苎 into each other; the lesser stands for such a ring.
    std::vector<UnicodeString> steps;
    auto again = steps.end();
    for (; again == steps.end(); again = std::find(steps.begin(), steps.end(), now))
      steps.push_back(now), now = fold_once(now);
    now = *std::min_element(again, steps.end());
    if (stands_alone(c)) now = UnicodeString(u' ') + now + UnicodeString(u' ');
    return now;
  }
};

FoldRules::FoldRules() : impl_(std::make_unique<Impl>()) {}
FoldRules::~FoldRules() = default;

bool FoldRules::is_assigned(char32_t code) {
  const auto c = static_cast<UChar32>(code);
  return u_isdefined(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool FoldRules::composes(char32_t code) {
  const auto c = static_cast<UChar32>(code);
  if (is_variation(c)) return false;
  return u_getCombiningClass(c) != 0 || u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) == UNORM_MAYBE;
}

std::u32string FoldRules::fold(char32_t code) const {
  const auto [it, is_new] = impl_->known.try_emplace(code);
  if (is_new) {
    const auto text = impl_->fold_fully(static_cast<UChar32>(code));
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
      it->second += static_cast<char32_t>(text.char32At(i));
  }
  return it->second;
}

std::string FoldRules::fold(std::string_view text) const {
  const UnicodeString given = from_utf8(text);
  // Signs that aren't to be glued, and punctuation, come before NFKC sees them; then the rest together.
  UnicodeString kept;
  for (std::int32_t i = 0; i < given.length(); i = given.moveIndex32(i, 1)) {
    const UChar32 c = given.char32At(i);
    if (c == '\r' && given.char32At(i + 1) == '\n') continue;
    if (stands_alone(c) || parts_words(c) || is_line_break(c) || u_charType(c) == U_OTHER_SYMBOL)
      for (const char32_t f : fold(static_cast<char32_t>(c))) kept.append(static_cast<UChar32>(f));
    else
      kept.append(c);
  }
  kept = normalised(nfkc_cf(), kept);
  std::string out;
  for (std::int32_t i = 0; i < kept.length(); i = kept.moveIndex32(i, 1))
    for (const char32_t f : fold(static_cast<char32_t>(kept.char32At(i)))) append_utf8(out, f);
  out = nfkc_casefold(out);  // what stood round a mark may compose
  join_lines(out);
  return out;
}

}  // namespace jobmap::data
