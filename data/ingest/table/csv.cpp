// CSV as RFC 4180 has it: a header row, fields in quotes where they need it, LF or CRLF. The file is cut into
// records once, by a scan that knows quotes; a record is cut into fields when it is read, so that rows can be
// read in any order and by several threads, and hold nothing but views.
#include <algorithm>
#include <stdexcept>

#include "data/ingest/table/row.hpp"

namespace jobmap::data {
namespace {

struct Record {
  std::uint64_t offset = 0, line = 0;
};

// The field at `at`, and where it ends: at a comma, a line end or the end of the text.
struct Field {
  std::string_view content;  // between the quotes, or all of it
  bool has_doubled_quote = false;
  const char* fault = nullptr;
  std::size_t end = 0;
};

Field scan_quoted(std::string_view text, std::size_t at) {
  Field f;
  const std::size_t first = at + 1;
  for (at = first;; ++at) {
    at = text.find('"', at);
    if (at == std::string_view::npos)
      return {text.substr(first), false, "a quoted field is not closed before the end of the file",
              text.size()};
    if (at + 1 == text.size() || text[at + 1] != '"') break;
    f.has_doubled_quote = true;
    ++at;
  }
  f.content = text.substr(first, at - first);
  f.end = text.find_first_of(",\n", at + 1);
  if (f.end == std::string_view::npos) f.end = text.size();
  const auto behind = text.substr(at + 1, f.end - at - 1);
  if (!behind.empty() && !(behind == "\r" && (f.end == text.size() || text[f.end] == '\n')))
    f.fault = "text stands behind the closing quote of a field";
  return f;
}

Field scan_field(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') return scan_quoted(text, at);
  Field f;
  f.end = at;
  while (f.end < text.size() && text[f.end] != ',' && text[f.end] != '\n') {
    if (text[f.end] == '"') f.fault = "a quote stands inside a field that doesn't begin with one";
    ++f.end;
  }
  f.content = text.substr(at, f.end - at);
  if ((f.end == text.size() || text[f.end] == '\n') && f.content.ends_with('\r')) f.content.remove_suffix(1);
  return f;
}

bool is_blank_line(std::string_view text, std::size_t at) {
  return text[at] == '\n' || text.substr(at, 2) == "\r\n";
}

class Csv final : public RowSource {
 public:
  Csv(std::string_view text, const LayerColumns& columns) : text_(text), column_count_(columns.names.size()) {
    find_records();
    if (records_.empty()) throw std::runtime_error("the file is empty: a header row is the least");
    read_header(columns);
    records_.erase(records_.begin());
  }

  std::size_t size() const override { return records_.size(); }

  void read(std::size_t index, SourceRow& row) const override {
    row.line = records_[index].line;
    row.values.assign(column_count_, {});
    row.fault.clear();
    row.geometry = nullptr;
    row.unquoted.clear();
    std::size_t n = 0;
    for_each_field(records_[index].offset, [&](const Field& f) {
      if (f.fault && row.fault.empty()) row.fault = f.fault;
      if (n < columns_.size())
        row.values[columns_[n]] = f.has_doubled_quote ? unquote(f.content, index, row) : f.content;
      ++n;
    });
    if (row.fault.empty() && n != columns_.size())
      row.fault = "has " + std::to_string(n) + " fields; the header has " + std::to_string(columns_.size());
  }

 private:
  // The position behind the record.
  template <typename Use>
  std::size_t for_each_field(std::size_t at, Use&& use) const {
    for (;; ++at) {
      const Field f = scan_field(text_, at);
      use(f);
      at = f.end;
      if (at == text_.size() || text_[at] == '\n') return std::min(at + 1, text_.size());
    }
  }

  void find_records() {
    std::uint64_t line = 1;
    for (std::size_t at = 0; at < text_.size();) {
      if (is_blank_line(text_, at)) {
        at = text_.find('\n', at) + 1;
        ++line;
        continue;
      }
      records_.push_back({at, line});
      const std::size_t end = for_each_field(at, [](const Field&) {});
      const auto record = text_.substr(at, end - at);
      line += static_cast<std::uint64_t>(std::count(record.begin(), record.end(), '\n'));
      at = end;
    }
  }

  void read_header(const LayerColumns& columns) {
    std::vector<std::string_view> names;
    for_each_field(records_[0].offset, [&](const Field& f) {
      if (f.fault) throw std::runtime_error("the header row can't be read: " + std::string(f.fault));
      const auto known = std::find(columns.names.begin(), columns.names.end(), f.content);
      if (known == columns.names.end())
        throw std::runtime_error("the column '" + std::string(f.content) +
                                 "' is not one of this layer's: " + join(columns.names));
      if (std::find(names.begin(), names.end(), f.content) != names.end())
        throw std::runtime_error("the column '" + std::string(f.content) + "' is there twice");
      names.push_back(f.content);
      columns_.push_back(static_cast<std::size_t>(known - columns.names.begin()));
    });
    for (const auto name : columns.required)
      if (std::find(names.begin(), names.end(), name) == names.end())
        throw std::runtime_error("the required column '" + std::string(name) + "' is missing");
  }

  static std::string join(const std::vector<std::string_view>& names) {
    std::string out;
    for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
  }

  // Never longer than the record, so the views into `unquoted` stay where they are.
  std::string_view unquote(std::string_view content, std::size_t index, SourceRow& row) const {
    if (row.unquoted.empty()) {
      const std::size_t end = index + 1 < records_.size() ? records_[index + 1].offset : text_.size();
      row.unquoted.reserve(end - records_[index].offset);
    }
    const std::size_t begin = row.unquoted.size();
    for (std::size_t i = 0; i < content.size(); ++i) {
      row.unquoted += content[i];
      if (content[i] == '"') ++i;
    }
    return std::string_view(row.unquoted).substr(begin);
  }

  std::string_view text_;
  std::size_t column_count_;
  std::vector<Record> records_;
  std::vector<std::size_t> columns_;  // of the layer, by column of the file
};

}  // namespace

std::unique_ptr<RowSource> open_csv(std::string_view text, const LayerColumns& columns) {
  return std::make_unique<Csv>(text, columns);
}

}  // namespace jobmap::data
