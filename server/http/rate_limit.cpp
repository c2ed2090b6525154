#include "server/http/rate_limit.hpp"

#include <algorithm>
#include <random>

namespace jobmap::http {
namespace {

std::uint64_t random_key() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random() | 1;
}

}  // namespace

RateLimit::RateLimit(double per_second, double burst, double least)
    : per_second_(per_second), burst_(burst), least_(least), key_(random_key()) {
  if (on()) table_.resize(sets);
}

double RateLimit::filled(const Bucket& bucket, Clock::time_point now) const {
  return std::min(burst_, bucket.tokens + std::max(0.0, Seconds(now - bucket.at).count()) * per_second_);
}

// Two rounds of multiplying and folding, with the key in between.
std::size_t RateLimit::set_of(std::uint64_t client) const {
  std::uint64_t h = (client ^ key_) * 0x9E3779B97F4A7C15u;
  h = (h ^ h >> 32) * key_;
  return static_cast<std::size_t>((h ^ h >> 29) % sets);
}

RateLimit::Bucket& RateLimit::bucket(std::size_t set, std::uint64_t client, Clock::time_point now) {
  auto& buckets = table_[set];
  auto found = std::find_if(buckets.begin(), buckets.end(),
                            [&](const Bucket& b) { return b.client == client && b.tokens != unused; });
  if (found == buckets.end()) {
    found = std::max_element(buckets.begin(), buckets.end(), [&](const Bucket& a, const Bucket& b) {
      return filled(a, now) < filled(b, now);
    });
    *found = {client, burst_, now};
  }
  found->tokens = filled(*found, now);
  found->at = std::max(found->at, now);
  return *found;
}

RateLimit::Seconds RateLimit::take(std::uint64_t client, Clock::time_point now) {
  if (!on()) return Seconds::zero();
  const auto set = set_of(client);
  const std::lock_guard lock(mutexes_[set % locks]);
  auto& b = bucket(set, client, now);
  if (b.tokens < least_) return Seconds((least_ - b.tokens) / per_second_);
  b.tokens -= least_;
  return Seconds::zero();
}

void RateLimit::charge(std::uint64_t client, double tokens, Clock::time_point now) {
  if (!on()) return;
  const auto set = set_of(client);
  const std::lock_guard lock(mutexes_[set % locks]);
  bucket(set, client, now).tokens -= tokens;
}

}  // namespace jobmap::http
