#pragma once
// The bytes of an extract, unpacked where the file is packed by gzip or bzip2: its first bytes say which.
//
//   auto source = osm::open_source("hangzhou.osm.bz2");
//   if (source->peek(64).starts_with("<")) use("XML");    // the first bytes stay to be read
//   while (auto n = source->read(buffer, sizeof buffer)) use(buffer, n);
//
// Files of several gzip members or bzip2 streams, as parallel packers write them, are read to their end.
// A file that can't be opened, is cut off or doesn't unpack throws std::runtime_error.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace jobmap::data::osm {

class Source {
 public:
  virtual ~Source() = default;

  // Fewer than n only at the end.
  std::size_t read(char* to, std::size_t n);
  // The next n bytes, fewer at the end; n is small.
  std::string_view peek(std::size_t n);

  // Bytes of the file that were taken so far, and all of them: for progress.
  virtual std::uint64_t taken() const = 0;
  virtual std::uint64_t size() const = 0;

 protected:
  virtual std::size_t take(char* to, std::size_t n) = 0;

 private:
  std::string ahead_;
};

std::unique_ptr<Source> open_source(const std::string& path);
// Bytes that are in memory already, for tests; they are unpacked too.
std::unique_ptr<Source> source_of(std::string bytes);

}  // namespace jobmap::data::osm
