// A large body takes next to nothing on an I/O thread, since its work shares it.
#include <gtest/gtest.h>

#include "server/api/app.hpp"
#include "server/api/log.hpp"
#include "tests/counted_memory.hpp"
#include "tests/query/small_city.hpp"

namespace jobmap::api {
namespace {

class LargeBody : public testing::Test {
 protected:
  Plan plan(std::string_view target, std::string_view body, std::string_view type,
            std::string_view coding = "") {
    headers_[0] = {"content-type", type};
    headers_[1] = {"accept-encoding", coding};
    Request request;
    request.method = Method::post;
    request.target = request.path = target;
    request.headers = headers_;
    request.whole_body = std::make_shared<const std::string>(body);
    request.body = *request.whole_body;
    test::taken = {};
    request.request_id = "1";
    return app_.plan(request, Generation(city_.snapshot));
  }

  test::SmallCity city_{5, 100};
  Log log_{stderr};
  App app_{{}, log_};
  Header headers_[2];
};

struct Page {
  std::string_view target, type;
};
constexpr Page pages[] = {{"/v1/areas", "application/geo+json"},
                          {"/v1/siting", "application/json"},
                          {"/v1/coverage", "application/json"}};

TEST_F(LargeBody, IsSharedWithItsWork) {
  const std::string body(1'000'000, '[');
  for (const auto& [target, type] : pages)
    for (const auto coding : {"identity", "zstd, br, gzip"}) {
      const auto made = plan(target, body, type, coding);
      EXPECT_LT(test::taken.bytes, body.size() / 10) << target << ' ' << coding;
      const auto* work = std::get_if<Work>(&made);
      ASSERT_TRUE(work) << target;
      EXPECT_TRUE(work->heavy) << target;
      EXPECT_EQ(work->run().status, 400u) << target;
    }
}

TEST_F(LargeBody, HasTheTagThatItsContentGives) {
  const std::string spaces(100'000, ' ');
  const auto tag = [&](const std::string& sites, const std::string& coding) {
    const auto made = plan("/v1/siting", R"({"sites":)" + sites + R"(,"of":"openings"})" + spaces,
                           "application/json", coding);
    const auto response = std::get<Work>(made).run();
    EXPECT_EQ(response.status, 200u);
    return response.etag;
  };
  EXPECT_NE(tag("1", ""), "");
  EXPECT_EQ(tag("1", ""), tag("1", ""));
  EXPECT_NE(tag("1", ""), tag("2", ""));
  EXPECT_NE(tag("1", ""), tag("1", "gzip"));
}

}  // namespace
}  // namespace jobmap::api
