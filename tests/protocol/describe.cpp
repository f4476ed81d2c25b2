#include "protocol/describe.hpp"

#include "protocol/codec.hpp"
#include "protocol/json.hpp"
#include "protocol/model.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace onechat::protocol;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream in{std::filesystem::path{ONECHAT_SOURCE_DIR} / path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The JSON in code blocks of the reference, between two headings.
std::vector<std::string> json_blocks(const std::string& text, const std::string& from,
                                     const std::string& to) {
    constexpr std::string_view fence = "```json\n";
    std::vector<std::string> blocks;
    const std::size_t end = text.find(to);
    for (std::size_t at = text.find(fence, text.find(from)); at < end; at = text.find(fence, at)) {
        at += fence.size();
        blocks.push_back(text.substr(at, text.find("\n```", at) - at));
    }
    return blocks;
}

}  // namespace

TEST_CASE("the generated files that are committed are current") {
    for (const auto& file : generated_files()) {
        INFO(file.path << " differs from what the tables say: run scripts/regenerate");
        CHECK(content_of(file.path) == file.content);
    }
}

TEST_CASE("every example of a client's message in the reference is one") {
    const auto examples =
        json_blocks(markdown(), "## What a client says", "## What the server says");

    CHECK(examples.size() == std::variant_size_v<client_message>);
    for (std::size_t i = 0; i < examples.size(); ++i) {
        INFO(examples[i]);
        const auto parsed = parse(examples[i]);
        REQUIRE(parsed.has_value());
        CHECK(parsed->message.index() == i);
    }
}

TEST_CASE("every example of a server's message in the reference is one") {
    const auto examples =
        json_blocks(markdown(), "## What the server says", "## Parts of messages");

    CHECK(examples.size() == std::variant_size_v<server_message>);
    for (std::size_t i = 0; i < examples.size(); ++i) {
        INFO(examples[i]);
        const auto parsed = parse_server(examples[i]);
        REQUIRE(parsed.has_value());
        CHECK(parsed->message.index() == i);
    }
}

TEST_CASE("the schemas are JSON and name every message") {
    for (const said_by side : {said_by::client, said_by::server}) {
        const std::string text = json_schema(side);
        json::document schema;

        REQUIRE(schema.parse(text, 16).empty());

        const auto all = side == said_by::client ? model::of_client() : model::of_server();
        CHECK(schema.root().find("oneOf").size() == all.messages.size());
        for (const auto& message : all.messages) {
            const auto definition = schema.root().find("$defs").find(message.name);
            REQUIRE(definition);
            CHECK(definition.find("properties").find("t").find("const").string() == message.name);
            CHECK(definition.find("properties").size() == message.fields.size() + 2);
        }
    }
}

TEST_CASE("every definition that a schema refers to is there") {
    for (const said_by side : {said_by::client, said_by::server}) {
        const std::string text = json_schema(side);
        json::document schema;
        REQUIRE(schema.parse(text, 16).empty());
        constexpr std::string_view reference = "\"$ref\": \"#/$defs/";

        for (std::size_t at = text.find(reference); at != std::string::npos;
             at = text.find(reference, at)) {
            at += reference.size();
            const std::string name = text.substr(at, text.find('"', at) - at);
            INFO(name);
            CHECK(schema.root().find("$defs").find(name));
        }
    }
}

TEST_CASE("the AsyncAPI document has every message, sent by its side") {
    const std::string text = asyncapi();
    json::document document;
    REQUIRE(document.parse(text, 16).empty());
    const auto root = document.root();
    CHECK(root.find("asyncapi").string() == "3.0.0");

    const auto check = [&root](const model::direction& side, const std::string& prefix,
                               std::string_view operation, std::string_view action) {
        const auto does = root.find("operations").find(operation);
        CHECK(does.find("action").string() == action);
        CHECK(does.find("messages").size() == side.messages.size());
        for (const auto& message : side.messages) {
            const std::string name = prefix + model::camel_case(message.name);
            INFO(name);
            const auto listed = root.find("channels").find("ws").find("messages").find(name);
            REQUIRE(listed);
            CHECK(listed.find("$ref").string() == "#/components/messages/" + name);
            const auto described = root.find("components").find("messages").find(name);
            REQUIRE(described);
            CHECK(described.find("name").string() == message.name);
            CHECK(described.find("payload").find("$ref").string() ==
                  "#/components/schemas/" + name);
            CHECK(described.find("examples").size() == 1);
            const auto schema = root.find("components").find("schemas").find(name);
            REQUIRE(schema);
            CHECK(schema.find("properties").size() == message.fields.size() + 2);
        }
    };
    check(model::of_client(), "Client", "hearClient", "receive");
    check(model::of_server(), "Server", "tellClient", "send");
    CHECK(root.find("channels").find("ws").find("address").string() == path);
}

TEST_CASE("everything that the AsyncAPI document refers to is there") {
    const std::string text = asyncapi();
    json::document document;
    REQUIRE(document.parse(text, 16).empty());
    constexpr std::string_view reference = "\"$ref\": \"#/";

    for (std::size_t at = text.find(reference); at != std::string::npos;
         at = text.find(reference, at)) {
        at += reference.size();
        std::string_view left{text.data() + at, text.find('"', at) - at};
        INFO(left);
        json::value value = document.root();
        while (!left.empty() && value) {
            const auto slash = std::min(left.find('/'), left.size());
            value = value.find(left.substr(0, slash));
            left.remove_prefix(std::min(slash + 1, left.size()));
        }
        CHECK(value);
    }
}

TEST_CASE("everything that is described is explained in a sentence") {
    for (const auto& side : {model::of_client(), model::of_server()}) {
        for (const auto* records : {&side.messages, &side.parts}) {
            for (const auto& record : *records) {
                INFO(record.name);
                CHECK(record.doc.ends_with("."));
                for (const auto& field : record.fields) {
                    INFO(field.name);
                    CHECK(field.doc.ends_with("."));
                }
            }
        }
    }
    for (const auto& limit : model::limit_table()) {
        CHECK(limit.doc.ends_with("."));
    }
}

TEST_CASE("every link within the reference leads to a heading") {
    const std::string text = markdown();
    for (std::size_t at = text.find("](#"); at != std::string::npos; at = text.find("](#", at)) {
        at += 3;
        std::string heading = text.substr(at, text.find(')', at) - at);
        INFO(heading);
        const bool found = text.find("# " + heading + "\n") != std::string::npos;
        heading.front() = static_cast<char>(heading.front() - 'a' + 'A');
        CHECK((found || text.find("# " + heading + "\n") != std::string::npos));
    }
}
