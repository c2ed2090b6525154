#pragma once
// A client that waits for each answer, and what it reads out of them: for tests with the server in this
// process.
//
//   Client client(server.port());
//   auto body = client.get("/v1/jobs?limit=1");            // "" where the connection failed
//   number_after(body, "\"numberMatched\":");
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>

namespace jobmap {

class Client {
 public:
  explicit Client(unsigned short port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool send(const std::string& path, const std::string& fields = "") {
    const auto request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    return connected_ && ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) > 0;
  }
  // The body of the next answer; head() is its head.
  std::string receive() {
    std::string text;
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != text.npos) {
        const auto length = std::stoul(text.substr(text.find("Content-Length: ") + 16));
        if (text.size() >= end + 4 + length) return head_ = text.substr(0, end + 2), text.substr(end + 4);
      }
      std::array<char, 4096> part;
      const auto size = ::recv(socket_, part.data(), part.size(), 0);
      if (size <= 0) return "";
      text.append(part.data(), static_cast<std::size_t>(size));
    }
  }
  const std::string& head() const { return head_; }
  std::string get(const std::string& path, const std::string& fields = "") {
    return send(path, fields) ? receive() : "";
  }

 private:
  int socket_;
  std::string head_;
  bool connected_ = false;
};

inline std::int64_t number_after(const std::string& text, const std::string& name) {
  const auto at = text.find(name);
  return at == text.npos ? -1 : std::stol(text.substr(at + name.size()));
}

}  // namespace jobmap
