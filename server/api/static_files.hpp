#pragma once
// The files of a directory as answers, read once at start into an immutable map. A request looks its path up
// in the map and never touches the file system, so there is no path that leads outside. Symbolic links and
// names that begin with a dot are left out.
//
//   StaticFiles files("web-demo/dist");        // throws std::runtime_error; "" for none
//   if (const auto* f = files.find("/app.js")) … f->body, f->gzip, f->type, f->etag
//
// "/" and "/sub/" are the index.html there.
#include <map>
#include <string>
#include <string_view>

#include "api/response.hpp"

namespace jobmap::api {

struct StaticFile {
  Body body;
  Body gzip;  // null where compression isn't worth it
  std::string_view type;
  std::string etag, etag_gzip;
};

class StaticFiles {
 public:
  explicit StaticFiles(const std::string& directory);
  // By the decoded path.
  const StaticFile* find(std::string_view path) const;
  std::size_t size() const { return files_.size(); }

 private:
  std::map<std::string, StaticFile, std::less<>> files_;
};

// By the name's ending; application/octet-stream where it is none we know.
std::string_view media_type_of_file(std::string_view name);

}  // namespace jobmap::api
