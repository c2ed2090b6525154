#include "server/generations.hpp"
#include "data/store/load.hpp"

#include <algorithm>
#include <utility>

namespace jobmap {
namespace {

using Fault = api::DataHealth::Fault;

constexpr auto step_every = std::chrono::milliseconds(1000);
constexpr auto at_once = std::chrono::milliseconds(200);  // two clocks are read within this time

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
    reloading_ = true;
  }
  wake_.notify_one();
}

std::optional<std::string> Generations::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

void Generations::run() {
  watch_clock();
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
    reloading_ = reload_asked_;
  }
}

// Until the next step is due or somebody asks; false to end.
bool Generations::wait(std::unique_lock<std::mutex>& lock) {
  auto pause = options_.poll.count() > 0 ? std::min(options_.poll, step_every) : step_every;
  wake_.wait_for(lock, pause, [this] { return stopping_ || reload_asked_; });
  return !stopping_;
}

void Generations::step(bool asked) {
  watch_clock();
  if (asked) {
    log_.write("info", "reload_asked");
    load();
  } else if (options_.poll.count() > 0) {
    poll();
  }
  tick();
  free_unread();
}

// Reads the two clocks together, so that a thread that is held up between them sees no jump.
void Generations::watch_clock() {
  std::time_t wall;
  ClockWatch::Steady before, after = options_.steady();
  do {
    before = after;
    wall = options_.now();
    after = options_.steady();
  } while (after - before > at_once);
  const auto seconds = clock_watch_.look(wall, after);
  if (!seconds) return;
  metrics_.clock_jumps.fetch_add(1);
  log_.write("warning", "clock_jumped", {{"seconds", *seconds}});
}

void Generations::poll() {
  const auto now = options_.steady();
  if (now < next_poll_) return;
  next_poll_ = now + options_.poll;
  try {
    const auto version = data::read_data_version(options_.database);
    metrics_.health.mended(Fault::poll);
    if (version == current_->version()) {
      if (!lacks_jobs()) confirm(now);
    } else if (version != failed_ || now >= retry_at_) {
      load();
    }
  } catch (const std::exception& e) {
    complain(Fault::poll, e.what());
  }
}

// The served data are what the file held at that time.
void Generations::confirm(ClockWatch::Steady at) {
  metrics_.health.confirmed(at);
  metrics_.health.mended(Fault::reload);
}

bool Generations::load() {
  const auto began = options_.steady();
  failed_.reset();
  try {
    failed_ = data::read_data_version(options_.database);  // until it has succeeded
    auto next = data::load_snapshot(options_.database, options_.now(), stop_load_.get_token());
    const auto took = options_.steady() - began;
    replace(std::move(next));
    log_.write("info", "loaded",
               {{"generation", current_->generation},
                {"jobs", current_->jobs->size},
                {"bytes", current_->memory_bytes()},
                {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
    metrics_.reloads.fetch_add(1);
    last_complaint_.clear();
    failed_.reset();
    retry_at_ = ClockWatch::Steady::min();
    metrics_.health.mended(Fault::poll);
    confirm(began);
    return true;
  } catch (const std::exception& e) {
    retry_at_ = options_.steady() + options_.retry;
    complain(Fault::reload, e.what());
    return false;
  }
}

// Once per reason, so that a lasting fault doesn't fill the log.
void Generations::complain(Fault fault, const std::string& reason) {
  metrics_.reload_failures.fetch_add(1);
  if (current_) metrics_.health.failed(fault, options_.steady());
  if (reason == last_complaint_) return;
  last_complaint_ = reason;
  if (current_) log_.write("error", "reload_failed", {{"reason", reason}, {"serving", current_->generation}});
}

// Whether the clock has gone back to before the minute of the load, so that jobs which are valid now may be
// missing.
bool Generations::lacks_jobs() const { return options_.now() / 60 < current_->jobs->complete_from; }

void Generations::tick() {
  if (lacks_jobs() && options_.steady() >= retry_at_) load();
  try {
    if (auto next = data::tick(*current_, options_.now())) {
      metrics_.ticks.fetch_add(1);
      replace(std::move(next));
    }
    metrics_.health.mended(Fault::tick);
  } catch (const std::exception& e) {
    complain(Fault::tick, e.what());
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
