#include "data/ingest/osm/source.hpp"

#include <bzlib.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace jobmap::data::osm {
namespace {

constexpr std::size_t packed_piece = 1 << 16;

class Plain : public Source {
 public:
  Plain(std::unique_ptr<std::istream> in, std::uint64_t size) : in_(std::move(in)), size_(size) {}
  std::uint64_t taken() const override { return taken_; }
  std::uint64_t size() const override { return size_; }

 protected:
  std::size_t take(char* to, std::size_t n) override {
    in_->read(to, static_cast<std::streamsize>(n));
    if (in_->bad()) throw std::runtime_error("can't be read to its end");
    const auto got = static_cast<std::size_t>(in_->gcount());
    taken_ += got;
    return got;
  }

 private:
  std::unique_ptr<std::istream> in_;
  std::uint64_t size_, taken_ = 0;
};

// A gzip member or a bzip2 stream follows the last one until the file ends. A codec has begin(), and
// step(from, left, to, room), which moves all four on and says whether the stream is at its end.
template <typename Codec>
class Packed : public Source {
 public:
  explicit Packed(std::unique_ptr<Source> file) : file_(std::move(file)), buffer_(packed_piece) {}
  std::uint64_t taken() const override { return file_->taken(); }
  std::uint64_t size() const override { return file_->size(); }

 protected:
  std::size_t take(char* to, std::size_t n) override {
    std::size_t room = n;
    while (room > 0) {
      if (left_ == 0) {
        from_ = buffer_.data();
        left_ = file_->read(buffer_.data(), buffer_.size());
        if (left_ == 0) break;
      }
      if (!open_ && *from_ == '\0') {  // the padding that tapes and some packers leave
        ++from_;
        --left_;
        continue;
      }
      if (!open_) codec_.begin();
      open_ = !codec_.step(from_, left_, to, room);
    }
    if (room > 0 && open_)
      throw std::runtime_error(std::string("is cut off: it ends in the middle of its ") + Codec::name +
                               " stream");
    return n - room;
  }

 private:
  std::unique_ptr<Source> file_;
  std::vector<char> buffer_;
  char* from_ = nullptr;
  std::size_t left_ = 0;
  bool open_ = false;
  Codec codec_;
};

[[noreturn]] void does_not_unpack(const char* by) {
  throw std::runtime_error(std::string("is damaged: its ") + by + " stream doesn't unpack");
}

class Gzip {
 public:
  static constexpr const char* name = "gzip";
  Gzip() {
    constexpr int with_gzip_header = 15 + 16;
    if (inflateInit2(&z_, with_gzip_header) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() { inflateEnd(&z_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  void begin() { inflateReset(&z_); }
  bool step(char*& from, std::size_t& left, char*& to, std::size_t& room) {
    z_.next_in = reinterpret_cast<Bytef*>(from);
    z_.avail_in = static_cast<uInt>(left);
    z_.next_out = reinterpret_cast<Bytef*>(to);
    z_.avail_out = static_cast<uInt>(std::min(room, packed_piece));
    const auto before = z_.avail_out;
    const int code = inflate(&z_, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END) does_not_unpack(name);
    from += left - z_.avail_in;
    left = z_.avail_in;
    to += before - z_.avail_out;
    room -= before - z_.avail_out;
    return code == Z_STREAM_END;
  }

 private:
  z_stream z_{};
};

class Bzip2 {
 public:
  static constexpr const char* name = "bzip2";
  Bzip2() = default;
  ~Bzip2() { end(); }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;

  void begin() {
    end();
    z_ = {};
    if (BZ2_bzDecompressInit(&z_, 0, 0) != BZ_OK) throw std::bad_alloc();
    begun_ = true;
  }
  bool step(char*& from, std::size_t& left, char*& to, std::size_t& room) {
    z_.next_in = from;
    z_.avail_in = static_cast<unsigned>(left);
    z_.next_out = to;
    z_.avail_out = static_cast<unsigned>(std::min(room, packed_piece));
    const auto before = z_.avail_out;
    const int code = BZ2_bzDecompress(&z_);
    if (code != BZ_OK && code != BZ_STREAM_END) does_not_unpack(name);
    from += left - z_.avail_in;
    left = z_.avail_in;
    to += before - z_.avail_out;
    room -= before - z_.avail_out;
    return code == BZ_STREAM_END;
  }

 private:
  void end() {
    if (begun_) BZ2_bzDecompressEnd(&z_);
    begun_ = false;
  }
  bz_stream z_{};
  bool begun_ = false;
};

std::unique_ptr<Source> unpacked(std::unique_ptr<Source> file) {
  using namespace std::literals;
  const auto head = file->peek(6);
  if (head.starts_with("\x1F\x8B")) return std::make_unique<Packed<Gzip>>(std::move(file));
  if (head.starts_with("BZh")) return std::make_unique<Packed<Bzip2>>(std::move(file));
  const std::pair<std::string_view, const char*> others[] = {{"\xFD\x37zXZ\0"sv, "xz"},
                                                             {"\x28\xB5\x2F\xFD"sv, "zstd"},
                                                             {"\x04\x22\x4D\x18"sv, "lz4"},
                                                             {"PK\x03\x04"sv, "zip"},
                                                             {"7z\xBC\xAF\x27\x1C"sv, "7z"}};
  for (const auto& [magic, name] : others)
    if (head.starts_with(magic))
      throw std::runtime_error(std::string("is no OpenStreetMap extract as it is: it is packed by ") + name +
                               ", and neither .osm.pbf, .osm, .osm.gz nor .osm.bz2; unpack it first");
  return file;
}

}  // namespace

std::size_t Source::read(char* to, std::size_t n) {
  const auto known = std::min(n, ahead_.size());
  std::memcpy(to, ahead_.data(), known);
  ahead_.erase(0, known);
  return known < n ? known + take(to + known, n - known) : known;
}

std::string_view Source::peek(std::size_t n) {
  if (const auto known = ahead_.size(); known < n) {
    ahead_.resize(n);
    ahead_.resize(known + take(ahead_.data() + known, n - known));
  }
  return std::string_view(ahead_).substr(0, n);
}

std::unique_ptr<Source> open_source(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  auto in = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*in || error)
    throw std::runtime_error("can't be read: " + (error ? error.message() : std::string("not allowed")));
  return unpacked(std::make_unique<Plain>(std::move(in), size));
}

std::unique_ptr<Source> source_of(std::string bytes) {
  const auto size = bytes.size();
  return unpacked(std::make_unique<Plain>(std::make_unique<std::istringstream>(std::move(bytes)), size));
}

}  // namespace jobmap::data::osm
