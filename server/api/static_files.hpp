#pragma once
// The files of a directory as answers, read once at start into an immutable map. A request looks its path up
// in the map and never touches the file system, so there is no path that leads outside. Symbolic links and
// names that begin with a dot are left out.
//
//   StaticFiles files("web-demo/dist");        // throws std::runtime_error; "" for none
//   if (const auto* f = files.find("/app.js")) use(f->packed(Coding::gzip).body, f->type);
//
// "/" and "/sub/" are the index.html there.
#include <map>
#include <string>
#include <string_view>

#include "server/api/coding.hpp"
#include "server/api/response.hpp"

namespace jobmap::api {

struct StaticFile {
  struct Packed {
    Body body;  // null where this coding isn't worth it; never of identity
    std::string etag;
  };
  std::string_view type;
  std::array<Packed, codings.size()> by_coding;

  const Packed& packed(Coding coding) const { return by_coding[static_cast<std::size_t>(coding)]; }
};

class StaticFiles {
 public:
  explicit StaticFiles(const std::string& directory);
  // The path is decoded.
  const StaticFile* find(std::string_view path) const;
  std::size_t size() const { return files_.size(); }

 private:
  std::map<std::string, StaticFile, std::less<>> files_;
};

// The media type for a name's ending; application/octet-stream if we don't know it.
std::string_view media_type_of_file(std::string_view name);

}  // namespace jobmap::api
