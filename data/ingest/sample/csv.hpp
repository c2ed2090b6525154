#pragma once
// Postings as the CSV that `jobmap import --layer jobs --datum wgs84` reads: a header, columns named as the
// properties, times in RFC 3339, money in yuan.
//
//   std::string text(csv_header);
//   append_csv(posting, text);       // one line, with its end
#include <string>
#include <string_view>

#include "data/model/posting.hpp"

namespace jobmap::data::sample {

inline constexpr std::string_view csv_header =
    "id,source,title,description,category,openings,employer,uscc,pay_min,pay_max,pay_unit,settlement,shifts,"
    "months,"
    "stipend,education,experience,occupation,industry,address,district,lon,lat,precision,apply_url,contact,"
    "published_at,expires_at\n";

void append_csv(const Posting& posting, std::string& out);

}  // namespace jobmap::data::sample
