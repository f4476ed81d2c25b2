#include "protocol/codec.hpp"
#include "protocol/codes.hpp"
#include "protocol/describe.hpp"
#include "protocol/examples.hpp"
#include "protocol/limits.hpp"
#include "protocol/model.hpp"
#include "protocol/prose.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::protocol {

namespace {

using model::direction;
using model::field_info;
using model::record_info;
using model::shape;

// As people read it: 32 KiB, 10 s.
std::string readable(const model::limit_info& limit) {
    const std::int64_t value = limit.value;
    if (limit.name.ends_with("_ms")) {
        return value % 60000 == 0  ? std::to_string(value / 60000) + " min"
               : value % 1000 == 0 ? std::to_string(value / 1000) + " s"
                                   : std::to_string(value) + " ms";
    }
    if (limit.name.find("_bytes_") != std::string_view::npos && value % 1024 == 0) {
        return std::to_string(value / 1024) + " KiB";
    }
    return std::to_string(value);
}

// Puts the limits where the prose names them in braces, so that no number stands there twice.
std::string filled(std::string_view prose) {
    const auto limits = model::limit_table();
    std::string out;
    for (std::size_t at = 0; at < prose.size();) {
        const std::size_t open = prose.find("{{", at);
        out += prose.substr(at, open - at);
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t close = prose.find("}}", open);
        const std::string_view name = prose.substr(open + 2, close - open - 2);
        const auto found = std::find_if(limits.begin(), limits.end(),
                                        [name](const auto& limit) { return limit.name == name; });
        assert(found != limits.end() && "the prose names a limit that there is not");
        out += readable(*found);
        at = close + 2;
    }
    return out;
}

std::string anchor(std::string_view name) {
    const std::string_view heading = name == "refusal" ? "refusals" : name;
    return "[" + std::string{name} + "](#" + std::string{heading} + ")";
}

std::string code(std::string_view text) {
    return "`" + std::string{text} + "`";
}

std::string bounds(const model::range& range, std::string_view unit) {
    const std::string max = std::to_string(range.max) + " " + std::string{unit};
    return range.min == 0 ? "at most " + max : std::to_string(range.min) + " to " + max;
}

std::string number_limits(const field_info& field) {
    const auto [min, max] = *field.numbers;
    if (min == max) {
        return std::to_string(min);
    }
    if (max == limits::integer_max) {
        return min <= 0 ? "" : "at least " + std::to_string(min);
    }
    return max == most_of<std::uint32_t> ? "" : std::to_string(min) + " to " + std::to_string(max);
}

std::string limits_of(const field_info& field) {
    std::string out;
    if (field.items_max) {
        out = "at most " + std::to_string(*field.items_max) + ", each ";
    }
    if (field.shape == shape::integer) {
        out += number_limits(field);
    } else if (field.length) {
        out += bounds(*field.length, field.length_in_bytes ? "bytes" : "code points");
    } else if (!field.values.empty()) {
        out += "one of the [avatars](#avatars)";
    } else if (field.only_true) {
        out += field.optional ? "absent when false" : "`true`";
    }
    return out;
}

std::string type_of(const field_info& field) {
    std::string type;
    switch (field.shape) {
        case shape::boolean:
            type = "boolean";
            break;
        case shape::integer:
            type = field.numbers->min < 0 ? "integer" : "integer ≥ 0";
            break;
        case shape::string:
            type = "string";
            break;
        case shape::words:
        case shape::part:
            type = anchor(field.type);
            break;
    }
    return field.list ? "list of " + type : type;
}

std::string table_of(const record_info& record) {
    if (record.fields.empty()) {
        return "No fields.\n\n";
    }
    std::string out = "| field | type | limits | meaning |\n| --- | --- | --- | --- |\n";
    for (const auto& field : record.fields) {
        out += "| " + code(field.name) + (field.optional ? " (optional)" : "") + " | " +
               type_of(field) + " | " + limits_of(field) + " | " + std::string{field.doc} + " |\n";
    }
    out += "\n";
    if (!record.needs_one_of.empty()) {
        out += "At least one of";
        for (const auto name : record.needs_one_of) {
            out += (name == record.needs_one_of.front() ? " " : ", ") + code(name);
        }
        out += " is needed.\n\n";
    }
    return out;
}

template <class Message>
std::string messages_of(const direction& side, const std::vector<Message>& examples) {
    std::string out;
    for (std::size_t i = 0; i < side.messages.size(); ++i) {
        const auto& message = side.messages[i];
        out += "### " + std::string{message.name} + "\n\n" + std::string{message.doc} + "\n\n";
        if (!message.answer.empty()) {
            out += "Answer: " + std::string{message.answer} + ".\n\n";
        }
        out += table_of(message);
        out += "```json\n";
        write(out, examples.at(i));
        out += "\n```\n\n";
    }
    return out;
}

std::string parts_of(const direction& side) {
    std::string out;
    for (const auto& part : side.parts) {
        // A part that is a message, too, stands among the messages.
        if (!part.message) {
            out += "### " + std::string{part.name} + "\n\n" + std::string{part.doc} + "\n\n" +
                   table_of(part);
        }
    }
    return out;
}

std::string words_of_side(const direction& side) {
    std::string out;
    for (const auto& words : side.words) {
        if (words.name == "refusal") {
            continue;  // has its own chapter
        }
        out += "### " + std::string{words.name} + "\n\n| word | meaning |\n| --- | --- |\n";
        for (const auto& word : words.words) {
            out += "| " + code(word.name) + " | " + std::string{word.doc} + " |\n";
        }
        out += "\n";
    }
    return out;
}

std::string words_of_both(const direction& client, direction server) {
    std::erase_if(server.words, [&client](const auto& words) {
        return std::any_of(client.words.begin(), client.words.end(),
                           [&words](const auto& other) { return other.name == words.name; });
    });
    return words_of_side(client) + words_of_side(server);
}

std::string codes_and_limits() {
    std::string out{prose::refusals};
    out += "| code | meaning |\n| --- | --- |\n";
    for (const auto& word : words_of<refusal>) {
        out += "| " + code(word.name) + " | " + std::string{word.doc} + " |\n";
    }
    out += prose::closes;
    out += "| code | reason | connect again | meaning |\n| --- | --- | --- | --- |\n";
    for (const auto& row : close_codes) {
        const auto number = static_cast<std::uint16_t>(row.code);
        out += "| " + std::to_string(number) + " | " + code(row.reason) + " | " +
               (should_reconnect(number) ? "yes" : "no") + " | " + std::string{row.meaning} +
               " |\n";
    }
    out +=
        "\n## Limits\n\nNames ending in `_ms` are milliseconds.\n\n"
        "| limit | value | meaning |\n| --- | --- | --- |\n";
    for (const auto& limit : model::limit_table()) {
        out += "| " + code(limit.name) + " | " + std::to_string(limit.value) + " | " +
               std::string{limit.doc} + " |\n";
    }
    out += "\n## Avatars\n\n";
    for (const auto avatar : avatars) {
        out += code(avatar) + (avatar == avatars.back() ? "\n" : " ");
    }
    return out;
}

}  // namespace

std::string markdown() {
    const direction client = model::of_client();
    const direction server = model::of_server();
    std::string out = filled(prose::introduction);
    out += "## What a client says\n\n" + messages_of(client, client_examples());
    out += "## What the server says\n\n";
    out += messages_of(server, server_examples());
    out += "## Parts of messages\n\n" + parts_of(client) + parts_of(server);
    out += "## Words\n\n" + words_of_both(client, server);
    out += filled(codes_and_limits());
    return out;
}

}  // namespace onechat::protocol
