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

#include <algorithm>
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
  // The body of the next answer; head() is its head. Each byte is looked at and copied a fixed number of
  // times, so that an answer of any length is read as fast as it comes.
  std::string receive() {
    std::size_t end;
    for (std::size_t from = 0; (end = received_.find("\r\n\r\n", from)) == received_.npos;) {
      from = received_.size() < 3 ? 0 : received_.size() - 3;
      if (!more(4096)) return "";
    }
    head_ = received_.substr(0, end + 2);
    const auto length = std::stoul(head_.substr(head_.find("Content-Length: ") + 16));
    while (received_.size() < end + 4 + length)
      if (!more(end + 4 + length - received_.size())) return "";
    auto body = received_.substr(end + 4, length);
    received_.erase(0, end + 4 + length);
    return body;
  }
  // The head alone of what comes next, without its empty line.
  std::string receive_head() {
    std::size_t end;
    while ((end = received_.find("\r\n\r\n")) == received_.npos)
      if (!more(4096)) return "";
    auto head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    return head;
  }
  void close_half() { ::shutdown(socket_, SHUT_WR); }
  const std::string& head() const { return head_; }
  std::string get(const std::string& path, const std::string& fields = "") {
    return send(path, fields) ? receive() : "";
  }

 private:
  // Whether something came, of at most this many bytes.
  bool more(std::size_t most) {
    const auto before = received_.size();
    received_.resize(before + std::min<std::size_t>(most, 1 << 16));
    const auto size = ::recv(socket_, received_.data() + before, received_.size() - before, 0);
    received_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return size > 0;
  }

  int socket_;
  std::string received_;  // and not yet given away
  std::string head_;
  bool connected_ = false;
};

inline std::int64_t number_after(const std::string& text, const std::string& name) {
  const auto at = text.find(name);
  return at == text.npos ? -1 : std::stol(text.substr(at + name.size()));
}

}  // namespace jobmap
