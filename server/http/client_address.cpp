#include "server/http/client_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace jobmap::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_v4(const Address& address) { return std::equal(mapped.begin(), mapped.end(), address.begin()); }

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80": as proxies write a hop.
std::optional<Address> parse_hop(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return end == text.npos ? std::nullopt : parse_address(text.substr(1, end - 1));
  }
  if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
  return parse_address(text);
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string name(text);
  Address address{};
  if (inet_pton(AF_INET6, name.c_str(), address.data()) == 1) return address;
  std::copy(mapped.begin(), mapped.end(), address.begin());
  if (inet_pton(AF_INET, name.c_str(), address.data() + mapped.size()) == 1) return address;
  return std::nullopt;
}

std::string to_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4(address))
    inet_ntop(AF_INET, address.data() + mapped.size(), text.data(), text.size());
  else
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

std::uint64_t client_key(const Address& address) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) key = key << 8 | address[i + (is_v4(address) ? 8 : 0)];
  return key;
}

std::optional<Networks> Networks::parse(std::string_view list) {
  Networks result;
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const auto item = trim(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    const auto slash = item.find('/');
    const auto address = parse_address(item.substr(0, slash));
    if (!address) return std::nullopt;
    Network network{*address, 128};
    if (slash != item.npos) {
      const unsigned most = is_v4(*address) ? 32 : 128;
      const auto text = item.substr(slash + 1);
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), network.bits);
      if (error != std::errc() || end != text.data() + text.size() || network.bits > most)
        return std::nullopt;
      network.bits += 128 - most;
    }
    result.networks_.push_back(network);
  }
  return result;
}

bool Networks::hold(const Address& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    for (unsigned bit = 0; bit < network.bits; bit += 8) {
      const auto mask = network.bits - bit >= 8 ? 0xffu : 0xff00u >> (network.bits - bit) & 0xffu;
      if ((address[bit / 8] ^ network.address[bit / 8]) & mask) return false;
    }
    return true;
  });
}

Address client_of(const Address& peer, std::span<const api::Header> fields, const Networks& proxies) {
  Address client = peer;
  for (auto field = fields.rbegin(); field != fields.rend() && proxies.hold(client); ++field) {
    if (field->name != "x-forwarded-for") continue;
    for (auto list = field->value; proxies.hold(client);) {
      const auto comma = list.rfind(',');
      const auto hop = parse_hop(comma == list.npos ? list : list.substr(comma + 1));
      if (!hop) return client;  // who wrote it is trusted, what it says can't be read
      client = *hop;
      if (comma == list.npos) break;
      list = list.substr(0, comma);
    }
  }
  return client;
}

}  // namespace jobmap::http
