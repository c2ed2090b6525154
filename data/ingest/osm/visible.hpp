#pragma once
// Whether a thing of a PBF is visible, which its info says and hardly any file does: so an info is looked
// through for that one field and nothing is made of the rest.
//
//   if (!is_visible(way.info())) return {};                  // Info: field 6
//   const auto visible = visible_of_dense(d.denseinfo());    // DenseInfo: field 6, one for each node; or empty
//
// A thing is visible unless it says otherwise. An info that can't be read is a std::runtime_error.
#include <string>
#include <vector>

namespace jobmap::data::osm {

bool is_visible(const std::string& info);
std::vector<bool> visible_of_dense(const std::string& denseinfo);

}  // namespace jobmap::data::osm
