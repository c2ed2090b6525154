#pragma once
// The published state: a snapshot, and the answers that were made of it. Publishing new data replaces both
// at once, so no answer ever outlives its data and nothing has to be invalidated.
//
//   Generation g(snapshot, std::make_shared<AnswerCache>(64 << 20, counters));
//   use(g->city, *g);            // the snapshot
//   g.answers();                 // null for a snapshot alone: nothing is kept then
//
// A value: two shared pointers.
#include <cstddef>
#include <memory>

#include "server/api/answer_cache.hpp"

namespace jobmap::data {
class Snapshot;
}

namespace jobmap::api {

class Generation {
 public:
  Generation() = default;
  Generation(std::nullptr_t) {}
  Generation(std::shared_ptr<const data::Snapshot> snapshot, std::shared_ptr<AnswerCache> answers = nullptr)
      : snapshot_(std::move(snapshot)), answers_(std::move(answers)) {}

  const data::Snapshot& operator*() const { return *snapshot_; }
  const data::Snapshot* operator->() const { return snapshot_.get(); }
  explicit operator bool() const { return snapshot_ != nullptr; }
  const std::shared_ptr<const data::Snapshot>& snapshot() const { return snapshot_; }
  const std::shared_ptr<AnswerCache>& answers() const { return answers_; }
  // How many hold the snapshot.
  long use_count() const { return snapshot_.use_count(); }

 private:
  std::shared_ptr<const data::Snapshot> snapshot_;
  std::shared_ptr<AnswerCache> answers_;
};

}  // namespace jobmap::api
