#pragma once
// Identifies a client: by its address, or where the peer is a proxy we trust, the address it names.
//
//   auto proxies = Networks::parse("10.0.0.0/8, ::1");        // nothing where it isn't a list of networks
//   auto client = client_of(peer, fields, *proxies);          // the right-most hop that isn't one of them
//
// X-Forwarded-For is looked at only where the peer itself is trusted; else whoever connects could name
// anyone.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/request.hpp"

namespace jobmap::http {

// IPv6, or IPv4 mapped into it.
using Address = std::array<std::uint8_t, 16>;

std::optional<Address> parse_address(std::string_view text);
std::string to_text(const Address& address);
// Identifies one client: an IPv4 address, or the /64 that one subscriber of IPv6 has.
std::uint64_t client_key(const Address& address);

class Networks {
 public:
  static std::optional<Networks> parse(std::string_view list);
  bool hold(const Address& address) const;
  bool empty() const { return networks_.empty(); }

 private:
  struct Network {
    Address address{};
    unsigned bits = 128;
  };
  std::vector<Network> networks_;
};

Address client_of(const Address& peer, std::span<const api::Header> fields, const Networks& proxies);

}  // namespace jobmap::http
