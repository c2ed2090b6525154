#pragma once
// The limits on what one client may ask, and for how long. Every number is a setting; the defaults are here.
//
//   Limits limits;                       // a request line + header of at most limits.head_bytes()
//   limits.header_timeout = 200ms;       // a test shortens it
//
// The longest legal target is a list of every station of a large city by id, or a long filter: 8 KiB holds
// both. The buffer is derived from it, so a target at the limit with fields at the limit still fits (a parser
// with one limit for all would refuse such a request line).
#include <chrono>
#include <cstddef>

namespace jobmap::http {

using Duration = std::chrono::milliseconds;

struct Limits {
  std::size_t target_bytes = 8192;   // above: 414
  std::size_t fields_bytes = 8192;   // header fields with their line ends; above: 431
  std::size_t field_count = 100;     // above: 431
  std::size_t body_bytes = 4 << 20;  // above: 413
  // The last answer says Connection: close, so long-lived clients spread over the I/O threads anew. Under wrk
  // a reconnect every 10,000 requests drowns in the noise; one every 1,000, as nginx has it, costs 5 %.
  std::size_t requests_per_connection = 10'000;

  Duration header_timeout{
      10'000};  // from a request's first byte (of a connection's first: from accept) to its last
  Duration idle_timeout{15'000};   // between two requests
  Duration body_timeout{60'000};   // a whole body
  Duration linger_timeout{2'000};  // for the other side to close after our last byte
  // Bodies in and answers out: a transfer may stand still for this long ...
  Duration transfer_grace{10'000};
  // ... and must on average reach this rate beyond it.
  std::size_t transfer_bytes_per_s = 1024;

  static constexpr std::size_t request_line_extra = 64;  // method, two spaces, version, line end
  std::size_t head_bytes() const { return target_bytes + request_line_extra + fields_bytes; }
};

}  // namespace jobmap::http
