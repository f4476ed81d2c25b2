#include "protocol/describe.hpp"
#include "protocol/json.hpp"
#include "protocol/model.hpp"

#include <string>
#include <string_view>

namespace onechat::protocol {

namespace {

using model::direction;
using model::field_info;
using model::record_info;
using model::shape;

// Appends JSON with line breaks, two spaces per level.
class layout {
public:
    void open(char bracket) {
        out_ += bracket;
        ++depth_;
        first_ = true;
    }
    void close(char bracket) {
        --depth_;
        if (!first_) {
            new_line();
        }
        out_ += bracket;
        first_ = false;
    }
    void element() {
        if (!first_) {
            out_ += ',';
        }
        new_line();
        first_ = false;
    }
    void key(std::string_view name) {
        element();
        json::write_string(out_, name);
        out_ += ": ";
    }
    void text(std::string_view name, std::string_view value) {
        key(name);
        json::write_string(out_, value);
    }
    void number(std::string_view name, std::int64_t value) {
        key(name);
        json::write_integer(out_, value);
    }
    void literal(std::string_view name, std::string_view value) {
        key(name);
        out_ += value;
    }
    void element_text(std::string_view value) {
        element();
        json::write_string(out_, value);
    }
    [[nodiscard]] std::string take() { return std::move(out_) + "\n"; }

private:
    void new_line() {
        out_ += '\n';
        out_.append(depth_ * 2, ' ');
    }

    std::string out_;
    std::size_t depth_ = 0;
    bool first_ = true;
};

// A message and the part of the same name are two definitions.
std::string part_name(const direction& side, std::string_view type) {
    return std::string{type} + (side.is_part(type) ? "_body" : "");
}

void reference(layout& out, std::string_view name) {
    out.text("$ref", "#/$defs/" + std::string{name});
}

void one_value(layout& out, const direction& side, const field_info& field) {
    switch (field.shape) {
        case shape::boolean:
            if (field.only_true && !field.optional) {
                out.literal("const", "true");
            } else {
                out.text("type", "boolean");
            }
            break;
        case shape::integer:
            if (field.numbers->min == field.numbers->max) {
                out.number("const", field.numbers->min);
            } else {
                out.text("type", "integer");
                out.number("minimum", field.numbers->min);
                out.number("maximum", field.numbers->max);
            }
            break;
        case shape::string:
            out.text("type", "string");
            if (field.length) {
                if (field.length->min != 0) {
                    out.number("minLength", field.length->min);
                }
                out.number("maxLength", field.length->max);
            }
            if (!field.values.empty()) {
                out.key("enum");
                out.open('[');
                for (const auto value : field.values) {
                    out.element_text(value);
                }
                out.close(']');
            }
            break;
        case shape::words:
            reference(out, field.type);
            break;
        case shape::part:
            reference(out, part_name(side, field.type));
            break;
    }
}

void property(layout& out, const direction& side, const field_info& field) {
    out.key(field.name);
    out.open('{');
    out.text("description", field.doc);
    if (field.list) {
        out.text("type", "array");
        if (field.items_max) {
            out.number("maxItems", static_cast<std::int64_t>(*field.items_max));
        }
        out.key("items");
        out.open('{');
        one_value(out, side, field);
        out.close('}');
    } else {
        one_value(out, side, field);
    }
    out.close('}');
}

void alternatives(layout& out, const record_info& record) {
    out.key("anyOf");
    out.open('[');
    for (const auto name : record.needs_one_of) {
        out.element();
        out.open('{');
        out.key("required");
        out.open('[');
        out.element_text(name);
        out.close(']');
        out.close('}');
    }
    out.close(']');
}

void definition(layout& out, const direction& side, const record_info& record, bool as_message) {
    out.key(as_message ? std::string{record.name} : part_name(side, record.name));
    out.open('{');
    out.text("description", record.doc);
    out.text("type", "object");
    out.key("properties");
    out.open('{');
    if (as_message) {
        out.key("t");
        out.open('{');
        out.text("const", record.name);
        out.close('}');
        out.key("rid");
        out.open('{');
        reference(out, "rid");
        out.close('}');
    }
    for (const auto& field : record.fields) {
        property(out, side, field);
    }
    out.close('}');
    out.key("required");
    out.open('[');
    if (as_message) {
        out.element_text("t");
    }
    for (const auto& field : record.fields) {
        if (!field.optional) {
            out.element_text(field.name);
        }
    }
    out.close(']');
    if (!record.needs_one_of.empty()) {
        alternatives(out, record);
    }
    out.close('}');
}

void rid_definition(layout& out) {
    out.key("rid");
    out.open('{');
    out.text("description", "The client's number for a request; the direct answer carries it too.");
    out.text("type", "integer");
    out.number("minimum", -limits::integer_max);
    out.number("maximum", limits::integer_max);
    out.close('}');
}

void words_definition(layout& out, const model::words_info& words) {
    out.key(words.name);
    out.open('{');
    out.key("oneOf");
    out.open('[');
    for (const auto& word : words.words) {
        out.element();
        out.open('{');
        out.text("const", word.name);
        out.text("description", word.doc);
        out.close('}');
    }
    out.close(']');
    out.close('}');
}

}  // namespace

std::string json_schema(said_by who) {
    const bool client = who == said_by::client;
    const direction side = client ? model::of_client() : model::of_server();
    layout out;
    out.open('{');
    out.text("$schema", "https://json-schema.org/draft/2020-12/schema");
    out.text("$id", client ? "urn:onechat:v1:client" : "urn:onechat:v1:server");
    out.text("title", client ? "What a onechat client says" : "What a onechat server says");
    out.text(
        "$comment",
        "Generated from protocol/*.hpp: don't edit, run scripts/regenerate. Fields that are not "
        "listed are ignored. Integers are written without fraction or exponent.");
    out.key("oneOf");
    out.open('[');
    for (const auto& message : side.messages) {
        out.element();
        out.open('{');
        reference(out, message.name);
        out.close('}');
    }
    out.close(']');
    out.key("$defs");
    out.open('{');
    for (const auto& message : side.messages) {
        definition(out, side, message, true);
    }
    for (const auto& part : side.parts) {
        definition(out, side, part, false);
    }
    for (const auto& words : side.words) {
        words_definition(out, words);
    }
    rid_definition(out);
    out.close('}');
    out.close('}');
    return out.take();
}

}  // namespace onechat::protocol
