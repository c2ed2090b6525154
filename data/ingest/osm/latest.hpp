#pragma once
// Hands over the last version of each thing, where a file holds several in turn, and nothing of a thing that
// is gone: the histories of the planet, and what an editor has marked as deleted.
//
//   Latest latest(sink);
//   latest.node(1, place, tags);
//   latest.gone(Kind::node, 1);         // the sink hears nothing of node 1
//   latest.node(2, place, tags);
//   latest.flush();                     // now it hears of node 2
//
// Versions of a thing follow each other in a file, so one thing is held back at a time. Errors are the
// sink's.
#include <string>
#include <vector>

#include "data/ingest/osm/reader.hpp"

namespace jobmap::data::osm {

class Latest : public Sink {
 public:
  explicit Latest(Sink& sink) : sink_(sink) {}

  void node(std::int64_t id, geo::PointE7 at, Tags tags) override;
  void place(std::int64_t node, geo::PointE7 at) override { next_places_.push_back({node, at}); }
  void way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) override;
  void relation(std::int64_t id, std::span<const Member> members, Tags tags) override;
  void gone(Kind kind, std::int64_t id);
  // Call it at the end of the file.
  void flush();

 private:
  struct Place {
    std::int64_t node;
    geo::PointE7 at;
  };
  struct Range {
    std::size_t begin, size;
  };

  void begin(Kind kind, std::int64_t id, Tags tags);
  Range keep(std::string_view text);
  std::string_view kept(Range r) const { return std::string_view(texts_).substr(r.begin, r.size); }

  Sink& sink_;
  bool holds_ = false, gone_ = false;
  Kind kind_ = Kind::node;
  std::int64_t id_ = 0;
  geo::PointE7 at_{};
  std::string texts_;
  std::vector<Range> keys_, values_, roles_;
  std::vector<std::int64_t> nodes_;
  std::vector<Place> places_, next_places_;
  std::vector<Member> members_;
  std::vector<Tag> tags_;
};

}  // namespace jobmap::data::osm
