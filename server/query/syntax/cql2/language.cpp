#include "server/query/syntax/cql2/language.hpp"

#include <algorithm>

#include "server/query/syntax/cql2/json.hpp"

namespace jobmap::query::cql2 {

Result<Expression> parse_as(const std::optional<std::string>& language, std::string_view text,
                            const Options& options) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (language && *language == "cql2-json" && !text.starts_with('{') && text != "true" && text != "false")
    return Error{Code::bad_request, "the filter is not JSON", "filter-lang", *language,
                 R"(cql2-text, or a filter that begins with {)"};
  if (language ? *language == "cql2-json" : text.starts_with('{')) return parse_json(text, options);
  if (!language || *language == "cql2-text") return parse(text, options);
  if (*language == "cql-text") {
    Options draft = options;
    draft.dialect = Dialect::draft;
    return parse(text, draft);
  }
  return Error{Code::bad_request, "unsupported filter language", "filter-lang", *language,
               "cql2-text, cql2-json"};
}

}  // namespace jobmap::query::cql2
