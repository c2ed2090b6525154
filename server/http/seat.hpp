#pragma once
// Limits how many clients are connected: so many in all, and so many connections of one client.
//
//   Seats seats(8192, 1024);
//   auto seat = seats.take(key);                           // held by the connection while it lives
//   if (!seat) return refuse();                            // far above what one client may have
//   if (seat->guest()) seat->claim();                      // others may have left meanwhile
//   seat->release();                                       // before the connection's end
//
// Above either number a client is a guest: another connection that only waits is closed to make room for it,
// and where there is none the guest is asked what it wants, told of the server's health if it wants that, and
// turned away else. So /health answers when all seats are taken, and a refusal is an answer. The guests are
// few: `reserve` in all, and as many of one client as it may have seats.
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
  std::uint64_t client() const { return client_; }
  // A guest takes a seat that has become free; whether it has one now.
  bool claim();
  void release();

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
    Count* const of_client = client == anybody ? nullptr : &of_client_[client];
    if (of_client && of_client->all >= 2 * most_of_a_client_) return std::nullopt;
    const bool guest = !is_free(of_client);
    taken_.fetch_add(1), guests_ += guest;
    if (of_client) ++of_client->all, of_client->guests += guest;
    return std::optional<Seat>(std::in_place, *this, client, guest);
  }
  std::size_t taken() const { return taken_.load(); }
  bool full() const { return taken() >= most_ + reserve; }
  // Whether this client alone is at its bound, so that room for it must come from its own connections.
  bool at_share(std::uint64_t client) const {
    const std::lock_guard lock(mutex_);
    const auto found = of_client_.find(client);
    return found != of_client_.end() && found->second.all - found->second.guests >= most_of_a_client_;
  }

 private:
  friend class Seat;
  struct Count {
    std::size_t all = 0, guests = 0;
  };
  bool is_free(const Count* of_client) const {
    return taken_.load() - guests_ < most_ &&
           (!of_client || of_client->all - of_client->guests < most_of_a_client_);
  }
  bool claim(std::uint64_t client) {
    const std::lock_guard lock(mutex_);
    Count* const of_client = client == anybody ? nullptr : &of_client_[client];
    if (!is_free(of_client)) return false;
    --guests_;
    if (of_client) --of_client->guests;
    return true;
  }
  void leave(std::uint64_t client, bool guest) {
    const std::lock_guard lock(mutex_);
    taken_.fetch_sub(1), guests_ -= guest;
    if (client == anybody) return;
    const auto found = of_client_.find(client);
    found->second.guests -= guest;
    if (--found->second.all == 0) of_client_.erase(found);
  }

  const std::size_t most_, most_of_a_client_;
  std::atomic<std::size_t> taken_{0};
  mutable std::mutex mutex_;
  std::size_t guests_ = 0;
  std::unordered_map<std::uint64_t, Count> of_client_;
};

inline Seat::~Seat() { release(); }
inline void Seat::release() {
  if (seats_) std::exchange(seats_, nullptr)->leave(client_, guest_);
}
inline bool Seat::claim() {
  if (guest_ && seats_ && seats_->claim(client_)) guest_ = false;
  return !guest_;
}

}  // namespace jobmap::http
