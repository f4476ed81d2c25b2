#include "server/pages/content_coding.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace onechat;
using pages::content_coding;

namespace {

std::optional<content_coding> chosen(const std::vector<std::string>& values, bool has_brotli = true,
                                     bool has_gzip = true) {
    net::http_request request;
    for (const auto& value : values) {
        request.headers.push_back({"accept-ENCODING", value});
    }
    return pages::chosen_coding(request, has_brotli, has_gzip);
}

constexpr auto identity = content_coding::identity;
constexpr auto gzip = content_coding::gzip;
constexpr auto brotli = content_coding::brotli;

struct row {
    std::string value;
    std::optional<content_coding> coding;
};

}  // namespace

TEST_CASE("the form is the one that the request likes most") {
    const std::vector<row> rows = {
        {"", identity},
        {"br", brotli},
        {"gzip, deflate, br, zstd", brotli},
        {"gzip", gzip},
        {"x-gzip", gzip},
        {"deflate", identity},
        {"BR;Q=1", brotli},
        {" gzip ;\tq=0.5 , br; q=0.4", gzip},
        {"br;q=0", identity},
        {"br;q=0, gzip", gzip},
        {"br;q=0.000, gzip;q=0.001", gzip},
        {"br;q=0.5, identity", identity},
        {"br;q=0.5, identity;q=0.5", brotli},
        {"*", brotli},
        {"*;q=0.1, gzip;q=0.2", gzip},
        {"br;q=0, *", gzip},
        {"identity;q=0", std::nullopt},
        {"identity;q=0, gzip", gzip},
        {"*;q=0", std::nullopt},
        {"*;q=0, identity", identity},
        {"*;q=0, br;q=0.1", brotli},
        {"brotli, gz, bro", identity},
        {",, ,br,,", brotli},
        {";q=1", identity},
    };

    for (const auto& [value, coding] : rows) {
        INFO(value);
        CHECK(chosen({value}) == coding);
    }
    CHECK(chosen({}) == identity);
    CHECK(chosen({"gzip;q=0.1", "br;q=0"}) == gzip);
}

TEST_CASE("a weight that is none makes its entry void") {
    for (const char* weight : {"", "2", "-1", "1.001", "0.1234", "0,5", ".5", "x", "1e0", "01"}) {
        INFO(weight);
        CHECK(chosen({std::string{"br;q="} + weight}) == identity);
    }
}

TEST_CASE("a form that isn't there is not chosen") {
    CHECK(chosen({"br, gzip"}, false, true) == gzip);
    CHECK(chosen({"br, gzip"}, true, false) == brotli);
    CHECK(chosen({"*"}, false, false) == identity);
    CHECK(chosen({"br, identity;q=0"}, false, true) == std::nullopt);
}
