#pragma once
// The words of a search: q=.
//
//   read_terms(reader, "q", TermSyntax::search);        // data/index/search_terms.hpp spells them
#include <string>
#include <string_view>
#include <vector>

#include "server/query/syntax/reader.hpp"

namespace jobmap::query {

// Terms to search for, of at most 200 bytes; none where the parameter is absent or refused. What is still
// being typed is plain: quotes and a minus only separate.
enum class TermSyntax { search, plain };
std::vector<std::string> read_terms(Reader& reader, std::string_view name, TermSyntax syntax);

}  // namespace jobmap::query
