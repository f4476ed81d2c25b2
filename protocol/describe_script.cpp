#include "protocol/codes.hpp"
#include "protocol/describe.hpp"
#include "protocol/json.hpp"
#include "protocol/limits.hpp"
#include "protocol/model.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::protocol {

namespace {

using model::camel_case;
using model::direction;
using model::field_info;
using model::record_info;
using model::shape;

constexpr std::string_view generated_line =
    "// Generated from protocol/*.hpp: don't edit, run scripts/regenerate.\n";

std::string quoted(std::string_view text) {
    std::string out;
    json::write_string(out, text);
    return out;
}

// Strings as elements of an array, broken into lines of readable length.
template <class Range, class NameOf>
std::string string_list(const Range& range, std::string_view indent, NameOf name_of_element) {
    constexpr std::size_t line_max = 96;
    std::string out;
    std::string line;
    for (const auto& each : range) {
        const std::string element = quoted(name_of_element(each)) + ",";
        if (!line.empty() && indent.size() + line.size() + element.size() + 1 > line_max) {
            out += std::string{indent} + line + "\n";
            line.clear();
        }
        line += line.empty() ? element : " " + element;
    }
    return out + std::string{indent} + line + "\n";
}

// All word lists of both sides, each once.
std::vector<model::words_info> all_words() {
    auto words = model::of_client().words;
    for (auto& each : model::of_server().words) {
        const auto same = [&each](const model::words_info& other) {
            return other.name == each.name;
        };
        if (std::none_of(words.begin(), words.end(), same)) {
            words.push_back(std::move(each));
        }
    }
    return words;
}

std::string limits_object() {
    std::string out = "  const LIMITS = {\n";
    for (const auto& limit : model::limit_table()) {
        out += "    /** " + std::string{limit.doc} + " */\n    " + camel_case(limit.name, false) +
               ": " + std::to_string(limit.value) + ",\n";
    }
    return out + "  };\n";
}

std::string close_codes_object() {
    std::string out = "  const CLOSE_CODES = {\n";
    for (const auto& row : close_codes) {
        out += "    /** " + std::string{row.meaning} + " */\n    " + std::string{row.reason} +
               ": " + std::to_string(static_cast<unsigned>(row.code)) + ",\n";
    }
    return out + "  };\n";
}

// `"a" | "b"`: what each word means stands in the reference.
std::string union_of(const model::words_info& words) {
    std::string out;
    for (const auto& word : words.words) {
        out += (out.empty() ? "" : " | ") + quoted(word.name);
    }
    return out;
}

// A message that is also a part of others has its fields in `...Body`.
std::string part_type(const direction& side, std::string_view type) {
    return camel_case(type) + (side.is_part(type) ? "Body" : "");
}

std::string type_of(const direction& side, const field_info& field) {
    std::string type;
    switch (field.shape) {
        case shape::boolean:
            type = field.only_true ? "true" : "boolean";
            break;
        case shape::integer:
            type = field.numbers->min == field.numbers->max ? std::to_string(field.numbers->min)
                                                            : "number";
            break;
        case shape::string:
            type = field.values.empty() ? "string" : "Avatar";
            break;
        case shape::words:
            type = camel_case(field.type);
            break;
        case shape::part:
            type = part_type(side, field.type);
            break;
    }
    return field.list ? type + "[]" : type;
}

std::string members(const direction& side, const record_info& record) {
    std::string out;
    for (const auto& field : record.fields) {
        out += "  /** " + std::string{field.doc} + " */\n  " + std::string{field.name} +
               (field.optional ? "?: " : ": ") + type_of(side, field) + ";\n";
    }
    return out;
}

std::string interface_of(const direction& side, const record_info& record,
                         std::string_view prefix) {
    const std::string comment = "\n/** " + std::string{record.doc} + " */\nexport interface ";
    if (prefix.empty()) {
        return comment + part_type(side, record.name) + " {\n" + members(side, record) + "}\n";
    }
    const bool has_body = side.is_part(record.name);
    return comment + std::string{prefix} + camel_case(record.name) +
           (has_body ? " extends " + part_type(side, record.name) : "") +
           " {\n  t: " + quoted(record.name) + ";\n  rid?: number;\n" +
           (has_body ? "" : members(side, record)) + "}\n";
}

std::string interfaces_of(const direction& side, std::string_view prefix) {
    std::string out;
    for (const auto& part : side.parts) {
        out += interface_of(side, part, "");
    }
    for (const auto& message : side.messages) {
        out += interface_of(side, message, prefix);
    }
    out += "\nexport type " + std::string{prefix} + "Message =";
    for (const auto& message : side.messages) {
        out += "\n  | " + std::string{prefix} + camel_case(message.name);
    }
    return out + ";\n";
}

std::string_view name_of_message(const record_info& message) {
    return message.name;
}

}  // namespace

std::string javascript() {
    const auto itself = [](std::string_view text) { return text; };
    std::string out{generated_line};
    out +=
        "// What the server and its clients agree on, as constants. Works as a plain script, then "
        "it "
        "is the\n// global `onechatProtocol`, and as a CommonJS module.\n"
        "var onechatProtocol = (function () {\n"
        "  \"use strict\";\n\n"
        "  const VERSION = " +
        std::to_string(version) + ";\n  const SUBPROTOCOL = " + quoted(subprotocol) +
        ";\n  const PATH = " + quoted(path) + ";\n\n";
    out += limits_object() + "\n" + close_codes_object();
    out += "\n  /** The types of messages, by who says them. */\n  const CLIENT_TYPES = [\n" +
           string_list(model::of_client().messages, "    ", name_of_message) +
           "  ];\n  const SERVER_TYPES = [\n" +
           string_list(model::of_server().messages, "    ", name_of_message) + "  ];\n";
    out += "\n  /** The built-in avatars. */\n  const AVATARS = [\n" +
           string_list(avatars, "    ", itself) + "  ];\n";
    out += "\n  /** The codes of `error` and `nack`. */\n  const REFUSALS = [\n" +
           string_list(words_of<refusal>, "    ", [](const auto& each) { return each.name; }) +
           "  ];\n";
    out +=
        "\n  /** The words that fields may have, by the names of their types. */\n"
        "  const WORDS = {\n";
    for (const auto& words : all_words()) {
        if (words.name != "refusal") {
            out += "    " + camel_case(words.name) + ": [\n" +
                   string_list(words.words, "      ", [](const auto& each) { return each.name; }) +
                   "    ],\n";
        }
    }
    out +=
        "  };\n\n"
        "  /** Whether to connect again after a close that the client did not ask for. */\n"
        "  function shouldReconnect(code) {\n"
        "    return !(code >= 4500 && code <= 4999);\n"
        "  }\n\n"
        "  return {\n";
    for (const std::string_view name :
         {"VERSION", "SUBPROTOCOL", "PATH", "LIMITS", "CLOSE_CODES", "CLIENT_TYPES", "SERVER_TYPES",
          "AVATARS", "REFUSALS", "WORDS", "shouldReconnect"}) {
        out += "    " + std::string{name} + ": " + std::string{name} + ",\n";
    }
    return out +
           "  };\n})();\n\n"
           "if (typeof module === \"object\" && module.exports) {\n"
           "  module.exports = onechatProtocol;\n}\n";
}

std::string typings() {
    std::string out{generated_line};
    out +=
        "// The messages of docs/protocol.md as types, told apart by `t`, and the constants of "
        "protocol.js.\n\nexport as namespace onechatProtocol;\n\n";
    out += "export const VERSION: " + std::to_string(version) +
           ";\nexport const SUBPROTOCOL: " + quoted(subprotocol) +
           ";\nexport const PATH: " + quoted(path) + ";\nexport const LIMITS: {\n";
    for (const auto& limit : model::limit_table()) {
        out += "  /** " + std::string{limit.doc} + " */\n  readonly " +
               camel_case(limit.name, false) + ": number;\n";
    }
    out += "};\nexport const CLOSE_CODES: {\n";
    for (const auto& row : close_codes) {
        out += "  /** " + std::string{row.meaning} + " */\n  readonly " + std::string{row.reason} +
               ": " + std::to_string(static_cast<unsigned>(row.code)) + ";\n";
    }
    out +=
        "};\nexport const CLIENT_TYPES: readonly ClientMessage[\"t\"][];\n"
        "export const SERVER_TYPES: readonly ServerMessage[\"t\"][];\n"
        "export const AVATARS: readonly Avatar[];\n"
        "export const REFUSALS: readonly Refusal[];\n"
        "export const WORDS: {\n";
    for (const auto& words : all_words()) {
        if (words.name != "refusal") {
            out += "  readonly " + camel_case(words.name) + ": readonly " + camel_case(words.name) +
                   "[];\n";
        }
    }
    out +=
        "};\n/** Whether to connect again after a close that the client did not ask for. */\n"
        "export function shouldReconnect(code: number): boolean;\n\n";
    out += "export type Avatar =\n";
    for (const auto avatar : avatars) {
        out += "  | " + quoted(avatar) + "\n";
    }
    out.back() = ';';
    out += "\n";
    for (const auto& words : all_words()) {
        out += "export type " + camel_case(words.name) + " = " + union_of(words) + ";\n";
    }
    out += interfaces_of(model::of_client(), "Client");
    out += interfaces_of(model::of_server(), "Server");
    return out;
}

}  // namespace onechat::protocol
