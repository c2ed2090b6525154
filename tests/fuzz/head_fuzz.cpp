// The bytes of a request's head through tokenizer and gate.
#include <cstdlib>
#include <string>

#include "server/http/head_parser.hpp"

using namespace jobmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  std::vector<api::Header> fields;
  const auto parsed = http::parse_head(bytes, fields);
  if (parsed.state != http::HeadState::complete) return 0;
  if (parsed.consumed > bytes.size()) std::abort();
  const auto framed = http::frame(parsed.head, {});
  const auto* framing = std::get_if<http::Framing>(&framed);
  // A request that is let in has no second reading: no Transfer-Encoding, one Host, at most one length.
  if (!framing) return 0;
  int hosts = 0, lengths = 0;
  for (const auto& f : fields) {
    if (f.name == "transfer-encoding") std::abort();
    hosts += f.name == "host", lengths += f.name == "content-length";
  }
  if (hosts > 1 || lengths > 1 || (hosts == 0 && parsed.head.minor_version == 1)) std::abort();
  return 0;
}
