#include <gtest/gtest.h>
#include <iconv.h>

#include <random>

#include "data/ingest/table/charset.hpp"
#include "data/ingest/table/row.hpp"
#include "data/ingest/table/text_fault.hpp"
#include "tests/data/scratch.hpp"

namespace jobmap::data {
namespace {

const LayerColumns columns{{"id", "title", "note"}, {"id"}};

struct ReadRow {
  std::uint64_t line = 0;
  std::vector<std::string> values;
  std::string fault;
  bool operator==(const ReadRow&) const = default;
};

std::vector<ReadRow> read_all(std::string_view text, const LayerColumns& layer = columns) {
  const auto rows = open_csv(text, layer);
  std::vector<ReadRow> out;
  SourceRow row;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    rows->read(i, row);
    out.push_back({row.line, {row.values.begin(), row.values.end()}, row.fault});
  }
  return out;
}

TEST(Csv, ReadsQuotesCommasAndLineBreaksInFields) {
  const auto rows = read_all("id,title,note\n1,\"a, b\",\"say \"\"hi\"\"\"\n2,\"two\nlines\",\"\"\n3,x,y\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0], (ReadRow{2, {"1", "a, b", "say \"hi\""}, ""}));
  EXPECT_EQ(rows[1], (ReadRow{3, {"2", "two\nlines", ""}, ""}));
  EXPECT_EQ(rows[2], (ReadRow{5, {"3", "x", "y"}, ""}));
}

TEST(Csv, TakesColumnsInAnyOrderAndLeavesAbsentOnesEmpty) {
  EXPECT_EQ(read_all("note,id\nn,1\n")[0].values, (std::vector<std::string>{"1", "", "n"}));
}

TEST(Csv, LineEndsAndBlankLinesDontMatter) {
  const auto expected = read_all("id,title\n1,a\n2,b\n");
  EXPECT_EQ(read_all("id,title\r\n1,a\r\n2,b\r\n"), expected);
  EXPECT_EQ(read_all("id,title\n1,a\n2,b"), expected);
  EXPECT_EQ(read_all("id,title\r\n1,\"a\"\r\n2,\"b\""), expected);
  const auto spaced = read_all("id,title\n\n1,a\n\r\n2,b\n\n");
  ASSERT_EQ(spaced.size(), 2u);
  EXPECT_EQ(spaced[0].line, 3u);
  EXPECT_EQ(spaced[1].line, 5u);
}

TEST(Csv, AFaultStaysInItsRow) {
  const auto rows = read_all("id,title\n1,a\"b\n2\n3,a,b\n4,\"a\"b\n5,ok\n6,\"open\n7,swallowed\n");
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(rows[0].fault, "a quote stands inside a field that doesn't begin with one");
  EXPECT_EQ(rows[1].fault, "has 1 fields; the header has 2");
  EXPECT_EQ(rows[2].fault, "has 3 fields; the header has 2");
  EXPECT_EQ(rows[3].fault, "text stands behind the closing quote of a field");
  EXPECT_EQ(rows[4].fault, "");
  EXPECT_EQ(rows[5].fault, "a quoted field is not closed before the end of the file");
  EXPECT_EQ(rows[5].line, 7u);
}

TEST(Csv, AHeaderIsRefusedByTheNameOfTheColumn) {
  const auto words = [](std::string_view text) { return error_of([&] { open_csv(text, columns); }); };
  EXPECT_NE(words("id,sex\n").find("the column 'sex' is not one of this layer's: id, title, note"),
            std::string::npos);
  EXPECT_EQ(words("id,title,id\n"), "the column 'id' is there twice");
  EXPECT_EQ(words("title\n"), "the required column 'id' is missing");
  EXPECT_EQ(words(""), "the file is empty: a header row is the least");
  EXPECT_EQ(words("\n\n"), "the file is empty: a header row is the least");
}

std::string quote(const std::string& field) {
  std::string out = "\"";
  for (char c : field) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

TEST(Csv, WhatIsQuotedReadsBack) {
  constexpr unsigned seed = 4180;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string alphabet = "a\",\n\r;杭";
  std::string text = "id,title,note\n";
  std::vector<ReadRow> expected;
  std::uint64_t line = 2;
  for (int n = 0; n < 2000; ++n) {
    ReadRow row{line, {}, ""};
    for (int i = 0; i < 3; ++i) {
      std::string field(1 + random() % 6, ' ');
      for (auto& c : field) c = alphabet[random() % alphabet.size()];
      text += (i ? "," : "") + quote(field);
      line += static_cast<std::uint64_t>(std::count(field.begin(), field.end(), '\n'));
      row.values.push_back(field);
    }
    text += '\n';
    ++line;
    expected.push_back(row);
  }
  EXPECT_EQ(read_all(text), expected);
}

std::string from_utf8(std::string text, const char* charset) {
  const iconv_t converter = iconv_open(charset, "UTF-8");
  std::string out(text.size() * 4 + 16, '\0');
  char *in = text.data(), *to = out.data();
  std::size_t left = text.size(), room = out.size();
  EXPECT_NE(iconv(converter, &in, &left, &to, &room), static_cast<std::size_t>(-1));
  iconv_close(converter);
  out.resize(out.size() - room);
  return out;
}

TEST(Charset, AllGiveTheSameRows) {
  const std::string common = "id,title,note\n1,软件工程师,\"西湖区\n文三路\"\n2,零工,\"他说\"\"好\"\"\"\n";
  const auto expected = read_all(common);
  for (const char* charset : {"UTF-8", "GBK", "GB18030", "UTF-16LE", "UTF-16BE", "UTF-16"})
    EXPECT_EQ(read_all(to_utf8(from_utf8(common, charset), charset)), expected) << charset;
  EXPECT_EQ(read_all(to_utf8("\xEF\xBB\xBF" + common, "UTF-8")), expected);
  EXPECT_EQ(read_all(to_utf8("\xFF\xFE" + from_utf8(common, "UTF-16LE"), "UTF-16LE")), expected);
  const std::string rare = "id,title\n1,𠀀㐂\n";  // four bytes each in GB18030
  EXPECT_EQ(read_all(to_utf8(from_utf8(rare, "GB18030"), "GB18030")), read_all(rare));
}

TEST(Charset, WhatCannotBeDecodedSpoilsItsRowAlone) {
  const std::string gbk =
      from_utf8("id,title\n1,杭州\n2,", "GBK") + "\xBA" + from_utf8("\n3,好\n4,", "GBK") + "\xBA";
  const std::string text = to_utf8(gbk, "GBK");
  const auto rows = read_all(text);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_FALSE(text_fault(rows[0].values[1], Lines::one));
  EXPECT_TRUE(text_fault(rows[1].values[1], Lines::one));
  EXPECT_EQ(rows[2].values[1], "好");
  EXPECT_TRUE(text_fault(rows[3].values[1], Lines::one)) << "cut at the end of the file";
}

TEST(Charset, RefusesAnUnknownOneAndUtf16InDisguise) {
  EXPECT_NE(error_of([] { to_utf8("x", "EBCDIC-KLINGON"); }).find("'EBCDIC-KLINGON' is not known"),
            std::string::npos);
  EXPECT_NE(error_of([] { to_utf8("\xFF\xFEi", "UTF-8"); }).find("UTF-16LE"), std::string::npos);
}

TEST(Text, TakesValidTextAndNamesWhatIsWrong) {
  EXPECT_FALSE(text_fault("C++ 软件 é 𠀀 \U0001F600", Lines::one));
  EXPECT_FALSE(text_fault("a\r\n\tb", Lines::many));
  const std::string_view nul("a\0b", 3);
  EXPECT_STREQ(text_fault(nul, Lines::many), "holds a NUL character");
  EXPECT_STREQ(text_fault("a\nb", Lines::one), "holds a line break or a tab");
  for (const char* bidi : {"\u202E", "\u2066", "\u200F", "\u061C"})
    EXPECT_STREQ(text_fault(bidi, Lines::many), "holds a bidirectional control character");
  for (const char* control : {"\x1B[31m", "\x7F", "\u0085"})
    EXPECT_STREQ(text_fault(control, Lines::many), "holds a control character");
  // Overlong, a surrogate, beyond the last plane, a stray continuation, cut short.
  for (const char* bad :
       {"\xC0\x80", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE6\x9D", "\xFF"})
    EXPECT_STREQ(text_fault(bad, Lines::many),
                 "is not valid text in the charset of the file (--charset, by default UTF-8)");
  EXPECT_EQ(count_characters("a杭𠀀"), 3u);
}

}  // namespace
}  // namespace jobmap::data
