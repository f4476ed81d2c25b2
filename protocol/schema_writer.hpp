// Writes the records and words of one direction as JSON Schema definitions, for whatever document
// holds them. Any thread.
#pragma once

#include "protocol/json_layout.hpp"
#include "protocol/model.hpp"

#include <string>
#include <string_view>

namespace onechat::protocol {

struct schema_style {
    std::string_view folder;  // of all definitions: "#/$defs/"
    // "ClientHello" with the prefix "Client", as in the typings; otherwise "hello".
    bool camel_case = false;
    std::string_view message_prefix{};
    // Older drafts ignore what stands beside a reference.
    bool lonely_references = false;
};

class schema_writer {
public:
    schema_writer(json_layout& out, const model::direction& side, const schema_style& style)
        : out_{out}, side_{side}, style_{style} {}

    void message(const model::record_info& record);
    void part(const model::record_info& record);
    void words(const model::words_info& words);
    void rid();

    // The member "$ref".
    void refer_to(std::string_view name);

    // What definitions are called. A message and the part of the same name are two.
    [[nodiscard]] std::string message_name(std::string_view type) const;
    [[nodiscard]] std::string part_name(std::string_view type) const;
    [[nodiscard]] std::string plain_name(std::string_view name) const;

private:
    void definition(const model::record_info& record, bool as_message);
    void property(const model::field_info& field);
    void value(const model::field_info& field, bool described);
    void string_limits(const model::field_info& field);
    void alternatives(const model::record_info& record);

    json_layout& out_;
    const model::direction& side_;
    const schema_style& style_;
};

}  // namespace onechat::protocol
