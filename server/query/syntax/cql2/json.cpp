#include "server/query/syntax/cql2/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "server/query/syntax/cql2/equality.hpp"
#include "server/query/syntax/cql2/tokens.hpp"
#include "server/query/syntax/number_text.hpp"

namespace jobmap::query::cql2 {
namespace {

namespace json = boost::json;

struct Refusal {
  std::string at, message, allowed;
};

constexpr std::string_view operators =
    "and, or, not, =, <>, <, <=, >, >=, like, between, in, isNull, casei, s_intersects, s_within, "
    "s_disjoint, t_after, "
    "t_before, t_during, t_equals, t_intersects, t_disjoint";

std::string with_quotes_doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

// Writes conditions in CQL2 text and has the parser of texts read them one by one; only how they are joined
// is read here.
class JsonReader {
 public:
  explicit JsonReader(const Options& options) : o_(options) { o_.dialect = Dialect::plain; }

  Node condition(const json::value& value, const std::string& at, int depth) const {
    if (depth > max_depth)
      refuse(at, "the expression is nested deeper than " + std::to_string(max_depth), "a flatter one");
    if (const auto* constant = value.if_bool()) return leaf(*constant ? "TRUE" : "FALSE", at);
    const auto& name = operator_of(value, at);
    if (name == "not") {
      Node node;
      node.kind = Node::Kind::negation;
      node.children.push_back(condition(args(value, at, 1)[0], at + "/args/0", depth + 1));
      return node;
    }
    if (name == "and" || name == "or") {
      const auto& members = args(value, at, 0);
      if (members.size() < 2) refuse(at + "/args", '"' + name + "\" takes two conditions or more", "[…, …]");
      std::vector<Node> nodes;
      for (std::size_t i = 0; i < members.size(); ++i)
        nodes.push_back(condition(members[i], at + "/args/" + std::to_string(i), depth + 1));
      Node node = conjunction(std::move(nodes));
      if (name == "or") node.kind = Node::Kind::any_of;
      return node;
    }
    return leaf(predicate(name, value, at), at);
  }

 private:
  [[noreturn]] static void refuse(std::string at, std::string message, std::string allowed) {
    throw Refusal{std::move(at), std::move(message), std::move(allowed)};
  }

  Node leaf(const std::string& text, const std::string& at) const {
    if (text.find('\0') != text.npos) refuse(at, "a text holds a NUL", "texts without NUL");
    auto parsed = parse(text, o_);
    if (parsed) return std::move(parsed->root);
    // A place in the CQL2 text means nothing to somebody who wrote JSON.
    auto message = parsed.error().message;
    if (message.starts_with("at character ")) message.erase(0, message.find(": ") + 2);
    refuse(at, std::move(message), parsed.error().allowed);
  }

  static std::string operator_of(const json::value& value, const std::string& at) {
    const auto* object = value.if_object();
    const auto* op = object ? object->if_contains("op") : nullptr;
    if (!op || !op->is_string())
      refuse(at, "this is no condition", R"({"op": …, "args": […]}, true or false)");
    for (const auto& [name, member] : *object)
      if (name != "op" && name != "args")
        refuse(at + '/' + std::string(name.substr(0, 40)), "a condition has no such member", "op, args");
    return std::string(op->get_string());
  }
  // wanted: how many; 0 for any.
  static const json::array& args(const json::value& value, const std::string& at, std::size_t wanted) {
    const auto* list = value.get_object().if_contains("args");
    if (!list || !list->is_array()) refuse(at, "the operator has no arguments", R"("args": […])");
    if (wanted && list->get_array().size() != wanted)
      refuse(at + "/args", "these are " + std::to_string(list->get_array().size()) + " arguments",
             std::to_string(wanted));
    return list->get_array();
  }

  std::string predicate(const std::string& name, const json::value& value, const std::string& at) const {
    const auto arg = [&](std::size_t n, std::size_t i) {
      return operand(args(value, at, n)[i], at + "/args/" + std::to_string(i));
    };
    if (std::find(compare_names.begin(), compare_names.end(), name) != compare_names.end())
      return arg(2, 0) + ' ' + name + ' ' + arg(2, 1);
    if (name == "like") return arg(2, 0) + " LIKE " + arg(2, 1);
    if (name == "between") return arg(3, 0) + " BETWEEN " + arg(3, 1) + " AND " + arg(3, 2);
    if (name == "isNull") return arg(1, 0) + " IS NULL";
    if (name == "in") {
      const auto* list = args(value, at, 2)[1].if_array();
      if (!list || list->empty()) refuse(at + "/args/1", "these are no values", "a list of one or more");
      std::string text = arg(2, 0) + " IN (";
      for (std::size_t i = 0; i < list->size(); ++i)
        text += (i ? "," : "") + operand((*list)[i], at + "/args/1/" + std::to_string(i));
      return text + ')';
    }
    const auto function = upper_case(name);
    const bool known =
        std::find(temporal_names.begin(), temporal_names.end(), function) != temporal_names.end() ||
        std::find(spatial_names.begin(), spatial_names.end(), function) != spatial_names.end();
    if (!known) refuse(at + "/op", "there is no operator " + name.substr(0, 40), std::string(operators));
    return function + '(' + arg(2, 0) + ',' + arg(2, 1) + ')';
  }

  std::string operand(const json::value& value, const std::string& at) const {
    if (const auto* text = value.if_string()) return with_quotes_doubled(*text, '\'');
    if (value.is_number()) return number(value, at);
    const auto* object = value.if_object();
    for (const auto* alone : {"property", "date", "timestamp", "interval", "bbox"})
      if (object && object->contains(alone) && object->size() > 1 && !object->contains("coordinates"))
        refuse(at, "beside " + std::string(alone) + " there is another member",
               std::string(alone) + " alone");
    if (object && object->contains("property"))
      return with_quotes_doubled(text_in(*object, "property", at), '"');
    if (object && object->contains("date"))
      return "DATE(" + with_quotes_doubled(text_in(*object, "date", at), '\'') + ')';
    if (object && object->contains("timestamp"))
      return "TIMESTAMP(" + with_quotes_doubled(text_in(*object, "timestamp", at), '\'') + ')';
    if (object && object->contains("interval")) return interval(object->at("interval"), at + "/interval");
    if (object && object->contains("bbox")) return box(object->at("bbox"), at + "/bbox");
    if (object && object->contains("coordinates")) return geometry(*object, at);
    if (object && object->contains("op") && operator_of(value, at) == "casei")
      return "CASEI(" + operand(args(value, at, 1)[0], at + "/args/0") + ')';
    refuse(
        at, "this is no value",
        R"(a text, a number, {"property": …}, {"date": …}, {"timestamp": …}, {"interval": […]}, {"bbox": […]}, a )"
        R"(GeoJSON geometry or {"op": "casei", "args": […]})");
  }

  static std::string number(const json::value& value, const std::string& at) {
    const double v = value.is_number() ? value.to_number<double>() : NAN;
    if (!std::isfinite(v)) refuse(at, "this is not a finite number", "a decimal number");
    return shortest_decimal(v);
  }
  static std::string_view text_in(const json::object& object, std::string_view name, const std::string& at) {
    const auto& value = object.at(name);
    if (!value.is_string()) refuse(at + '/' + std::string(name), "this is no text", "a text");
    return value.get_string();
  }

  static std::string interval(const json::value& value, const std::string& at) {
    const auto* ends = value.if_array();
    if (!ends || ends->size() != 2 || !(*ends)[0].is_string() || !(*ends)[1].is_string())
      refuse(at, "this is no interval", R"(two dates or times as texts, either of which may be "..")");
    return "INTERVAL(" + with_quotes_doubled((*ends)[0].get_string(), '\'') + ',' +
           with_quotes_doubled((*ends)[1].get_string(), '\'') + ')';
  }

  static std::string box(const json::value& value, const std::string& at) {
    const auto* list = value.if_array();
    if (!list || (list->size() != 4 && list->size() != 6)) refuse(at, "this is no box", "4 or 6 numbers");
    std::string text = "BBOX(";
    const std::size_t second = list->size() / 2;  // heights count for nothing
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}, second, second + 1})
      text += (i ? "," : "") + number((*list)[i], at + '/' + std::to_string(i));
    return text + ')';
  }

  // GeoJSON's coordinates as WKT has them: positions lie `levels` lists deep.
  static std::string geometry(const json::object& object, const std::string& at) {
    constexpr std::pair<std::string_view, int> kinds[] = {
        {"Point", 0}, {"MultiPoint", 1}, {"LineString", 1}, {"Polygon", 2}, {"MultiPolygon", 3}};
    const auto type = object.contains("type") ? text_in(object, "type", at) : std::string_view();
    for (const auto& [name, levels] : kinds) {
      if (name != type) continue;
      const auto inside = coordinates(object.at("coordinates"), at + "/coordinates", levels);
      return upper_case(name) + (levels ? inside : '(' + inside + ')');
    }
    refuse(at + "/type", "this geometry is not supported",
           "Point, MultiPoint, LineString, Polygon, MultiPolygon");
  }
  static std::string coordinates(const json::value& value, const std::string& at, int levels) {
    const auto* list = value.if_array();
    if (!list || (levels == 0 && list->size() < 2))
      refuse(at, "these are no coordinates", "numbers in lists");
    if (levels == 0) return number((*list)[0], at + "/0") + ' ' + number((*list)[1], at + "/1");
    std::string text = "(";
    for (std::size_t i = 0; i < list->size(); ++i)
      text += (i ? "," : "") + coordinates((*list)[i], at + '/' + std::to_string(i), levels - 1);
    return text + ')';
  }

  Options o_;
};

}  // namespace

Result<Expression> parse_json(std::string_view text, const Options& options) {
  const auto refuse = [&](std::string message, std::string allowed) {
    return Error{Code::bad_request, std::move(message), std::string(options.parameter), std::string(text),
                 std::move(allowed)};
  };
  if (text.size() > max_bytes)
    return refuse("the expression is longer than " + std::to_string(max_bytes) + " bytes", "a shorter one");
  json::error_code error;
  json::parse_options limits;
  limits.max_depth =
      2 * max_depth + 16;  // each operator is an object and a list; a geometry is some lists more
  const auto value = json::parse(text, error, {}, limits);
  if (error) return refuse("the expression is not JSON: " + error.message(), R"({"op": …, "args": […]})");
  try {
    auto expression = expression_of(JsonReader(options).condition(value, "", 0), options.queryables);
    return expression;
  } catch (const Refusal& r) {
    return refuse("at " + (r.at.empty() ? "/" : r.at) + ": " + r.message,
                  r.allowed.empty() ? "CQL2 JSON over the queryables" : r.allowed);
  }
}

}  // namespace jobmap::query::cql2
