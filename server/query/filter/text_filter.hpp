#pragma once
// `q`: jobs in whose title, employer, description or address every term occurs, and none that is left out.
//
//   RowFilters filters{std::make_shared<TextFilter>(query.terms, *snapshot.jobs)};
#include "server/query/filter/row_filter.hpp"

namespace jobmap::query {

class TextFilter : public RowFilter {
 public:
  TextFilter(const std::vector<std::string>& terms, const data::JobTable& table)
      : match_(table.texts->find(terms)) {}
  std::uint64_t word(std::size_t w, std::uint64_t candidates) const override {
    return match_->rows.word(w) & candidates;
  }
  const data::RowSet* rows() const override { return &match_->rows; }

 private:
  std::shared_ptr<const data::TextMatch> match_;
};

}  // namespace jobmap::query
