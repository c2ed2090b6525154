#include "server/api/answer_cache.hpp"

#include <algorithm>

namespace jobmap::api {
namespace {

constexpr std::size_t overhead_bytes = 512;       // of an entry beside its key and body
constexpr std::size_t longest_remembered = 1024;  // of a request as it came
constexpr std::size_t fresh_share = 10;           // the short queue's part of the budget is one in so many

std::size_t bytes_of(std::string_view key, const KeptAnswer& answer) {
  return overhead_bytes + 2 * key.size() + (answer.response.body ? answer.response.body->size() : 0);
}

}  // namespace

void Flight::wait(Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!outcome_) return waiting_.push_back(std::move(done));
  }
  done(*outcome_);  // never changes once it is there
}

void Flight::land(Outcome outcome) {
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    outcome_ = std::move(outcome);
    waiting.swap(waiting_);
  }
  for (const Done& done : waiting) done(*outcome_);
}

AnswerCache::AnswerCache(std::size_t budget_bytes, CacheCounters& counters)
    : shard_budget_(budget_bytes / shard_count), counters_(counters), slots_(slot_count) {}

AnswerCache::~AnswerCache() {
  for (const Shard& shard : shards_) {
    counters_.bytes.fetch_sub(static_cast<std::int64_t>(shard.fresh_bytes + shard.proven_bytes),
                              std::memory_order_relaxed);
    counters_.entries.fetch_sub(static_cast<std::int64_t>(shard.index.size()), std::memory_order_relaxed);
  }
}

std::size_t AnswerCache::hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::size_t AnswerCache::hash_of(const Raw& raw) {
  const auto mix = [](std::size_t a, std::size_t b) { return (a ^ (b >> 29)) * 0x9e3779b97f4a7c15 + b; };
  return mix(mix(hash_of(raw.target), hash_of(raw.accept)),
             mix(hash_of(raw.accept_encoding), hash_of(raw.host)));
}

std::size_t AnswerCache::size_of(const Raw& raw) {
  return raw.target.size() + raw.accept.size() + raw.accept_encoding.size() + raw.host.size();
}

bool AnswerCache::matches(const Slot& slot, const Raw& raw) {
  const std::string_view text = slot.text;
  if (slot.target_size != raw.target.size() || slot.accept_size != raw.accept.size() ||
      slot.host_size != raw.host.size() || text.size() != size_of(raw))
    return false;
  const auto rest = text.substr(raw.target.size() + raw.accept.size());
  return text.starts_with(raw.target) && text.substr(raw.target.size()).starts_with(raw.accept) &&
         rest.starts_with(raw.accept_encoding) && rest.ends_with(raw.host);
}

std::optional<AnswerCache::Hit> AnswerCache::recall(const Raw& raw) {
  const auto at = hash_of(raw) % slot_count;
  const Slot& slot = slots_[at];
  Hit hit;
  {
    const std::lock_guard lock(slot_mutexes_[at % slot_locks]);
    if (!matches(slot, raw)) return std::nullopt;
    hit = {slot.answer.lock(), slot.cache_control};
  }
  if (!hit.answer) return std::nullopt;
  hit.answer->used();
  counters_.front_hits.fetch_add(1, std::memory_order_relaxed);
  counters_.hits.fetch_add(1, std::memory_order_relaxed);
  return hit;
}

void AnswerCache::remember(const Raw& raw, const Kept& answer, std::string_view cache_control) {
  const auto size = size_of(raw);
  if (size > longest_remembered || size == 0) return;
  std::string text;
  text.reserve(size);
  text.append(raw.target).append(raw.accept).append(raw.accept_encoding).append(raw.host);
  const auto at = hash_of(raw) % slot_count;
  const std::lock_guard lock(slot_mutexes_[at % slot_locks]);
  slots_[at] = {std::move(text), raw.target.size(), raw.accept.size(), raw.host.size(),
                answer,          cache_control};
}

Kept AnswerCache::find(std::string_view key) {
  Shard& shard = shard_of(hash_of(key));
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(key);
  if (found == shard.index.end()) return nullptr;
  const Kept& answer = found->second.entry->answer;
  answer->used();
  return answer;
}

void AnswerCache::keep(std::string_view key, const Kept& answer) {
  const auto bytes = bytes_of(key, *answer);
  if (bytes > shard_budget_ / 4) return;
  const auto hash = hash_of(key);
  Shard& shard = shard_of(hash);
  const std::lock_guard lock(shard.mutex);
  if (shard.index.contains(key)) return;
  const bool proven = shard.ghosts[hash / shard_count % shard.ghosts.size()] == hash;
  Queue& queue = proven ? shard.proven : shard.fresh;
  queue.push_front({std::string(key), answer, bytes});
  shard.index.emplace(queue.front().key, Place{queue.begin(), proven});
  (proven ? shard.proven_bytes : shard.fresh_bytes) += bytes;
  counters_.bytes.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
  counters_.entries.fetch_add(1, std::memory_order_relaxed);
  make_room(shard);
}

void AnswerCache::make_room(Shard& shard) {
  while (shard.fresh_bytes + shard.proven_bytes > shard_budget_) {
    const bool from_fresh = shard.fresh_bytes > shard_budget_ / fresh_share || shard.proven.empty();
    Queue& queue = from_fresh ? shard.fresh : shard.proven;
    Entry& last = queue.back();
    const auto uses = last.answer->uses.load(std::memory_order_relaxed);
    if (uses == 0) {
      const auto hash = hash_of(last.key);
      if (from_fresh) shard.ghosts[hash / shard_count % shard.ghosts.size()] = hash;
      drop_last(shard, queue, from_fresh ? shard.fresh_bytes : shard.proven_bytes);
      continue;
    }
    if (from_fresh) {
      shard.fresh_bytes -= last.bytes;
      shard.proven_bytes += last.bytes;
      shard.index.at(last.key).proven = true;
    }
    last.answer->uses.store(from_fresh ? 0 : static_cast<std::uint8_t>(uses - 1), std::memory_order_relaxed);
    shard.proven.splice(shard.proven.begin(), queue, std::prev(queue.end()));
  }
}

void AnswerCache::drop_last(Shard& shard, Queue& queue, std::size_t& bytes) {
  const Entry& last = queue.back();
  bytes -= last.bytes;
  counters_.bytes.fetch_sub(static_cast<std::int64_t>(last.bytes), std::memory_order_relaxed);
  counters_.entries.fetch_sub(1, std::memory_order_relaxed);
  counters_.evictions.fetch_add(1, std::memory_order_relaxed);
  shard.index.erase(last.key);
  queue.pop_back();
}

AnswerCache::Boarding AnswerCache::board(std::string_view key) {
  Shard& shard = shard_of(hash_of(key));
  const std::lock_guard lock(shard.mutex);
  if (const auto found = shard.flights.find(key); found != shard.flights.end()) {
    if (found->second->audience->join()) return {found->second, false};
    shard.flights.erase(found);
  }
  auto flight = std::make_shared<Flight>(key);
  shard.flights.emplace(flight->key, flight);
  return {std::move(flight), true};
}

void AnswerCache::land(const std::shared_ptr<Flight>& flight, Outcome outcome) {
  Shard& shard = shard_of(hash_of(flight->key));
  {
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.flights.find(flight->key);
    if (found != shard.flights.end() && found->second == flight) shard.flights.erase(found);
  }
  flight->land(std::move(outcome));
}

}  // namespace jobmap::api
