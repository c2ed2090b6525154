#include "api/static_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "api/compress.hpp"

namespace jobmap::api {
namespace {

namespace fs = std::filesystem;

std::string unzip(const std::string& packed, std::size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  inflateInit2(&stream, MAX_WBITS + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.total_out, size);
  inflateEnd(&stream);
  return out;
}

class Files : public testing::Test {
 protected:
  Files() {
    fs::create_directories(root_ / "web" / "sub");
    write("secret.txt", "outside");
    write("web/index.html", "<!doctype html><title>map</title>");
    write("web/sub/index.html", "sub");
    write("web/app.js", std::string(5000, 'a'));
    write("web/empty.css", "");
    write("web/.hidden", "hidden");
    write("web/龙.txt", "dragon");
    fs::create_symlink(root_ / "secret.txt", root_ / "web" / "link.txt");
    fs::create_directory_symlink(root_, root_ / "web" / "up");
  }
  ~Files() override { fs::remove_all(root_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }

  fs::path root_ = fs::temp_directory_path() / ("jobmap-static-" + std::to_string(getpid()));
};

TEST_F(Files, AreThereByPath) {
  const StaticFiles files((root_ / "web").string());
  ASSERT_NE(files.find("/app.js"), nullptr);
  EXPECT_EQ(files.find("/app.js")->type, "text/javascript; charset=utf-8");
  EXPECT_EQ(files.find("/app.js")->body->size(), 5000u);
  EXPECT_EQ(*files.find("/")->body, *files.find("/index.html")->body);
  EXPECT_EQ(*files.find("/sub/")->body, "sub");
  EXPECT_EQ(files.find("/empty.css")->body->size(), 0u);
  EXPECT_EQ(*files.find("/龙.txt")->body, "dragon");
  EXPECT_EQ(files.find("/sub"), nullptr);
}

TEST_F(Files, NothingOutsideIsThere) {
  const StaticFiles files((root_ / "web").string());
  for (auto path : {"", "/..", "/../secret.txt", "/sub/../app.js", "/./app.js", "//app.js", "/.hidden",
                    "/link.txt", "/up/secret.txt", "/..\\secret.txt", "/app.js/", "/etc/passwd", "app.js"})
    EXPECT_EQ(files.find(path), nullptr) << path;
}

TEST_F(Files, ArePackedOnceWhereItPays) {
  const StaticFiles files((root_ / "web").string());
  const auto& script = *files.find("/app.js");
  ASSERT_NE(script.gzip, nullptr);
  EXPECT_LT(script.gzip->size(), 200u);
  EXPECT_EQ(unzip(*script.gzip, 5000), *script.body);
  EXPECT_NE(script.etag, script.etag_gzip);
  EXPECT_EQ(files.find("/index.html")->gzip, nullptr);
}

TEST_F(Files, TagsFollowTheContent) {
  const auto before = StaticFiles((root_ / "web").string()).find("/app.js")->etag;
  EXPECT_EQ(StaticFiles((root_ / "web").string()).find("/app.js")->etag, before);
  write("web/app.js", std::string(5000, 'b'));
  EXPECT_NE(StaticFiles((root_ / "web").string()).find("/app.js")->etag, before);
}

TEST_F(Files, NoDirectoryIsAnErrorAndNoneIsNone) {
  EXPECT_THROW(StaticFiles((root_ / "nowhere").string()), std::runtime_error);
  EXPECT_THROW(StaticFiles((root_ / "secret.txt").string()), std::runtime_error);
  EXPECT_EQ(StaticFiles("").size(), 0u);
}

TEST(Compress, IsTheSameEachTimeAndRefusesToGrow) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::to_string(i * i);
  const auto packed = gzip(text, gzip_fast);
  ASSERT_TRUE(packed);
  EXPECT_EQ(unzip(*packed, text.size()), text);
  EXPECT_EQ(gzip(text, gzip_fast), packed);
  EXPECT_EQ(gzip("a", gzip_small), std::nullopt);
}

}  // namespace
}  // namespace jobmap::api
