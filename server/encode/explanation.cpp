#include "server/encode/explanation.hpp"

#include "server/encode/json_writer.hpp"
#include "server/encode/travel.hpp"

namespace jobmap::encode {
namespace {

void write(JsonWriter& w, const query::Fact& fact) {
  if (const auto* number = std::get_if<double>(&fact))
    w.real(*number, decimals::amount);
  else if (const auto* text = std::get_if<std::string>(&fact))
    w.text(*text);
  else
    w.raw("null");
}

}  // namespace

std::string explanation_json(const ExplanationAnswer& a) {
  std::string body;
  JsonWriter w(body);
  w.raw(R"({"id":)"), w.text(a.snapshot.jobs->public_id(a.row));
  w.raw(R"(,"matches":)"), w.boolean(a.explanation.matches);
  w.raw(R"(,"generation":)"), w.text(a.snapshot.generation);
  w.raw(","), write_method(w, a.query, a.snapshot);
  w.raw(R"(,"predicates":[)");
  for (const char* comma = ""; const auto& v : a.explanation.verdicts) {
    w.raw(comma), w.raw(R"({"parameter":)"), w.text(v.parameter);
    w.raw(R"(,"value":)"), w.text(v.value);
    w.raw(R"(,"passed":)"), w.boolean(v.passed);
    w.raw(R"(,"actual":)"), write(w, v.actual);
    w.raw(R"(,"limit":)"), write(w, v.limit);
    w.raw(R"(,"text":)"), w.text(v.text), w.raw("}");
    comma = ",\n";
  }
  w.raw("]}\n"), w.finish();
  return body;
}

}  // namespace jobmap::encode
