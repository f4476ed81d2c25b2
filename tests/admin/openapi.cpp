#include "protocol/json.hpp"
#include "server/admin/route.hpp"
#include "tests/support/catch.hpp"

#include <fstream>
#include <iterator>
#include <set>

using namespace onechat;

namespace {

std::string committed() {
    std::ifstream in{ONECHAT_SOURCE_DIR "/docs/openapi.json", std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("the document of the API that is committed is current") {
    CHECK(committed() == admin::openapi());
}

TEST_CASE("the document tells each route, and refers to nothing that it lacks") {
    const std::string text = admin::openapi();
    protocol::json::document document;
    REQUIRE(document.parse(text, 32).empty());
    const auto paths = document.root().find("paths");
    for (const admin::route& one : admin::routes()) {
        const auto path = paths.find(one.path);
        REQUIRE(path);
        std::string method;
        for (const char c : one.method) {
            method += static_cast<char>(c - 'A' + 'a');
        }
        REQUIRE(path.find(method));
        CHECK(path.find(method).find("operationId").string() == one.operation);
    }
    const auto schemas = document.root().find("components").find("schemas");
    constexpr std::string_view prefix = "#/components/schemas/";
    std::set<std::string> wanted;
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
        at += prefix.size();
        wanted.insert(text.substr(at, text.find('"', at) - at));
    }
    CHECK(wanted.size() > 15);
    for (const std::string& name : wanted) {
        INFO(name);
        CHECK(schemas.find(name));
    }
}
