#include "data/ingest/osm/latest.hpp"

namespace jobmap::data::osm {

Latest::Range Latest::keep(std::string_view text) {
  texts_ += text;
  return {texts_.size() - text.size(), text.size()};
}

void Latest::begin(Kind kind, std::int64_t id, Tags tags) {
  if (holds_ && (kind != kind_ || id != id_)) flush();
  holds_ = true;
  gone_ = false;
  kind_ = kind;
  id_ = id;
  texts_.clear();
  keys_.clear();
  values_.clear();
  places_.clear();
  for (const Tag& t : tags) {
    keys_.push_back(keep(t.key));
    values_.push_back(keep(t.value));
  }
}

void Latest::node(std::int64_t id, geo::PointE7 at, Tags tags) {
  begin(Kind::node, id, tags);
  at_ = at;
}

void Latest::way(std::int64_t id, std::span<const std::int64_t> nodes, Tags tags) {
  begin(Kind::way, id, tags);
  nodes_.assign(nodes.begin(), nodes.end());
  places_.swap(next_places_);
  next_places_.clear();
}

void Latest::relation(std::int64_t id, std::span<const Member> members, Tags tags) {
  begin(Kind::relation, id, tags);
  members_.assign(members.begin(), members.end());
  roles_.clear();
  for (const Member& m : members) roles_.push_back(keep(m.role));
}

void Latest::gone(Kind kind, std::int64_t id) {
  begin(kind, id, {});
  next_places_.clear();
  gone_ = true;
}

void Latest::flush() {
  if (!holds_) return;
  holds_ = false;
  if (gone_) return;
  tags_.clear();
  for (std::size_t i = 0; i < keys_.size(); ++i) tags_.push_back({kept(keys_[i]), kept(values_[i])});
  switch (kind_) {
    case Kind::node:
      return sink_.node(id_, at_, tags_);
    case Kind::way:
      for (const Place& p : places_) sink_.place(p.node, p.at);
      return sink_.way(id_, nodes_, tags_);
    case Kind::relation:
      for (std::size_t i = 0; i < members_.size(); ++i) members_[i].role = kept(roles_[i]);
      return sink_.relation(id_, members_, tags_);
  }
}

}  // namespace jobmap::data::osm
