#include "server/api/static_files.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "server/api/negotiate.hpp"

namespace jobmap::api {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 256 << 20;  // all of it stays in memory

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("can't read " + path.string());
  return std::move(text).str();
}

bool is_compressed(std::string_view type) { return type.starts_with("image/") && type != "image/svg+xml"; }

StaticFile make_file(const std::string& text, std::string_view type) {
  StaticFile file;
  file.type = type;
  for (Coding coding : codings) {
    auto& [body, etag] = file.by_coding[static_cast<std::size_t>(coding)];
    etag = make_etag({text, name_of(coding)});
    if (coding == Coding::identity)
      body = std::make_shared<const std::string>(text);
    else if (text.size() >= compress_from_bytes && !is_compressed(type))
      if (auto packed = compress(text, coding, Effort::smallest))
        body = std::make_shared<const std::string>(*std::move(packed));
  }
  return file;
}

}  // namespace

std::string_view media_type_of_file(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".geojson", "application/geo+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".pbf", "application/x-protobuf"},
      {".webmanifest", "application/manifest+json"},
  };
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

StaticFiles::StaticFiles(const std::string& directory) {
  if (directory.empty()) return;
  std::error_code error;
  if (!fs::is_directory(directory, error))
    throw std::runtime_error("no such directory of web files: " + directory);
  std::uintmax_t total = 0;
  for (auto entry = fs::recursive_directory_iterator(directory); entry != fs::recursive_directory_iterator();
       ++entry) {
    const auto name = entry->path().filename().string();
    if (name.starts_with('.') || entry->is_symlink()) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file()) continue;
    total += entry->file_size();
    if (total > most_bytes) throw std::runtime_error("more than 256 MiB of web files in " + directory);
    auto path = '/' + entry->path().lexically_relative(directory).generic_string();
    auto file = make_file(read_file(entry->path()), media_type_of_file(name));
    if (name == "index.html") files_.emplace(path.substr(0, path.size() - name.size()), file);
    files_.emplace(std::move(path), std::move(file));
  }
}

const StaticFile* StaticFiles::find(std::string_view path) const {
  auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace jobmap::api
