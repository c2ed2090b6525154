#include "server/api/own_address.hpp"

#include <algorithm>
#include <charconv>

namespace jobmap::api {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The host without its port; the colons in the brackets of an IPv6 address stay.
std::string_view host_of(std::string_view authority) {
  const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
  return authority.substr(0, authority.find(':', bracket == authority.npos ? 0 : bracket));
}

std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == url.npos) return {};
  const auto authority = url.substr(scheme + 3);
  return authority.substr(0, authority.find('/'));
}

// A port of its scheme's own is left out in Host.
std::string_view without_usual_port(std::string_view authority, std::string_view url) {
  const std::string_view usual = url.starts_with("https:") ? ":443" : ":80";
  if (authority.ends_with(usual)) authority.remove_suffix(usual.size());
  return authority;
}

bool is_address(std::string_view host) {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == host.npos;
}

// "localhost", "127.0.0.1" or "[::1]", with or without a port.
bool is_loopback(std::string_view authority) {
  const auto host = host_of(authority);
  constexpr std::string_view name = "localhost";
  if (host != "127.0.0.1" && host != "[::1]" && (host.size() != name.size() || lower(host) != name))
    return false;
  const auto rest = authority.substr(host.size());
  if (rest.empty()) return true;
  unsigned port = 0;
  const auto* end = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data() + 1, end, port);
  return error == std::errc() && stop == end && port > 0 && port < 65536;
}

bool passed_on_by_proxy(const Request& request) {
  // Each request asks this of all its headers, kept answers included, so the first letter comes first.
  return std::any_of(request.headers.begin(), request.headers.end(), [](const Header& header) {
    switch (header.name.empty() ? '\0' : header.name.front()) {
      case 'x':
        return header.name.starts_with("x-forwarded-");
      case 'f':
        return header.name == "forwarded";
      case 'v':
        return header.name == "via";
      default:
        return false;
    }
  });
}

}  // namespace

// A comma may stand in a path, so the next URL is known by its scheme.
OwnAddress::OwnAddress(std::string_view urls) {
  for (std::size_t begin = 0; begin < urls.size();) {
    const auto end = std::min({urls.find(",http://", begin), urls.find(",https://", begin), urls.size()});
    const auto url = urls.substr(begin, end - begin);
    const auto authority = lower(without_usual_port(authority_of(url), url));
    names_.push_back({std::string(url), std::string(host_of(authority)), authority});
    begin = end + 1;
  }
}

bool OwnAddress::answers_for(std::string_view host) const {
  if (names_.empty() || host.empty()) return true;
  const auto name = lower(host_of(host));
  return name == "localhost" || is_address(name) ||
         std::any_of(names_.begin(), names_.end(), [&](const Name& one) { return one.host == name; });
}

std::string_view OwnAddress::named(const Request& request) const {
  if (!names_.empty()) return public_base(request);
  const auto host = request.header("host");
  return is_loopback(host) && !passed_on_by_proxy(request) ? host : std::string_view();
}

// A proxy may leave the port out, so a name without it is the next best.
std::string_view OwnAddress::public_base(const Request& request) const {
  if (names_.size() < 2) return names_.empty() ? std::string_view() : names_.front().url;
  const auto authority = lower(request.header("host")), host = std::string(host_of(authority));
  const auto find = [&](auto&& fits) { return std::find_if(names_.begin(), names_.end(), fits); };
  auto found = find([&](const Name& one) { return one.authority == without_usual_port(authority, one.url); });
  if (found == names_.end()) found = find([&](const Name& one) { return one.host == host; });
  return found == names_.end() ? names_.front().url : found->url;
}

std::string OwnAddress::base(const Request& request) const {
  const auto name = named(request);
  if (!names_.empty() || name.empty()) return std::string(name);
  return "http://" + lower(name);
}

}  // namespace jobmap::api
