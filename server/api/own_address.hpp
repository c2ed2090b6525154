#pragma once
// The name that those who ask call this server by, so that an answer can name its own addresses in full.
//
//   OwnAddress address("https://jobs.example.org/map,http://jobs.lan:8080");    // --public-base-url
//   address.answers_for("jobs.lan:8080");    // true; a request with another name as its Host is answered 421
//   address.public_base(request);            // "http://jobs.lan:8080" where the Host is jobs.lan, else the first
//   OwnAddress("").base(request);            // "http://localhost:8080" where that is the Host
//
// Without a public base URL a name of the loopback is the only Host that an answer may repeat: whoever asks
// by it is on this machine, so the name leads back here. Any other Host may have been made up, and an answer
// that repeated it could be kept by a cache for others. A request that a proxy says it has passed on tells
// how the proxy calls us and not how the client does, so its loopback name is not repeated either.
#include <string>
#include <string_view>
#include <vector>

#include "server/api/request.hpp"

namespace jobmap::api {

class OwnAddress {
 public:
  // Base URLs without a slash at their end, with commas between; "" for none.
  explicit OwnAddress(std::string_view public_base_urls);

  // Whether a request with this Host may be meant for us. An address or localhost is how a proxy or a probe
  // next door names us.
  bool answers_for(std::string_view host) const;
  // All that the two bases below depend on of a request: equal texts, equal bases.
  std::string_view named(const Request& request) const;
  // The base URL that was configured for the Host of the request, else the first; "" where none was.
  std::string_view public_base(const Request& request) const;
  // The same, else "http://" and a loopback Host; "" where the server can't know how it was called.
  std::string base(const Request& request) const;

 private:
  struct Name {
    std::string url, host, authority;  // authority: the host with its port, both in lower case
  };

  std::vector<Name> names_;
};

}  // namespace jobmap::api
