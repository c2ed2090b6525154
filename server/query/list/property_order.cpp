#include "server/query/list/property_order.hpp"

namespace jobmap::query {

void fill_values(const data::Snapshot& s, std::span<const SortKey> keys, data::Row row, SortValues& values) {
  const JobProperties properties(s, row);
  values.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto& out = values[i];
    const auto value = properties.get(keys[i].property);
    if (std::holds_alternative<std::monostate>(value)) {
      out = std::monostate();
      continue;
    }
    if (!job_queryables()[static_cast<std::size_t>(keys[i].property)].values.empty())
      out = static_cast<double>(byte_column(*s.jobs, static_cast<JobProperty>(keys[i].property))[row]);
    else if (const auto* text = std::get_if<std::string_view>(&value)) {
      if (!std::holds_alternative<std::string>(out)) out = std::string();
      std::get<std::string>(out).assign(text->substr(0, sort_bytes));
    } else if (const auto* number = std::get_if<double>(&value)) {
      out = *number;
    } else {
      out = static_cast<double>(std::get<cql2::Span>(value).begin);
    }
  }
}

double sort_ns(std::span<const SortKey> keys) {
  constexpr double column_ns = 40, text_ns = 150;
  double ns = 0;
  for (const auto& key : keys) {
    const auto property = static_cast<JobProperty>(key.property);
    const bool is_read = property == JobProperty::id || property == JobProperty::title ||
                         property == JobProperty::employer || property == JobProperty::uscc;
    ns += is_read ? text_ns : column_ns;
  }
  return ns;
}

}  // namespace jobmap::query
