#pragma once
// A name of this very program: the linker's build id (a hash of the code), so that a generation's name
// changes when the code that writes its answers does. "dev" where the linker wrote none.
//
//   const std::string& name = build_id();    // "9f86d08188"
#include <string>
#include <string_view>

namespace jobmap::data {

const std::string& build_id();  // 10 hexadecimal digits
// The version that the package has; that of CMakeLists.txt where tools/package didn't make it.
std::string_view program_version();

}  // namespace jobmap::data
