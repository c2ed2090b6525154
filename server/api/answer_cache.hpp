#pragma once
// The answers of one generation, kept up to a byte budget, and the questions being answered right now.
//
//   AnswerCache cache(64 << 20, counters);
//   if (auto hit = cache.recall(raw)) write(*hit);     // the same bytes were asked for before: nothing is parsed
//   if (auto kept = cache.find(key)) write(*kept);     // the same question, perhaps spelled otherwise
//   auto [flight, first] = cache.board(key);         // one computes, the others wait for it to land
//
// A key is what makes the ETag: route, path, canonical query, format, coding; equal keys are equal bytes, and
// keys are compared whole. What stays is decided by S3-FIFO (Yang et al., SOSP 2023): new answers pass
// through a short queue, and only those asked for again get into the long one, so a thousand lists that
// nobody repeats don't push out the tiles. Each of the shards has its own lock and its share of the budget.
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "server/api/audience.hpp"
#include "server/api/response.hpp"
#include "server/query/syntax/error.hpp"

namespace jobmap::api {

// A finished answer but for Cache-Control, which belongs to the spelling of its URL and not to its bytes.
struct KeptAnswer {
  Response response;
  mutable std::atomic<std::uint8_t> uses{0};  // since it was looked at for eviction, up to 3

  void used() const {
    if (const auto n = uses.load(std::memory_order_relaxed); n < 3)
      uses.store(static_cast<std::uint8_t>(n + 1), std::memory_order_relaxed);
  }
};
using Kept = std::shared_ptr<const KeptAnswer>;

struct Failure {
  unsigned status = 500;
  std::string_view detail;  // of static storage
};
using Outcome = std::variant<Kept, query::Error, Failure>;

// Counts over all generations together.
struct CacheCounters {
  std::atomic<std::uint64_t> hits{0}, front_hits{0}, misses{0}, joined{0}, evictions{0};
  std::atomic<std::int64_t> bytes{0}, entries{0};
};

// A question being answered for all who ask it; it has an audience of its own.
class Flight {
 public:
  using Done = std::function<void(const Outcome&)>;  // must not throw

  explicit Flight(std::string_view k) : key(k), audience(std::make_shared<Audience>()) {}
  // Called once: at once where it has landed, else on the thread where it does.
  void wait(Done done);
  void land(Outcome outcome);

  const std::string key;
  const std::shared_ptr<Audience> audience;

 private:
  std::mutex mutex_;
  std::optional<Outcome> outcome_;
  std::vector<Done> waiting_;
};

class AnswerCache {
 public:
  AnswerCache(std::size_t budget_bytes, CacheCounters& counters);
  ~AnswerCache();

  CacheCounters& counters() const { return counters_; }

  Kept find(std::string_view key);
  // Replaces nothing: equal keys are equal bytes.
  void keep(std::string_view key, const Kept& answer);

  // All of a GET or HEAD that an answer depends on, as it came.
  struct Raw {
    std::string_view target, accept, accept_encoding;
    std::string_view host = {};  // where links are written from it
  };
  struct Hit {
    Kept answer;
    std::string_view cache_control;
  };
  std::optional<Hit> recall(const Raw& raw);
  void remember(const Raw& raw, const Kept& answer, std::string_view cache_control);

  // Whoever is first answers, and must land() the flight; the others wait on it. One that everybody has left
  // is replaced.
  struct Boarding {
    std::shared_ptr<Flight> flight;
    bool first = false;
  };
  Boarding board(std::string_view key);
  void land(const std::shared_ptr<Flight>& flight, Outcome outcome);

 private:
  struct Entry {
    std::string key;
    Kept answer;
    std::size_t bytes = 0;
  };
  using Queue = std::list<Entry>;  // the newest in front
  struct Place {
    Queue::iterator entry;
    bool proven = false;
  };
  struct Shard {
    std::mutex mutex;
    Queue fresh, proven;  // the short and the long queue
    std::size_t fresh_bytes = 0, proven_bytes = 0;
    std::unordered_map<std::string_view, Place> index;  // views into the entries
    std::array<std::size_t, 1024> ghosts{};             // hashes of what the short queue let go of
    std::unordered_map<std::string_view, std::shared_ptr<Flight>> flights;  // by views into them
  };
  // Requests as they came, by hash: a newer one takes the place of an older one.
  struct Slot {
    std::string text;
    std::size_t target_size = 0, accept_size = 0, host_size = 0;
    std::weak_ptr<const KeptAnswer> answer;
    std::string_view cache_control;
  };
  static constexpr std::size_t shard_count = 8, slot_count = 1 << 14, slot_locks = 64;

  static std::size_t hash_of(std::string_view text);
  static std::size_t hash_of(const Raw& raw);
  static std::size_t size_of(const Raw& raw);
  static bool matches(const Slot& slot, const Raw& raw);
  Shard& shard_of(std::size_t hash) { return shards_[hash % shard_count]; }
  void make_room(Shard& shard);
  void drop_last(Shard& shard, Queue& queue, std::size_t& bytes);

  std::size_t shard_budget_;
  CacheCounters& counters_;
  std::array<Shard, shard_count> shards_;
  std::vector<Slot> slots_;
  std::array<std::mutex, slot_locks> slot_mutexes_;
};

}  // namespace jobmap::api
