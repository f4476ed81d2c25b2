#include "protocol/describe.hpp"
#include "protocol/json_layout.hpp"
#include "protocol/model.hpp"
#include "protocol/schema_writer.hpp"

#include <string>

namespace onechat::protocol {

std::string json_schema(said_by who) {
    const bool client = who == said_by::client;
    const model::direction side = client ? model::of_client() : model::of_server();
    const schema_style style{.folder = "#/$defs/"};
    json_layout out;
    schema_writer schemas{out, side, style};
    out.open('{');
    out.text("$schema", "https://json-schema.org/draft/2020-12/schema");
    out.text("$id", client ? "urn:onechat:v1:client" : "urn:onechat:v1:server");
    out.text("title", client ? "What a onechat client says" : "What a onechat server says");
    out.text(
        "$comment",
        "Generated from protocol/*.hpp: don't edit, run scripts/regenerate. Fields that are not "
        "listed are ignored. Integers are written without fraction or exponent.");
    out.open("oneOf", '[');
    for (const auto& message : side.messages) {
        out.element();
        out.open('{');
        schemas.refer_to(schemas.message_name(message.name));
        out.close('}');
    }
    out.close(']');
    out.open("$defs", '{');
    for (const auto& message : side.messages) {
        schemas.message(message);
    }
    for (const auto& part : side.parts) {
        schemas.part(part);
    }
    for (const auto& words : side.words) {
        schemas.words(words);
    }
    schemas.rid();
    out.close('}');
    out.close('}');
    return out.take();
}

}  // namespace onechat::protocol
