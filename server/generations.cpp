#include "generations.hpp"

#include <algorithm>
#include <utility>

namespace jobmap {
namespace {

constexpr auto step_every = std::chrono::milliseconds(1000);

}  // namespace

Generations::Generations(GenerationOptions options, Publish publish, api::Metrics& metrics, api::Log& log)
    : options_(std::move(options)), publish_(std::move(publish)), metrics_(metrics), log_(log) {
  thread_ = std::thread([this] { run(); });
}

Generations::~Generations() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_load_.request_stop();
  wake_.notify_one();
  thread_.join();
}

void Generations::reload() {
  {
    std::lock_guard lock(mutex_);
    reload_asked_ = true;
  }
  wake_.notify_one();
}

std::optional<std::string> Generations::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

void Generations::run() {
  if (!load()) {
    std::lock_guard lock(mutex_);
    failure_ = last_complaint_;
    return;
  }
  loaded_ = true;
  std::unique_lock lock(mutex_);
  while (wait(lock)) {
    const bool asked = std::exchange(reload_asked_, false);
    lock.unlock();
    step(asked);
    lock.lock();
  }
}

// Until the next step is due or somebody asks; false to end.
bool Generations::wait(std::unique_lock<std::mutex>& lock) {
  auto pause = options_.poll.count() > 0 ? std::min(options_.poll, step_every) : step_every;
  wake_.wait_for(lock, pause, [this] { return stopping_ || reload_asked_; });
  return !stopping_;
}

void Generations::step(bool asked) {
  if (asked) {
    log_.write("info", "reload_asked");
    load();
  } else if (options_.poll.count() > 0) {
    poll();
  }
  tick();
  free_unread();
}

void Generations::poll() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_poll_) return;
  next_poll_ = now + options_.poll;
  try {
    const auto version = data::read_data_version(options_.database);
    if (version != current_->version() && (version != failed_ || now >= retry_at_)) load();
  } catch (const std::exception& e) {
    complain(e.what());
  }
}

bool Generations::load() {
  const auto began = std::chrono::steady_clock::now();
  failed_.reset();
  try {
    failed_ = data::read_data_version(options_.database);  // until it has succeeded
    auto next = data::load_snapshot(options_.database, options_.now(), stop_load_.get_token());
    const auto took = std::chrono::steady_clock::now() - began;
    replace(std::move(next));
    log_.write("info", "loaded",
               {{"generation", current_->generation},
                {"jobs", current_->jobs->size},
                {"bytes", current_->memory_bytes()},
                {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
    metrics_.reloads.fetch_add(1);
    last_complaint_.clear();
    failed_.reset();
    return true;
  } catch (const std::exception& e) {
    retry_at_ = std::chrono::steady_clock::now() + options_.retry;
    complain(e.what());
    return false;
  }
}

// Once per reason, so that a lasting fault doesn't fill the log.
void Generations::complain(const std::string& reason) {
  metrics_.reload_failures.fetch_add(1);
  if (reason == last_complaint_) return;
  last_complaint_ = reason;
  if (current_) log_.write("error", "reload_failed", {{"reason", reason}, {"serving", current_->generation}});
}

void Generations::tick() {
  const auto now = options_.now();
  if (current_->next_expiry == 0 || now / 60 < current_->next_expiry) return;
  try {
    if (auto next = data::tick(*current_, now)) {
      metrics_.ticks.fetch_add(1);
      replace(std::move(next));
    }
  } catch (const std::exception& e) {
    complain(e.what());
  }
}

void Generations::replace(std::shared_ptr<const data::Snapshot> snapshot) {
  std::shared_ptr<api::AnswerCache> answers;
  if (options_.cache_bytes > 0)
    answers = std::make_shared<api::AnswerCache>(options_.cache_bytes, metrics_.cache);
  api::Generation next(std::move(snapshot), std::move(answers));
  publish_(next);  // first: what could not be published is not the current one, and is tried again
  if (current_) retired_.push_back(std::move(current_));
  current_ = std::move(next);
}

void Generations::free_unread() {
  std::erase_if(retired_, [](const api::Generation& g) { return g.use_count() == 1; });
}

}  // namespace jobmap
