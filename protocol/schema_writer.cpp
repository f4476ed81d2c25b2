#include "protocol/schema_writer.hpp"

#include "protocol/limits.hpp"

namespace onechat::protocol {

using model::field_info;
using model::record_info;
using model::shape;

void schema_writer::message(const record_info& record) {
    definition(record, true);
}

void schema_writer::part(const record_info& record) {
    definition(record, false);
}

void schema_writer::words(const model::words_info& words) {
    out_.open(plain_name(words.name), '{');
    out_.open("oneOf", '[');
    for (const auto& word : words.words) {
        out_.element();
        out_.open('{');
        out_.text("const", word.name);
        out_.text("description", word.doc);
        out_.close('}');
    }
    out_.close(']');
    out_.close('}');
}

void schema_writer::rid() {
    out_.open(plain_name("rid"), '{');
    out_.text("description",
              "The client's number for a request; the direct answer carries it too.");
    out_.text("type", "integer");
    out_.number("minimum", -limits::integer_max);
    out_.number("maximum", limits::integer_max);
    out_.close('}');
}

void schema_writer::refer_to(std::string_view name) {
    out_.text("$ref", std::string{style_.folder} + std::string{name});
}

std::string schema_writer::message_name(std::string_view type) const {
    return std::string{style_.message_prefix} + plain_name(type);
}

std::string schema_writer::part_name(std::string_view type) const {
    return plain_name(std::string{type} + (side_.is_part(type) ? "_body" : ""));
}

std::string schema_writer::plain_name(std::string_view name) const {
    return style_.camel_case ? model::camel_case(name) : std::string{name};
}

void schema_writer::definition(const record_info& record, bool as_message) {
    out_.open(as_message ? message_name(record.name) : part_name(record.name), '{');
    out_.text("description", record.doc);
    out_.text("type", "object");
    out_.open("properties", '{');
    if (as_message) {
        out_.open("t", '{');
        out_.text("const", record.name);
        out_.close('}');
        out_.open("rid", '{');
        refer_to(plain_name("rid"));
        out_.close('}');
    }
    for (const auto& field : record.fields) {
        property(field);
    }
    out_.close('}');
    out_.open("required", '[');
    if (as_message) {
        out_.element_text("t");
    }
    for (const auto& field : record.fields) {
        if (!field.optional) {
            out_.element_text(field.name);
        }
    }
    out_.close(']');
    if (!record.needs_one_of.empty()) {
        alternatives(record);
    }
    out_.close('}');
}

void schema_writer::property(const field_info& field) {
    out_.open(field.name, '{');
    out_.text("description", field.doc);
    if (field.list) {
        out_.text("type", "array");
        if (field.items_max) {
            out_.number("maxItems", static_cast<std::int64_t>(*field.items_max));
        }
        out_.open("items", '{');
        value(field, false);
        out_.close('}');
    } else {
        value(field, true);
    }
    out_.close('}');
}

void schema_writer::value(const field_info& field, bool described) {
    switch (field.shape) {
        case shape::boolean:
            if (field.only_true && !field.optional) {
                out_.literal("const", "true");
            } else {
                out_.text("type", "boolean");
            }
            break;
        case shape::integer:
            if (field.numbers->min == field.numbers->max) {
                out_.number("const", field.numbers->min);
            } else {
                out_.text("type", "integer");
                out_.number("minimum", field.numbers->min);
                out_.number("maximum", field.numbers->max);
            }
            break;
        case shape::string:
            out_.text("type", "string");
            string_limits(field);
            break;
        case shape::words:
        case shape::part: {
            const bool apart = described && style_.lonely_references;
            if (apart) {
                out_.open("allOf", '[');
                out_.element();
                out_.open('{');
            }
            refer_to(field.shape == shape::words ? plain_name(field.type) : part_name(field.type));
            if (apart) {
                out_.close('}');
                out_.close(']');
            }
            break;
        }
    }
}

void schema_writer::string_limits(const field_info& field) {
    if (field.length) {
        if (field.length->min != 0) {
            out_.number("minLength", field.length->min);
        }
        out_.number("maxLength", field.length->max);
    }
    if (!field.values.empty()) {
        out_.open("enum", '[');
        for (const auto value : field.values) {
            out_.element_text(value);
        }
        out_.close(']');
    }
}

void schema_writer::alternatives(const record_info& record) {
    out_.open("anyOf", '[');
    for (const auto name : record.needs_one_of) {
        out_.element();
        out_.open('{');
        out_.open("required", '[');
        out_.element_text(name);
        out_.close(']');
        out_.close('}');
    }
    out_.close(']');
}

}  // namespace onechat::protocol
