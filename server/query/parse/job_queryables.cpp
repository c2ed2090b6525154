#include "server/query/parse/job_queryables.hpp"

namespace jobmap::query {
namespace {

using cql2::Queryable;
using cql2::Type;
using cql2::Value;
using data::JobText;

// In the order of JobProperty.
const Queryable queryables[] = {
    {"id"},
    {"source"},
    {"title"},
    {"description"},
    {"category", Type::text, data::category_names},
    {"openings", Type::number},
    {"employer"},
    {"uscc"},
    {"pay_min", Type::number},
    {"pay_max", Type::number},
    {"pay_unit", Type::text, data::pay_unit_names},
    {"settlement", Type::text, data::settlement_names},
    {"shifts"},
    {"months", Type::number},
    {"stipend", Type::number},
    {"education", Type::text, data::education_names},
    {"experience", Type::number},
    {"occupation"},
    {"industry"},
    {"address"},
    {"district"},
    {"precision", Type::text, data::precision_names},
    {"apply_url"},
    {"contact"},
    {"published_at", Type::time},
    {"expires_at", Type::time},
    {"geometry", Type::geometry},
};

constexpr std::string_view industry_letters = "ABCDEFGHIJKLMNOPQRST";

Value number(double value, bool there) { return there ? Value(value) : Value(); }
Value name(std::string_view name) { return name.empty() ? Value() : Value(name); }
Value time(std::uint32_t seconds) { return seconds ? Value(cql2::Span{seconds, seconds}) : Value(); }

}  // namespace

std::span<const Queryable> job_queryables() { return queryables; }

const std::uint8_t* byte_column(const data::JobTable& t, JobProperty property) {
  switch (property) {
    case JobProperty::source:
      return t.source.data();
    case JobProperty::category:
      return t.category.data();
    case JobProperty::pay_unit:
      return t.pay_unit.data();
    case JobProperty::settlement:
      return t.settlement.data();
    case JobProperty::months:
      return t.months.data();
    case JobProperty::education:
      return t.education.data();
    case JobProperty::experience:
      return reinterpret_cast<const std::uint8_t*>(t.experience.data());
    case JobProperty::industry:
      return t.industry.data();
    case JobProperty::district:
      return t.district.data();
    case JobProperty::precision:
      return t.precision.data();
    default:
      return nullptr;
  }
}

Value byte_value(const data::Snapshot& s, JobProperty property, std::uint8_t byte) {
  const auto name_in = [&](const auto& names) { return byte < names.size() ? name(names[byte]) : Value(); };
  switch (property) {
    case JobProperty::source:
      return name_in(s.jobs->sources);
    case JobProperty::category:
      return name_in(data::category_names);
    case JobProperty::pay_unit:
      return name_in(data::pay_unit_names);
    case JobProperty::settlement:
      return name_in(data::settlement_names);
    case JobProperty::months:
      return number(byte, byte != 0);
    case JobProperty::education:
      return name_in(data::education_names);
    case JobProperty::experience:
      return number(byte, byte < 128);
    case JobProperty::industry:
      return byte < industry_letters.size() ? name(industry_letters.substr(byte, 1)) : Value();
    case JobProperty::district:
      return byte < s.districts() ? name(s.district_code(byte)) : Value();
    case JobProperty::precision:
      return name_in(data::precision_names);
    default:
      return {};
  }
}

std::optional<WholeNumbers> whole_numbers(const data::JobTable& t, JobProperty property) {
  switch (property) {
    case JobProperty::openings:
      return WholeNumbers{t.openings.data()};
    case JobProperty::pay_min:
      return WholeNumbers{t.pay_min.data(), 100};
    case JobProperty::pay_max:
      return WholeNumbers{t.pay_max.data(), 100};
    case JobProperty::stipend:
      return WholeNumbers{t.stipend.data(), 100};
    default:
      return std::nullopt;
  }
}

Value JobProperties::text(JobText::Field field) const { return name(s_.jobs->text(row_).field[field]); }

Value JobProperties::get(int index) const {
  const auto& t = *s_.jobs;
  const auto property = static_cast<JobProperty>(index);
  if (const auto* bytes = byte_column(t, property)) return byte_value(s_, property, bytes[row_]);
  if (const auto numbers = whole_numbers(t, property))
    return number(numbers->column[row_] / numbers->per_unit, numbers->column[row_] >= 0);
  switch (property) {
    case JobProperty::id:
      id_ = t.public_id(row_);
      return std::string_view(id_);
    case JobProperty::title:
      return name(t.id_and_title(row_).title);
    case JobProperty::description:
      return text(JobText::description);
    case JobProperty::employer:
      return text(JobText::employer);
    case JobProperty::uscc:
      return text(JobText::uscc);
    case JobProperty::shifts:
      return text(JobText::shifts);
    case JobProperty::occupation:
      return t.occupation[row_] < 0 ? Value()
                                    : name(t.occupations[static_cast<std::size_t>(t.occupation[row_])]);
    case JobProperty::address:
      return text(JobText::address);
    case JobProperty::apply_url:
      return text(JobText::apply_url);
    case JobProperty::contact:
      return text(JobText::contact);
    case JobProperty::published_at:
      return time(t.published[row_]);
    case JobProperty::expires_at:
      return time(t.expires[row_]);
    case JobProperty::geometry:
      return number(0, row_ < t.located);
    default:
      return {};
  }
}

cql2::Truth JobProperties::relates(int, cql2::Spatial how, const cql2::Region& region) const {
  if (row_ >= s_.jobs->located) return cql2::Truth::unknown;
  return cql2::relates(s_.jobs->tree.point(row_), how, region);
}

bool is_sortable(int property) {
  switch (static_cast<JobProperty>(property)) {
    case JobProperty::description:
    case JobProperty::shifts:
    case JobProperty::address:
    case JobProperty::apply_url:
    case JobProperty::contact:
    case JobProperty::geometry:
      return false;
    default:
      return true;
  }
}

}  // namespace jobmap::query
