// Asks a server on loopback over kept connections, as a browser would (packed answers wanted), and says how
// many answers a second it gives where each connection asks again at once, and then how long one waits where
// four fifths of that are asked for at an even rate.
//
//   steady_load PORT PATHS CONNECTIONS SECONDS ROUNDS     # PATHS: a file of them, one a line, asked in turn
//   {"capacity":[14500.1],"p50":[0.61],"p99":[4.20],"most":[9.87]}     answers/s, and milliseconds, of each
//   round
//
// A wait counts from when the request was due, not from when a connection was free for it: a server that
// stands still for a second is charged for everybody who would have asked in it (Tene's "coordinated
// omission"). In C++ because it shares the cores with what it measures, where a collector's pauses would be
// taken for the server's. Ends with a message and status 1 at the first answer that is neither 200 nor 204.
#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Due = Clock::time_point;
constexpr auto tick = std::chrono::microseconds(500);
constexpr double part_of_capacity = 0.8;

class Connection {
 public:
  using Done = std::function<void(Connection&)>;

  Connection(asio::io_context& io, std::uint16_t port, const Done& done) : socket_(io), done_(done) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  void ask(const std::string& path, Due due) {
    due_ = due, path_ = &path, left_ = -1, head_.clear();
    request_ = "GET " + path +
               " HTTP/1.1\r\nHost: bench\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\r\n";
    asio::write(socket_, asio::buffer(request_));
    read();
  }
  Due due() const { return due_; }

 private:
  void read() {
    socket_.async_read_some(asio::buffer(bytes_), [this](boost::system::error_code error, std::size_t n) {
      if (error) throw std::runtime_error(*path_ + ": " + error.message());
      take({bytes_.data(), n});
      left_ == 0 ? done_(*this) : read();
    });
  }

  void take(std::string_view bytes) {
    if (left_ < 0) {
      head_ += bytes;
      const auto end = head_.find("\r\n\r\n");
      if (end == std::string::npos) return;
      left_ = body_length(std::string_view(head_).substr(0, end + 2));
      bytes = std::string_view(head_).substr(end + 4);
    }
    left_ -= static_cast<std::ptrdiff_t>(bytes.size());
    if (left_ < 0) throw std::runtime_error(*path_ + ": more than its Content-Length");
  }

  std::ptrdiff_t body_length(std::string_view head) const {
    const auto status = head.substr(9, 3);
    if (status != "200" && status != "204") throw std::runtime_error(*path_ + ": " + std::string(head));
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto at = head.find(name);
    if (at != std::string_view::npos) return std::atol(head.data() + at + name.size());
    if (status == "204") return 0;
    throw std::runtime_error(*path_ + ": no Content-Length");
  }

  asio::ip::tcp::socket socket_;
  const Done& done_;
  Due due_;
  const std::string* path_ = nullptr;
  std::string request_, head_;
  std::ptrdiff_t left_ = -1;  // of the body; negative while in the head
  std::array<char, 65536> bytes_;
};

struct Waits {
  double p50, p99, most;  // milliseconds
};

class Load {
 public:
  Load(std::uint16_t port, std::size_t connections, std::vector<std::string> paths)
      : paths_(std::move(paths)) {
    for (std::size_t i = 0; i < connections; ++i) connections_.emplace_back(io_, port, done_);
  }

  double saturate(std::chrono::duration<double> span) {
    const auto began = Clock::now();
    std::size_t answers = 0;
    done_ = [&](Connection& c) {
      ++answers;
      if (Clock::now() - began < span) c.ask(next(), {});
    };
    for (auto& c : connections_) c.ask(next(), {});
    run();
    return static_cast<double>(answers) / std::chrono::duration<double>(Clock::now() - began).count();
  }

  Waits steady(double rate, std::chrono::duration<double> span) {
    const auto total = static_cast<std::size_t>(rate * span.count());
    const auto began = Clock::now();
    std::vector<double> waits;
    waits.reserve(total);
    std::vector<Connection*> free;
    for (auto& c : connections_) free.push_back(&c);
    std::size_t sent = 0;
    const auto send = [&] {
      for (const auto now = Clock::now(); !free.empty() && sent < total; ++sent) {
        const auto due = began + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(static_cast<double>(sent) / rate));
        if (due > now) return;
        auto* c = free.back();
        free.pop_back();
        c->ask(next(), due);
      }
    };
    done_ = [&](Connection& c) {
      waits.push_back(std::chrono::duration<double, std::milli>(Clock::now() - c.due()).count());
      free.push_back(&c);
      send();
    };
    asio::steady_timer timer(io_);
    const std::function<void()> each_tick = [&] {
      send();
      if (sent == total) return;
      timer.expires_after(tick);
      timer.async_wait([&](boost::system::error_code) { each_tick(); });
    };
    each_tick();
    run();
    std::sort(waits.begin(), waits.end());
    const auto at = [&](double part) {
      return waits[std::min(total - 1, static_cast<std::size_t>(part * static_cast<double>(total)))];
    };
    return {at(0.5), at(0.99), waits.back()};
  }

 private:
  const std::string& next() { return paths_[asked_++ % paths_.size()]; }
  void run() {
    io_.restart();
    io_.run();
  }

  asio::io_context io_{1};
  std::vector<std::string> paths_;
  std::size_t asked_ = 0;
  Connection::Done done_;
  std::deque<Connection> connections_;
};

std::vector<std::string> lines_of(const char* file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  if (lines.empty()) throw std::runtime_error(std::string(file) + ": no paths");
  return lines;
}

void print(const char* name, const std::vector<double>& values, const char* end) {
  std::printf("\"%s\":[", name);
  for (std::size_t i = 0; i < values.size(); ++i) std::printf(i ? ",%.2f" : "%.2f", values[i]);
  std::printf("]%s", end);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 6) throw std::runtime_error("usage: steady_load PORT PATHS CONNECTIONS SECONDS ROUNDS");
  Load load(static_cast<std::uint16_t>(std::stoul(argv[1])), std::stoul(argv[3]), lines_of(argv[2]));
  const std::chrono::duration<double> span(std::stod(argv[4]));
  std::vector<double> capacity, p50, p99, most;
  for (auto rounds = std::stoul(argv[5]); rounds > 0; --rounds) {
    capacity.push_back(load.saturate(span));
    const auto waits = load.steady(part_of_capacity * capacity.back(), span);
    p50.push_back(waits.p50), p99.push_back(waits.p99), most.push_back(waits.most);
  }
  std::printf("{");
  print("capacity", capacity, ","), print("p50", p50, ","), print("p99", p99, ","),
      print("most", most, "}\n");
} catch (const std::exception& e) {
  std::fprintf(stderr, "steady_load: %s\n", e.what());
  return 1;
}
