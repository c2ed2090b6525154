#include "data/ingest/table/read_file.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace jobmap::data {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!in || error)
    throw std::runtime_error("can't be read: " + (error ? error.message() : std::string("not allowed")));
  std::string bytes(size, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::size_t>(in.gcount()) != size) throw std::runtime_error("can't be read to its end");
  return bytes;
}

}  // namespace jobmap::data
