#pragma once
// Writes what a synthetic posting offers and asks: category, pay, hours, requirements and their text.
//
//   write_terms(random, trade, place.kind, posting);   // from a trade of data/ingest/sample/vocabulary.hpp
//   write_description(random, trade, posting);         // 200 to 300 bytes; after the terms, which it repeats
#include "data/ingest/sample/random.hpp"
#include "data/ingest/sample/vocabulary.hpp"

namespace jobmap::data::sample {

void write_terms(Random& random, const Trade& trade, Kind kind, Posting& out);
void write_description(Random& random, const Trade& trade, Posting& out);

}  // namespace jobmap::data::sample
