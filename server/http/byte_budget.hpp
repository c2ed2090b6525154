#pragma once
// Bytes held for clients, of bodies that come in or go out slowly: so many in all, and so many of one client,
// so that nobody fills the room alone.
//
//   ByteBudget unsent(256 << 20, 64 << 20);
//   if (!unsent.has_room(client, size)) refuse();
//   unsent.hold(client, size);
//   write(body);
//   unsent.release(client, size);
//
// A client is a client_key, or nothing for those behind a trusted proxy that can't be told apart. Where many
// hold the same bytes, as of one kept answer, `what` tells which, and in all they count once; each client's
// share counts its own. From any thread; two that ask at once may both be let in, so the bound may be passed
// by one request a thread.
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

  bool has_room(Client client, std::size_t size, const void* what = nullptr) const {
    const std::lock_guard lock(mutex_);
    if (!(what && shared_.contains(what)) && held_ + size > most_) return false;
    if (!client) return true;
    const auto found = of_client_.find(*client);
    // A client that holds nothing may exceed its own share, but never the total.
    return found == of_client_.end() || found->second + size <= most_of_a_client_;
  }
  void hold(Client client, std::size_t size, const void* what = nullptr) {
    const std::lock_guard lock(mutex_);
    if (!what || shared_[what]++ == 0) held_ += size;
    if (client) of_client_[*client] += size;
  }
  // Takes the arguments that hold() had.
  void release(Client client, std::size_t size, const void* what = nullptr) {
    const std::lock_guard lock(mutex_);
    const auto same = what ? shared_.find(what) : shared_.end();
    if (same == shared_.end() || --same->second == 0) {
      held_ -= size;
      if (same != shared_.end()) shared_.erase(same);
    }
    if (!client) return;
    if (const auto found = of_client_.find(*client); (found->second -= size) == 0) of_client_.erase(found);
  }

 private:
  const std::size_t most_, most_of_a_client_;
  mutable std::mutex mutex_;
  std::size_t held_ = 0;
  std::unordered_map<const void*, std::size_t> shared_;  // how many hold it
  std::unordered_map<std::uint64_t, std::size_t> of_client_;
};

}  // namespace jobmap::http
