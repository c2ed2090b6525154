// A GeoJSON FeatureCollection (RFC 7946) as rows: properties are columns, a Point is lon and lat, and lines
// and areas are the row's geometry. Boost.JSON parses, fed a line at a time so that the place of each feature
// in the file is known; what it lets through and we don't, a key given twice and a number that overflows, is
// caught in the handler.
#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <functional>
#include <set>
#include <stdexcept>

#include "data/ingest/table/row.hpp"

namespace jobmap::data {
namespace {

namespace json = boost::json;

struct Feature {
  std::uint64_t line = 0;
  std::vector<std::string> values;
  RowGeometry geometry;
  std::string fault;
};

// Gives each member of the root's "features" to `take` as a value of its own, so that a file is never a tree
// whole.
class FeatureHandler {
 public:
  static constexpr std::size_t max_array_size = -1, max_object_size = -1, max_string_size = -1,
                               max_key_size = -1;
  std::function<void(json::value, std::uint64_t line, std::string fault)> take;
  std::uint64_t line = 1;
  bool is_collection = false, has_features = false;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    if (is_member()) {
      stack_.emplace();
      feature_line_ = line;
      fault_.clear();
    }
    keys_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t n, json::error_code&) {
    keys_.pop_back();
    if (!stack_) return true;
    stack_->push_object(n);
    if (keys_.size() == 1 && arrays_ == 1) {
      take(stack_->release(), feature_line_, fault_);
      stack_.reset();
    }
    return true;
  }
  bool on_array_begin(json::error_code&) {
    if (is_member()) refuse_member();
    if (keys_.size() == 1 && arrays_ == 0 && root_key_ == "features") features_ = has_features = true;
    ++arrays_;
    return true;
  }
  bool on_array_end(std::size_t n, json::error_code&) {
    --arrays_;
    if (stack_) stack_->push_array(n);
    if (arrays_ == 0) features_ = false;
    return true;
  }
  bool on_key_part(json::string_view s, std::size_t, json::error_code&) {
    key_.append(s.data(), s.size());
    if (stack_) stack_->push_chars(s);
    return true;
  }
  bool on_key(json::string_view s, std::size_t, json::error_code&) {
    key_.append(s.data(), s.size());
    if (stack_) stack_->push_key(s);
    if (!keys_.back().insert(key_).second && fault_.empty()) fault_ = "has the key '" + key_ + "' twice";
    if (keys_.size() == 1) root_key_ = key_;
    key_.clear();
    return true;
  }
  bool on_string_part(json::string_view s, std::size_t, json::error_code&) {
    string_.append(s.data(), s.size());
    if (stack_) stack_->push_chars(s);
    return true;
  }
  bool on_string(json::string_view s, std::size_t, json::error_code&) {
    string_.append(s.data(), s.size());
    push([&] { stack_->push_string(s); });
    if (keys_.size() == 1 && arrays_ == 0 && root_key_ == "type")
      is_collection = string_ == "FeatureCollection";
    string_.clear();
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t v, json::string_view, json::error_code&) {
    return push([&] { stack_->push_int64(v); });
  }
  bool on_uint64(std::uint64_t v, json::string_view, json::error_code&) {
    return push([&] { stack_->push_uint64(v); });
  }
  bool on_double(double v, json::string_view, json::error_code&) {
    if (!std::isfinite(v) && fault_.empty()) fault_ = "holds a number too large to be one";
    return push([&] { stack_->push_double(v); });
  }
  bool on_bool(bool v, json::error_code&) {
    return push([&] { stack_->push_bool(v); });
  }
  bool on_null(json::error_code&) {
    return push([&] { stack_->push_null(); });
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  template <typename Push>
  bool push(Push&& onto_stack) {
    if (stack_)
      onto_stack();
    else if (is_member())
      refuse_member();
    return true;
  }

  // A member of "features" begins here.
  bool is_member() const { return features_ && keys_.size() == 1 && arrays_ == 1 && !stack_; }
  void refuse_member() { take(nullptr, line, "is not a Feature but another kind of JSON"); }

  std::optional<json::value_stack> stack_;   // of the feature we are in
  std::vector<std::set<std::string>> keys_;  // of the objects we are in
  std::size_t arrays_ = 0;
  bool features_ = false;  // in the root's "features"
  std::string root_key_, key_, string_, fault_;
  std::uint64_t feature_line_ = 0;
};

struct Refusal {
  std::string reason;
};

// A number as the shortest text that reads back the same.
std::string to_text(double v) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, v).ptr};
}

// Texts and numbers; an array of them is joined by ';', and an array of such arrays by '|', as a CSV cell has
// them.
std::string to_text(const json::value& v, std::string_view name, int depth = 0) {
  if (v.is_string()) return std::string(v.get_string());
  if (v.is_int64()) return std::to_string(v.get_int64());
  if (v.is_uint64()) return std::to_string(v.get_uint64());
  if (v.is_double()) return to_text(v.get_double());
  if (!v.is_array() || depth > 1)
    throw Refusal{"property '" + std::string(name) + "' is neither a text nor a number"};
  const bool nested = !v.get_array().empty() && v.get_array()[0].is_array();
  std::string out;
  for (const auto& item : v.get_array())
    out += (&item == v.get_array().begin() ? "" : nested ? "|" : ";") + to_text(item, name, depth + 1);
  return out;
}

geo::LonLat to_position(const json::value& v) {
  const auto* a = v.if_array();
  if (!a || a->size() < 2 || a->size() > 3 || !(*a)[0].is_number() || !(*a)[1].is_number())
    throw Refusal{"a position is not an array of two numbers"};
  return {(*a)[0].to_number<double>(), (*a)[1].to_number<double>()};
}

// Arrays of `read` things.
template <typename Read>
auto to_list(const json::value& v, Read&& read) {
  std::vector<decltype(read(v))> out;
  const auto* a = v.if_array();
  if (!a) throw Refusal{"the coordinates are not nested as the type of the geometry says"};
  out.reserve(a->size());
  for (const auto& item : *a) out.push_back(read(item));
  return out;
}

class GeoJson final : public RowSource {
 public:
  GeoJson(std::string_view text, const LayerColumns& columns) : columns_(columns) {
    json::basic_parser<FeatureHandler> parser{json::parse_options{}};
    auto& handler = parser.handler();
    handler.take = [this](json::value v, std::uint64_t line, std::string fault) {
      add(v, line, std::move(fault));
    };
    json::error_code error;
    while (!text.empty() && !error) {
      const auto piece = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
      parser.write_some(true, piece.data(), piece.size(), error);
      if (piece.ends_with('\n') && !error) ++handler.line;
      text.remove_prefix(piece.size());
    }
    if (!error) parser.write_some(false, nullptr, 0, error);
    if (error)
      throw std::runtime_error("line " + std::to_string(handler.line) + " is not JSON: " + error.message());
    if (!handler.is_collection || !handler.has_features)
      throw std::runtime_error("the file is JSON, but not a GeoJSON FeatureCollection");
  }

  std::size_t size() const override { return features_.size(); }

  void read(std::size_t index, SourceRow& row) const override {
    const Feature& f = features_[index];
    row.line = f.line;
    row.values.assign(f.values.begin(), f.values.end());
    row.fault = f.fault;
    row.geometry = &f.geometry;
  }

 private:
  void add(const json::value& v, std::uint64_t line, std::string fault) {
    Feature& f = features_.emplace_back();
    f.line = line;
    f.values.resize(columns_.names.size());
    f.fault = std::move(fault);
    if (!f.fault.empty()) return;
    try {
      read_feature(v.get_object(), f);
    } catch (const Refusal& refusal) {
      f.fault = refusal.reason;
    }
  }

  void read_feature(const json::object& object, Feature& f) {
    const auto* type = object.if_contains("type");
    if (!type || *type != "Feature") throw Refusal{"is not a Feature"};
    if (const auto* properties = object.if_contains("properties"); properties && !properties->is_null()) {
      if (!properties->is_object()) throw Refusal{"its properties are not an object"};
      for (const auto& [name, value] : properties->get_object()) set(f, name, value);
    }
    // Where the layer has no ids, that of a feature is the format's own affair.
    if (const auto* id = object.if_contains("id"); id && has_column("id") && value_of(f, "id").empty())
      set(f, "id", *id);
    if (const auto* geometry = object.if_contains("geometry"); geometry && !geometry->is_null())
      read_geometry(*geometry, f);
  }

  void set(Feature& f, std::string_view name, const json::value& value) {
    if (name == "lon" || name == "lat")
      throw Refusal{"property '" + std::string(name) + "' belongs into the geometry"};
    if (!value.is_null()) value_of(f, name) = to_text(value, name);
  }

  bool has_column(std::string_view name) const {
    return std::find(columns_.names.begin(), columns_.names.end(), name) != columns_.names.end();
  }
  std::string& value_of(Feature& f, std::string_view name) {
    const auto known = std::find(columns_.names.begin(), columns_.names.end(), name);
    if (known == columns_.names.end())
      throw Refusal{"property '" + std::string(name) + "' is not one of this layer's"};
    return f.values[static_cast<std::size_t>(known - columns_.names.begin())];
  }

  void read_geometry(const json::value& v, Feature& f) {
    const auto* object = v.if_object();
    const auto* type = object ? object->if_contains("type") : nullptr;
    const auto* coordinates = object ? object->if_contains("coordinates") : nullptr;
    if (!type || !type->is_string() || !coordinates)
      throw Refusal{"its geometry has no type or no coordinates"};
    const std::string_view name = type->get_string();
    const auto line = [](const json::value& c) { return to_list(c, to_position); };
    const auto lines = [&](const json::value& c) { return to_list(c, line); };
    if (has_column("lon") != (name == "Point")) throw Refusal{"its geometry is a " + std::string(name)};
    if (name == "Point") {
      const auto p = to_position(*coordinates);
      value_of(f, "lon") = to_text(p.lon);
      value_of(f, "lat") = to_text(p.lat);
    } else if (name == "LineString") {
      f.geometry = geo::MultiLineString{line(*coordinates)};
    } else if (name == "MultiLineString") {
      f.geometry = lines(*coordinates);
    } else if (name == "Polygon") {
      f.geometry = geo::MultiPolygon{lines(*coordinates)};
    } else if (name == "MultiPolygon") {
      f.geometry = to_list(*coordinates, lines);
    } else {
      throw Refusal{"its geometry is a " + std::string(name)};
    }
  }

  LayerColumns columns_;
  std::vector<Feature> features_;
};

}  // namespace

std::unique_ptr<RowSource> open_geojson(std::string_view text, const LayerColumns& columns) {
  return std::make_unique<GeoJson>(text, columns);
}

}  // namespace jobmap::data
