// OpenStreetMap's XML, as the API, Overpass, osmium and editors write it, by expat.
#include <expat.h>

#include <charconv>
#include <cmath>
#include <exception>
#include <memory>
#include <stdexcept>
#include <vector>

#include "data/ingest/osm/latest.hpp"
#include "data/ingest/osm/source.hpp"

namespace jobmap::data::osm {
namespace {

constexpr std::size_t xml_piece = 1 << 16;
// A way has 2,000 nodes at most where it is edited, a relation 32,000 members: beyond this it is no map.
constexpr std::size_t most_parts = 1'000'000;
// A relation of 32,000 members, each with the longest role that may be, is within it.
constexpr std::size_t most_text = 64 << 20;
// How long expat may keep a single mark-up that doesn't end.
constexpr std::int64_t longest_markup = 1 << 20;

// expat is C: what is thrown inside waits until it has returned.
class Reader {
 public:
  explicit Reader(Sink& sink) : latest_(sink), parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
  }

  void feed(const char* bytes, std::size_t n, bool last) {
    const auto status = XML_Parse(parser_.get(), bytes, static_cast<int>(n), last);
    fed_ += static_cast<std::int64_t>(n);
    if (failure_) std::rethrow_exception(failure_);
    if (status != XML_STATUS_OK)
      throw std::runtime_error("is cut off, or damaged, in line " + std::to_string(line()) + ": " +
                               XML_ErrorString(XML_GetErrorCode(parser_.get())));
    if (const auto at = XML_GetCurrentByteIndex(parser_.get()); at >= 0 && fed_ - at > longest_markup)
      damaged("a mark-up doesn't end");
  }
  void finish() { latest_.flush(); }

 private:
  // The attributes that matter of any element.
  struct Attributes {
    const char *id = nullptr, *lat = nullptr, *lon = nullptr, *ref = nullptr, *type = nullptr,
               *role = nullptr, *key = nullptr, *value = nullptr, *visible = nullptr, *action = nullptr;
  };

  static void on_start(void* self, const char* name, const char** attributes) {
    static_cast<Reader*>(self)->guard([&](Reader& r) { r.start(name, attributes); });
  }
  static void on_end(void* self, const char*) {
    static_cast<Reader*>(self)->guard([](Reader& r) { r.end(); });
  }
  static void on_doctype(void* self, const char*, const char*, const char*, int) {
    static_cast<Reader*>(self)->guard([](Reader& r) { r.damaged("an extract has no DOCTYPE"); });
  }
  template <typename Call>
  void guard(Call call) {
    if (failure_) return;
    try {
      call(*this);
    } catch (...) {
      failure_ = std::current_exception();
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }

  std::uint64_t line() const { return XML_GetCurrentLineNumber(parser_.get()); }
  [[noreturn]] void damaged(const std::string& why) const {
    throw std::runtime_error("is damaged, in line " + std::to_string(line()) + ": " + why);
  }

  static Attributes attributes_of(const char** list) {
    Attributes a;
    for (; *list; list += 2) {
      const std::string_view name = list[0];
      const char* Attributes::*const at = name == "id"        ? &Attributes::id
                                          : name == "lat"     ? &Attributes::lat
                                          : name == "lon"     ? &Attributes::lon
                                          : name == "ref"     ? &Attributes::ref
                                          : name == "type"    ? &Attributes::type
                                          : name == "role"    ? &Attributes::role
                                          : name == "k"       ? &Attributes::key
                                          : name == "v"       ? &Attributes::value
                                          : name == "visible" ? &Attributes::visible
                                          : name == "action"  ? &Attributes::action
                                                              : nullptr;
      if (at) a.*at = list[1];
    }
    return a;
  }
  std::int64_t id_of(const char* text, const char* what) const {
    if (!text) damaged(std::string(what) + " has no id");
    const std::string_view digits(text);
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    if (error != std::errc() || end != digits.data() + digits.size())
      damaged(std::string(what) + " has the id '" + std::string(digits.substr(0, 40)) +
              "', which is no whole number");
    return id;
  }
  geo::PointE7 place_of(const Attributes& a) const {
    const auto number = [&](const char* text) {
      const std::string_view digits(text ? text : "");
      double value = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      const bool whole = error == std::errc() && end == digits.data() + digits.size();
      return whole ? value : std::nan("");
    };
    const geo::LonLat at{number(a.lon), number(a.lat)};
    if (!geo::is_valid(at)) damaged("a node is not on the globe");
    return geo::to_e7(at);
  }

  void start(std::string_view name, const char** list) {
    ++depth_;
    if (depth_ == 1) return check_root(name);
    if (depth_ == 2) return begin_thing(name, attributes_of(list));
    if (depth_ == 3 && inside_) return part(name, attributes_of(list));
  }

  void check_root(std::string_view name) const {
    if (name == "osmChange")
      throw std::runtime_error(
          "holds changes (osmChange), which are not read: apply them to an extract (osmium apply-changes) "
          "and "
          "import that");
    if (name != "osm")
      throw std::runtime_error("is no OpenStreetMap XML: its root is '" + std::string(name.substr(0, 40)) +
                               "', not 'osm'");
  }

  void begin_thing(std::string_view name, const Attributes& a) {
    inside_ = name == "node" || name == "way" || name == "relation";
    if (!inside_) return;
    kind_ = name == "node" ? Kind::node : name == "way" ? Kind::way : Kind::relation;
    id_ = id_of(a.id, name == "node" ? "a node" : name == "way" ? "a way" : "a relation");
    gone_ = (a.visible && std::string_view(a.visible) == "false") ||
            (a.action && std::string_view(a.action) == "delete");
    if (kind_ == Kind::node && !gone_) at_ = place_of(a);
    texts_.clear();
    parts_.clear();
    tags_.clear();
  }

  void part(std::string_view name, const Attributes& a) {
    if (gone_) return;
    if (parts_.size() + tags_.size() >= most_parts) damaged("a thing has more than a million parts");
    if (name == "tag" && a.key && a.value) {
      tags_.push_back({keep(a.key), keep(a.value)});
    } else if (name == "nd" && kind_ == Kind::way) {
      Part p{Kind::node, id_of(a.ref, "a node of a way"), {}};
      if (a.lat && a.lon) latest_.place(p.id, place_of(a));
      parts_.push_back(p);
    } else if (name == "member" && kind_ == Kind::relation) {
      const std::string_view type = a.type ? a.type : "";
      const auto kind = type == "node" ? Kind::node : type == "way" ? Kind::way : Kind::relation;
      parts_.push_back({kind, id_of(a.ref, "a member of a relation"), keep(a.role ? a.role : "")});
    }
  }

  void end() {
    if (depth_-- != 2 || !inside_) return;
    inside_ = false;
    if (gone_) return latest_.gone(kind_, id_);
    views_.clear();
    for (const auto& [key, value] : tags_) views_.push_back({kept(key), kept(value)});
    if (kind_ == Kind::node) return latest_.node(id_, at_, views_);
    if (kind_ == Kind::way) {
      nodes_.clear();
      for (const Part& p : parts_) nodes_.push_back(p.id);
      return latest_.way(id_, nodes_, views_);
    }
    members_.clear();
    for (const Part& p : parts_) members_.push_back({p.kind, p.id, kept(p.role)});
    latest_.relation(id_, members_, views_);
  }

  struct Range {
    std::size_t begin = 0, size = 0;
  };
  struct Part {  // a node of a way, or a member of a relation
    Kind kind;
    std::int64_t id;
    Range role;
  };
  Range keep(std::string_view text) {
    if (text.size() > most_text - texts_.size()) damaged("a thing has more than 64 MiB of text");
    texts_ += text;
    return {texts_.size() - text.size(), text.size()};
  }
  std::string_view kept(Range r) const { return std::string_view(texts_).substr(r.begin, r.size); }

  Latest latest_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  std::exception_ptr failure_;
  std::int64_t fed_ = 0;
  int depth_ = 0;
  bool inside_ = false, gone_ = false;  // of a node, a way or a relation, and whether that is deleted
  Kind kind_ = Kind::node;
  std::int64_t id_ = 0;
  geo::PointE7 at_{};
  std::string texts_;
  std::vector<std::pair<Range, Range>> tags_;
  std::vector<Part> parts_;
  std::vector<Tag> views_;
  std::vector<std::int64_t> nodes_;
  std::vector<Member> members_;
};

}  // namespace

void read_xml(Source& source, Sink& sink, const Progress& progress) {
  Reader reader(sink);
  std::vector<char> buffer(xml_piece);
  std::size_t n = 0;
  do {
    n = source.read(buffer.data(), buffer.size());
    reader.feed(buffer.data(), n, n < buffer.size());
    if (progress) progress(source.taken(), source.size());
  } while (n == buffer.size());
  reader.finish();
}

}  // namespace jobmap::data::osm
