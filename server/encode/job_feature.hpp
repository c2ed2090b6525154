#pragma once
// Writes jobs as GeoJSON Features, for lists and single jobs alike.
//
//   JsonWriter w(body);
//   FeatureWriter features(w, query, snapshot);
//   make_record(query, snapshot, hit, record);
//   features.write(record);                          // {"type":"Feature","id":"synthetic:7", ...}
//
// What many rows of one answer share, as a station with its name and lines, is made JSON once and copied from
// then on. A feature's room is asked for once; within it everything is written by pointer.
#include <array>
#include <string>
#include <string_view>

#include "server/encode/job_record.hpp"
#include "server/encode/json_writer.hpp"

namespace jobmap::encode {

class FeatureWriter {
 public:
  FeatureWriter(JsonWriter& w, const query::JobQuery& q, const data::Snapshot& s)
      : w_(w), q_(q), s_(s), t_(*s.jobs), wgs84_(geo::is_wgs84(q.crs)) {}

  void write(const JobRecord& r);

 private:
  // Pieces of JSON by number: the last that asked for a slot has it. One is good until the next is asked for.
  // They lie behind each other in one string, which begins anew where it has become long.
  class Pieces {
   public:
    template <typename Write>
    std::string_view get(std::uint32_t number, Write&& write) {
      Slot* slot = &slots_[number % slots_.size()];
      if (slot->number_plus_1 != number + 1) {
        if (json_.size() > most_bytes) json_.clear(), slots_.fill({});
        const auto begin = json_.size();
        JsonWriter w(json_);
        write(w, number);
        w.finish();
        *slot = {number + 1, static_cast<std::uint32_t>(begin),
                 static_cast<std::uint32_t>(json_.size() - begin)};
      }
      return std::string_view(json_).substr(slot->begin, slot->size);
    }

   private:
    static constexpr std::size_t most_bytes = 64 << 10;
    struct Slot {
      std::uint32_t number_plus_1 = 0, begin = 0, size = 0;
    };
    std::array<Slot, 64> slots_{};
    std::string json_;
  };

  bool wants(query::Field field) const { return q_.fields >> static_cast<unsigned>(field) & 1; }
  std::size_t most_bytes(const JobRecord& r) const;
  char* head(char* at, const JobRecord& r);
  char* geometry(char* at, const JobRecord& r) const;
  char* what(char* at, const JobRecord& r);
  char* terms(char* at, const JobRecord& r);
  char* where(char* at, const JobRecord& r) const;
  char* near(char* at, const JobRecord& r);
  char* place(char* at, std::string_view names, const NearPlace& near);
  std::string_view source(const JobRecord& r);
  std::string_view station(std::uint32_t index);
  std::string_view site(std::uint32_t index);

  JsonWriter& w_;
  const query::JobQuery& q_;
  const data::Snapshot& s_;
  const data::JobTable& t_;
  const bool wgs84_;
  Pieces sources_, stations_, sites_;
};

}  // namespace jobmap::encode
