#pragma once
// The head of a request, from bytes to names: start line and fields, by Beast's tokenizer (its only home).
// What the head means, and whether it is let in, frame() decides.
//
//   std::vector<api::Header> fields;
//   auto parsed = parse_head(bytes, fields);      // bytes: from a request's first one on
//   if (parsed.state == HeadState::complete) frame(parsed.head, limits);
//
// It begins anew each time, so the buffer may move between two tries; a head that comes in one piece, as
// nearly all do, is read once. Field names are made lower case in place, and all views are into `bytes`. A
// body is never seen.
#include <cstddef>
#include <span>
#include <vector>

#include "server/http/framing.hpp"

namespace jobmap::http {

enum class HeadState { need_more, complete, refused };

struct ParsedHead {
  HeadState state = HeadState::need_more;
  Head head;                 // of a complete one; fields are those of the caller's vector
  std::size_t consumed = 0;  // bytes of the head
  Refusal refusal;           // of a refused one
};

ParsedHead parse_head(std::span<char> bytes, std::vector<api::Header>& fields);

}  // namespace jobmap::http
