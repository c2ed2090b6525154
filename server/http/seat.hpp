#pragma once
// Who may be connected: so many in all, and so many of one client.
//
//   Seats seats(8192, 1024);
//   if (auto seat = seats.take(key)) ... seat->guest()     // held by the connection while it lives
//   else close();                                          // far above what one client may have
//
// Above either number a client is a guest: it is asked what it wants, told of the server's health if it wants
// that, and turned away else. So /health answers when all seats are taken, and a refusal is an answer. The
// guests are few: `reserve` in all, and as many of one client as it may have seats.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace jobmap::http {

class Seats;

class Seat {
 public:
  Seat(Seats& seats, std::uint64_t client, bool guest) : seats_(&seats), client_(client), guest_(guest) {}
  ~Seat();
  Seat(Seat&& other) noexcept
      : seats_(std::exchange(other.seats_, nullptr)), client_(other.client_), guest_(other.guest_) {}
  Seat& operator=(Seat&&) = delete;

  bool guest() const { return guest_; }

 private:
  Seats* seats_;
  std::uint64_t client_;
  bool guest_;
};

class Seats {
 public:
  static constexpr std::size_t reserve = 8;
  static constexpr std::uint64_t anybody = ~std::uint64_t{0};  // not counted by client: a trusted proxy

  Seats(std::size_t most, std::size_t most_of_a_client) : most_(most), most_of_a_client_(most_of_a_client) {}

  std::optional<Seat> take(std::uint64_t client) {
    const std::lock_guard lock(mutex_);
    std::size_t of_client = 0;
    if (client != anybody) {
      of_client = of_client_[client];
      if (of_client >= 2 * most_of_a_client_) return std::nullopt;
      ++of_client_[client];
    }
    const bool guest = taken_.fetch_add(1) >= most_ || of_client >= most_of_a_client_;
    return std::optional<Seat>(std::in_place, *this, client, guest);
  }
  std::size_t taken() const { return taken_.load(); }
  bool full() const { return taken() >= most_ + reserve; }

 private:
  friend class Seat;
  void leave(std::uint64_t client) {
    const std::lock_guard lock(mutex_);
    taken_.fetch_sub(1);
    if (client == anybody) return;
    if (const auto found = of_client_.find(client); --found->second == 0) of_client_.erase(found);
  }

  const std::size_t most_, most_of_a_client_;
  std::atomic<std::size_t> taken_{0};
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::size_t> of_client_;
};

inline Seat::~Seat() {
  if (seats_) seats_->leave(client_);
}

}  // namespace jobmap::http
