#pragma once
// The fields of one row as values. The first thing that is wrong sticks: later reads return nothing, and
// reason() says which column, what stands there and what may.
//
//   Fields f(row, columns);
//   std::string_view title = f.text(title_column, 200);
//   auto months = f.integer(months_column, 3, 12);         // nothing where the field is empty
//   if (f.failed()) refuse(row.line, f.reason());
//
// Columns are indices into the layer's names. A read of an empty field is not an error, except for
// required().
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/ingest/table/row.hpp"
#include "data/ingest/table/text_fault.hpp"
#include "data/model/fold.hpp"
#include "data/model/time_zone.hpp"

namespace jobmap::data {

// The longest text that a snapshot has room for.
inline constexpr std::size_t max_text_bytes = 65'535;

class Fields {
 public:
  Fields(const SourceRow& row, const LayerColumns& columns);

  bool has(std::size_t column) const { return !row_.values[column].empty(); }
  void require(std::size_t column);
  // Valid, without controls, of at most `limit` characters and max_text_bytes.
  std::string_view text(std::size_t column, std::size_t limit, Lines lines = Lines::one);
  std::optional<std::int32_t> integer(std::size_t column, std::int32_t min, std::int32_t max);
  // A plain decimal of yuan with at most two places, in fen.
  std::optional<std::int32_t> fen(std::size_t column);
  std::optional<double> number(std::size_t column);
  // RFC 3339, or a date, which is a day of local time: its beginning or its end.
  enum class Day { begin, end };
  std::optional<std::int64_t> time(std::size_t column, const TimeZone& zone, Day day);
  // parse(text) gives an optional; `allowed` says what it takes.
  template <typename Parse>
  auto one_of(std::size_t column, Parse&& parse, std::string_view allowed)
      -> decltype(parse(std::string_view())) {
    if (failed() || !has(column)) return {};
    auto value = parse(row_.values[column]);
    if (!value) value = parse(std::string_view(fold(row_.values[column])));  // Full_Time, ｇｉｇ
    if (!value) fail(column, "must be " + std::string(allowed));
    return value;
  }

  // "pay_min '9x': must be ...". Keeps the first reason.
  void fail(std::size_t column, const std::string& what);
  void fail(std::string reason);
  bool failed() const { return !reason_.empty(); }
  const std::string& reason() const { return reason_; }
  std::string_view raw(std::size_t column) const { return row_.values[column]; }

 private:
  const SourceRow& row_;
  const LayerColumns& columns_;
  std::string reason_;
};

}  // namespace jobmap::data
