#include "protocol/codec.hpp"
#include "protocol/describe.hpp"
#include "protocol/examples.hpp"
#include "protocol/json_layout.hpp"
#include "protocol/limits.hpp"
#include "protocol/model.hpp"
#include "protocol/schema_writer.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::protocol {

namespace {

using model::direction;

constexpr std::string_view description =
    "Random one-to-one chat over one WebSocket. Each message is one text frame with one JSON "
    "object; "
    "`t` is its type. Fields that are not listed are ignored, in both directions. Integers are "
    "written without fraction or exponent. docs/protocol.md tells how a conversation goes, what is "
    "refused and which codes a connection closes with. Generated from protocol/*.hpp: don't edit, "
    "run scripts/regenerate.";

// AsyncAPI's schemas are draft 07 of JSON Schema.
constexpr schema_style style_of(std::string_view message_prefix) {
    return {.folder = "#/components/schemas/",
            .camel_case = true,
            .message_prefix = message_prefix,
            .lonely_references = true};
}

void reference(json_layout& out, const std::string& to) {
    out.text("$ref", to);
}

void place(json_layout& out, std::string_view protocol, std::string_view meaning) {
    out.open(protocol, '{');
    out.text("host", "{host}");
    out.text("protocol", protocol);
    out.text("description", meaning);
    out.open("variables", '{');
    out.open("host", '{');
    out.text("description", "Where the operator's server is, with its port if it needs one.");
    out.text("default", "chat.example.org");
    out.close('}');
    out.close('}');
    out.close('}');
}

// One direction, and what AsyncAPI says about it.
template <class Message>
class half {
public:
    half(json_layout& out, direction side, std::string_view prefix, std::vector<Message> examples)
        : out_{out},
          side_{std::move(side)},
          style_{style_of(prefix)},
          schemas_{out, side_, style_},
          examples_{std::move(examples)} {}

    half(const half&) = delete;
    half& operator=(const half&) = delete;

    // Members that refer from the channel to the components.
    void in_channel() {
        for (const auto& message : side_.messages) {
            const std::string name = schemas_.message_name(message.name);
            out_.open(name, '{');
            reference(out_, "#/components/messages/" + name);
            out_.close('}');
        }
    }

    void operation(std::string_view name, std::string_view action, std::string_view title) {
        out_.open(name, '{');
        out_.text("action", action);
        out_.text("title", title);
        out_.open("channel", '{');
        reference(out_, "#/channels/ws");
        out_.close('}');
        out_.open("messages", '[');
        for (const auto& message : side_.messages) {
            out_.element();
            out_.open('{');
            reference(out_, "#/channels/ws/messages/" + schemas_.message_name(message.name));
            out_.close('}');
        }
        out_.close(']');
        out_.close('}');
    }

    void messages() {
        for (std::size_t i = 0; i < side_.messages.size(); ++i) {
            const auto& message = side_.messages[i];
            const std::string name = schemas_.message_name(message.name);
            out_.open(name, '{');
            out_.text("name", message.name);
            out_.text("title", name);
            out_.text("summary", message.doc);
            if (!message.answer.empty()) {
                out_.text("description", "Answer: " + std::string{message.answer} + ".");
            }
            out_.open("correlationId", '{');
            reference(out_, "#/components/correlationIds/rid");
            out_.close('}');
            out_.open("payload", '{');
            schemas_.refer_to(name);
            out_.close('}');
            out_.open("examples", '[');
            out_.element();
            out_.open('{');
            std::string example;
            write(example, examples_.at(i));
            out_.literal("payload", example);
            out_.close('}');
            out_.close(']');
            out_.close('}');
        }
    }

    void message_schemas() {
        for (const auto& message : side_.messages) {
            schemas_.message(message);
        }
    }

    // Those of parts and words that the other half has too stand there.
    void other_schemas(const direction& other) {
        const auto there = [](const auto& list, const auto& each) {
            return std::ranges::any_of(list,
                                       [&each](const auto& one) { return one.name == each.name; });
        };
        for (const auto& part : side_.parts) {
            if (!there(other.parts, part)) {
                schemas_.part(part);
            }
        }
        for (const auto& words : side_.words) {
            if (!there(other.words, words)) {
                schemas_.words(words);
            }
        }
    }

    void rid() { schemas_.rid(); }
    [[nodiscard]] const direction& side() const { return side_; }

private:
    json_layout& out_;
    direction side_;
    schema_style style_;
    schema_writer schemas_;
    std::vector<Message> examples_;
};

void channel_binding(json_layout& out) {
    out.open("bindings", '{');
    out.open("ws", '{');
    out.text("method", "GET");
    out.open("headers", '{');
    out.text("type", "object");
    out.open("properties", '{');
    out.open("Sec-WebSocket-Protocol", '{');
    out.text("type", "string");
    out.text("description", "Echoed when it is offered; never needed.");
    out.open("examples", '[');
    out.element_text(subprotocol);
    out.close(']');
    out.close('}');
    out.close('}');
    out.close('}');
    out.text("bindingVersion", "0.1.0");
    out.close('}');
    out.close('}');
}

}  // namespace

std::string asyncapi() {
    json_layout out;
    half client{out, model::of_client(), "Client", client_examples()};
    half server_half{out, model::of_server(), "Server", server_examples()};

    out.open('{');
    out.text("asyncapi", "3.0.0");
    out.open("info", '{');
    out.text("title", "onechat");
    out.text("version", std::to_string(version) + ".0.0");
    out.text("description", description);
    out.open("license", '{');
    out.text("name", "MIT");
    out.close('}');
    out.close('}');
    out.text("defaultContentType", "application/json");

    out.open("servers", '{');
    place(out, "ws", "Plain, for one's own machine or behind a proxy that ends TLS.");
    place(out, "wss", "With TLS, as browsers and mini programs ask for.");
    out.close('}');

    out.open("channels", '{');
    out.open("ws", '{');
    out.text("address", path);
    out.text("description", "One connection of one person.");
    out.open("messages", '{');
    client.in_channel();
    server_half.in_channel();
    out.close('}');
    channel_binding(out);
    out.close('}');
    out.close('}');

    out.open("operations", '{');
    client.operation("hearClient", "receive", "What a client says");
    server_half.operation("tellClient", "send", "What the server says");
    out.close('}');

    out.open("components", '{');
    out.open("correlationIds", '{');
    out.open("rid", '{');
    out.text("description",
             "A request may carry it; its direct answer or `error` then carries it too.");
    out.text("location", "$message.payload#/rid");
    out.close('}');
    out.close('}');
    out.open("messages", '{');
    client.messages();
    server_half.messages();
    out.close('}');
    out.open("schemas", '{');
    client.message_schemas();
    server_half.message_schemas();
    client.other_schemas({});
    server_half.other_schemas(client.side());
    client.rid();
    out.close('}');
    out.close('}');
    out.close('}');
    return out.take();
}

}  // namespace onechat::protocol
