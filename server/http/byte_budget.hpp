#pragma once
// Bytes held for clients, of bodies that come in or go out slowly: so many in all, and so many of one client,
// so that nobody fills the room alone.
//
//   ByteBudget unsent(256 << 20, 64 << 20);
//   if (!unsent.has_room(client, size)) refuse();
//   unsent.hold(client, size); ... unsent.release(client, size);
//
// A client is a client_key, or nothing for those behind a trusted proxy that can't be told apart. From any
// thread; two that ask at once may both be let in, so the bound may be passed by one request a thread.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace jobmap::http {

class ByteBudget {
 public:
  using Client = std::optional<std::uint64_t>;

  ByteBudget(std::size_t most, std::size_t most_of_a_client)
      : most_(most), most_of_a_client_(most_of_a_client) {}

  bool has_room(Client client, std::size_t size) const {
    const auto all = held_.load(std::memory_order_relaxed) + size;
    if (all > most_) return false;
    if (!client || all <= most_of_a_client_) return true;
    const std::lock_guard lock(mutex_);
    const auto found = of_client_.find(*client);
    // A client that holds nothing may exceed its own share, but never the total.
    return found == of_client_.end() || found->second + size <= most_of_a_client_;
  }
  void hold(Client client, std::size_t size) {
    held_.fetch_add(size, std::memory_order_relaxed);
    if (!client) return;
    const std::lock_guard lock(mutex_);
    of_client_[*client] += size;
  }
  void release(Client client, std::size_t size) {
    held_.fetch_sub(size, std::memory_order_relaxed);
    if (!client) return;
    const std::lock_guard lock(mutex_);
    if (const auto found = of_client_.find(*client); (found->second -= size) == 0) of_client_.erase(found);
  }
  std::size_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  const std::size_t most_, most_of_a_client_;
  std::atomic<std::size_t> held_{0};
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::size_t> of_client_;
};

}  // namespace jobmap::http
