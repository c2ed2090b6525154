#include "server/api/static_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/api/unpack.hpp"

namespace jobmap::api {
namespace {

namespace fs = std::filesystem;

const std::string& text_of(const StaticFiles& files, std::string_view path) {
  return *files.find(path)->packed(Coding::identity).body;
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
  EXPECT_EQ(text_of(files, "/app.js").size(), 5000u);
  EXPECT_EQ(text_of(files, "/"), text_of(files, "/index.html"));
  EXPECT_EQ(text_of(files, "/sub/"), "sub");
  EXPECT_EQ(text_of(files, "/empty.css").size(), 0u);
  EXPECT_EQ(text_of(files, "/龙.txt"), "dragon");
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
  std::set<std::string> tags;
  for (Coding coding : codings) {
    const auto& [body, etag] = script.packed(coding);
    ASSERT_NE(body, nullptr);
    EXPECT_EQ(unpack(*body, coding), std::string(5000, 'a'));
    EXPECT_TRUE(tags.insert(etag).second);
  }
  EXPECT_LT(script.packed(Coding::gzip).body->size(), 200u);
  EXPECT_EQ(files.find("/index.html")->packed(Coding::gzip).body, nullptr);
}

TEST_F(Files, TagsFollowTheContent) {
  const auto before = StaticFiles((root_ / "web").string()).find("/app.js")->packed(Coding::identity).etag;
  EXPECT_EQ(StaticFiles((root_ / "web").string()).find("/app.js")->packed(Coding::identity).etag, before);
  write("web/app.js", std::string(5000, 'b'));
  EXPECT_NE(StaticFiles((root_ / "web").string()).find("/app.js")->packed(Coding::identity).etag, before);
}

TEST_F(Files, NoDirectoryIsAnErrorAndNoneIsNone) {
  EXPECT_THROW(StaticFiles((root_ / "nowhere").string()), std::runtime_error);
  EXPECT_THROW(StaticFiles((root_ / "secret.txt").string()), std::runtime_error);
  EXPECT_EQ(StaticFiles("").size(), 0u);
}

}  // namespace
}  // namespace jobmap::api
