#pragma once
// Words of `q` that some job's texts hold, and what makes them a match, said in SQL by the rules of
// data/index/terms.hpp: a run of characters by instr, a word by GLOB patterns that know where a word begins and
// ends, its forms and synonyms by OR, a phrase by instr in the pieces of the text. SQL looks at texts that
// ICU itself has folded, not the table of the index.
//
//   prepare_words(db);                              // once: the folded texts, in a table of the connection
//   const Words words = some_words(snapshot, random);
//   words.q;                                        // "工程师 -c++", not yet percent-encoded
//   words.condition;                                // "EXISTS (... instr(f.title, '工程师') > 0 ...) AND ..."
//   words.score;                                    // as sort=relevance counts
#include <random>
#include <string>

#include "data/index/snapshot.hpp"
#include "data/store/sqlite.hpp"

namespace jobmap::tools {

struct Words {
  std::string q;  // empty where the texts that were picked have no words
  std::string condition, score;
};

void prepare_words(data::Database& db);
Words some_words(const data::Snapshot& snapshot, std::mt19937& random);

// A text as a literal of SQL, and of CQL2.
std::string literal(std::string_view text);

}  // namespace jobmap::tools
