// GET /v1/suggest?q=&limit=: what a half-typed q may become. Titles, employers, stations and districts, those
// that are it first, then those that begin with it, then those that hold it; among equals districts,
// stations, titles, employers, and the more postings the earlier.
//
// Of the titles and employers with the letters in question, only those with the most postings are looked at
// (most_looked_at), so that no keystroke is dear.
#include <algorithm>

#include "data/index/snapshot.hpp"
#include "data/index/station_search.hpp"
#include "data/index/term_matcher.hpp"
#include "geo/deadline.hpp"
#include "server/api/endpoint.hpp"
#include "server/encode/json_writer.hpp"
#include "server/query/list/evaluate.hpp"
#include "server/query/parse/search_text.hpp"
#include "server/query/syntax/percent_coding.hpp"
#include "server/query/syntax/reader.hpp"

namespace jobmap::api {
namespace {

using data::TextIndex;

constexpr std::size_t most_looked_at = 500;
constexpr double station_radius_m = 800;

enum Rank : unsigned { whole, beginning, inside };
enum Kind : unsigned { district, station, title, employer };
constexpr std::array<std::string_view, 4> kind_names{"district", "station", "title", "employer"};

struct Suggestion {
  Rank rank;
  Kind kind;
  std::uint64_t ads;
  std::string_view text, id;
};

struct Suggester {
  const data::Snapshot& snapshot;
  std::string sought;  // folded as names are
  std::vector<std::string> terms;
  std::size_t limit;
  std::vector<Suggestion> found = {};

  Rank rank_of(std::string_view name) const {
    const std::string folded = data::fold_name(name);
    return folded == sought ? whole : folded.starts_with(sought) ? beginning : inside;
  }
  void add(Rank rank, Kind kind, std::uint64_t ads, std::string_view text, std::string_view id = {}) {
    if (ads > 0 || kind < title) found.push_back({rank, kind, ads, text, id});
  }

  void add_districts() {
    for (std::size_t d = 0; d < snapshot.districts(); ++d) {
      const auto name = snapshot.district_name(d);
      if (data::fold_name(name).find(sought) == std::string::npos) continue;
      query::JobQuery q;
      q.districts = {static_cast<std::uint8_t>(d)};
      const auto ads = count(q, snapshot).ads;
      if (d >= snapshot.city->districts.size() && ads == 0) continue;  // a code that only hidden jobs name
      add(rank_of(name), district, ads, name, snapshot.district_code(d));
    }
  }

  void add_stations(std::string_view text) {
    const auto stations = data::search_stations(*snapshot.city, text);
    for (std::size_t i = 0; i < std::min(stations.size(), limit); ++i) {
      const auto& s = snapshot.city->stations[stations[i]];
      query::JobQuery q;
      q.anchor = query::AnchorKind::station;
      q.anchors = {geo::to_lonlat(s.at)};
      q.radius_m = station_radius_m;
      // Found by its pinyin, it begins with what is sought as well.
      const auto& name = snapshot.city->station_spellings[stations[i]].name;
      const Rank rank = name.find(sought) == std::string::npos ? beginning : rank_of(s.name);
      add(rank, station, count(q, snapshot).ads, s.name, s.id);
    }
  }

  // Texts of one field: those with the most postings of all that may hold the terms.
  void add_texts(TextIndex::Field field, Kind kind) {
    const auto& index = *snapshot.jobs->texts;
    const auto begin = index.begin_of(field), end = index.end_of(field);
    std::uint64_t read = 0;
    std::vector<data::Bitmap> holding;
    for (const auto& term : terms)
      holding.push_back(index.may_hold(term, data::TermMatcher::unfinished, end, read));
    std::vector<std::pair<std::size_t, TextIndex::Text>> best;  // a heap, the fewest postings on top
    const auto more = [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    };
    for (std::size_t w = begin / 64; w * 64 < end; ++w) {
      auto m = data::word_mask(w, begin, end);
      for (const auto& texts : holding) m &= texts.word(w);
      for (; m; m &= m - 1) {
        geo::check_deadline();
        const auto t = static_cast<TextIndex::Text>(w * 64 + static_cast<unsigned>(std::countr_zero(m)));
        const std::pair candidate{index.rows_of(t).size(), t};
        if (best.size() == most_looked_at) {
          if (!more(candidate, best.front())) continue;
          std::pop_heap(best.begin(), best.end(), more);
          best.pop_back();
        }
        best.push_back(candidate);
        std::push_heap(best.begin(), best.end(), more);
      }
    }
    std::sort_heap(best.begin(), best.end(), more);
    add_best(index, best, kind);
  }

  void add_best(const TextIndex& index, const std::vector<std::pair<std::size_t, TextIndex::Text>>& best,
                Kind kind) {
    std::size_t added[3] = {};
    std::vector<data::TermMatcher> matchers;
    for (const auto& term : terms) matchers.emplace_back(std::vector{term}, data::TermMatcher::unfinished);
    for (const auto& [rows, t] : best) {
      geo::check_deadline();
      const auto text = index.text(t);
      const auto holds = [&](auto& matcher) { return matcher.matches(text); };
      if (!std::all_of(matchers.begin(), matchers.end(), holds)) continue;
      const Rank rank = rank_of(text);
      if (added[rank] == limit) continue;
      std::uint64_t ads = 0;
      for (const auto row : index.rows_of(t)) ads += snapshot.alive.test(row);
      add(rank, kind, ads, text);
      added[rank] += ads > 0;
    }
  }

  std::string body() {
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return a.rank != b.rank ? a.rank < b.rank : a.kind != b.kind ? a.kind < b.kind : a.ads > b.ads;
    });
    if (found.size() > limit) found.resize(limit);
    std::string text;
    encode::JsonWriter w(text);
    w.raw(R"({"generation":)");
    w.text(snapshot.generation);
    w.raw(R"(,"suggestions":[)");
    for (const auto& s : found) {
      w.raw(&s == found.data() ? "\n{\"kind\":" : ",\n{\"kind\":");
      w.text(kind_names[s.kind]);
      w.raw(R"(,"text":)");
      w.text(s.text);
      if (!s.id.empty()) w.raw(R"(,"id":)"), w.text(s.id);
      w.raw(R"(,"ads":)");
      w.integer(static_cast<std::int64_t>(s.ads));
      w.raw("}");
    }
    w.raw("\n]}\n");
    w.finish();
    return text;
  }
};

std::string suggest_for(const data::Snapshot& snapshot, const std::string& text,
                        const std::vector<std::string>& terms, std::size_t limit) {
  Suggester s{snapshot, data::fold_name(text), terms, limit};
  s.add_districts();
  s.add_stations(text);
  s.add_texts(TextIndex::title, title);
  s.add_texts(TextIndex::employer, employer);
  return s.body();
}

}  // namespace

query::Result<Prepared> suggest(const Call& call) {
  query::Reader r(call.params);
  const auto format = negotiate(call, r, {Format::json});
  if (!format) return format.error();
  const auto terms = query::read_terms(r, "q", query::TermSyntax::plain);
  const auto limit = r.integer("limit", 1, 20).value_or(10);
  if (terms.empty()) r.fail("q", "", "there is nothing to complete", "the beginning of a word or a name");
  r.finish();
  if (r.failed()) return r.error();
  const std::string text = *call.params.find("q");
  return Prepared{.canonical = "q=" + query::percent_encode(text) + "&limit=" + std::to_string(limit),
                  .format = *format,
                  .make = [s = call.snapshot, text, terms, limit]() -> query::Result<std::string> {
                    return suggest_for(*s, text, terms, static_cast<std::size_t>(limit));
                  }};
}

}  // namespace jobmap::api
