#include "protocol/json_layout.hpp"
#include "protocol/schema_writer.hpp"
#include "server/admin/route.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>

namespace onechat::admin {

namespace {

using protocol::json_layout;

constexpr std::string_view description =
    "What the operator of a onechat server can ask and order, on the listener of --admin-listen. "
    "Every request needs a token; every reading of a record and every change needs a reason and "
    "leaves a row in the audit, or is refused. docs/admin.md tells how to use it. Generated from "
    "server/admin: don't edit, run scripts/regenerate.";

std::string schema_of(std::string_view record) {
    return "#/components/schemas/" + protocol::model::camel_case(record);
}

void content(json_layout& out, std::string_view record) {
    out.open("content", '{');
    out.open("application/json", '{');
    out.open("schema", '{');
    out.text("$ref", schema_of(record));
    out.close('}');
    out.close('}');
    out.close('}');
}

void parameter_of(json_layout& out, std::string_view in, const parameter& one) {
    out.element();
    out.open('{');
    out.text("name", one.name);
    out.text("in", in);
    out.text("description", one.doc);
    if (in != "query") {
        out.literal("required", "true");
    }
    out.literal("schema", one.schema);
    out.close('}');
}

constexpr parameter reason{"X-Reason",
                           "Why, for the audit: percent-encoded UTF-8, 3 to 500 code points.",
                           R"({"type": "string", "minLength": 3, "maxLength": 6000})"};

constexpr parameter an_id{"id", "A number.",
                          R"({"type": "string", "pattern": "^(0|[1-9][0-9]{0,17})$"})"};
constexpr parameter a_seq{"seq", "The number of an event within its pair.",
                          R"({"type": "string", "pattern": "^[1-9][0-9]{0,17}$"})"};
constexpr parameter a_receipt{"receipt", "As the user was told.",
                              R"({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"})"};
constexpr parameter a_name{"name", "The name of a token.",
                           R"({"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,31}$"})"};

void path_parameters(json_layout& out, std::string_view path) {
    for (const parameter& one : {an_id, a_seq, a_receipt, a_name}) {
        if (path.find("{" + std::string{one.name} + "}") != std::string_view::npos) {
            parameter_of(out, "path", one);
        }
    }
}

void refused(json_layout& out, std::string_view status, std::string_view why) {
    out.open(status, '{');
    out.text("description", why);
    content(out, problem::name);
    out.close('}');
}

void operation(json_layout& out, const route& one, protocol::model::collector& all) {
    std::string method{one.method};
    std::ranges::transform(method, method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out.open(method, '{');
    out.text("operationId", one.operation);
    out.text("summary", one.doc);
    out.text("description", "Needs the role `" + std::string{protocol::name_of(one.needed)} + "`.");
    out.open("parameters", '[');
    path_parameters(out, one.path);
    for (const parameter& each : one.query) {
        parameter_of(out, "query", each);
    }
    if (one.needs_reason) {
        parameter_of(out, "header", reason);
    }
    out.close(']');
    if (one.asked != nullptr) {
        out.open("requestBody", '{');
        content(out, one.asked(all));
        out.close('}');
    }
    out.open("responses", '{');
    out.open(std::to_string(one.success), '{');
    out.text("description", one.success == 202 ? "It is under way." : "Done.");
    content(out, one.answered(all));
    out.close('}');
    refused(out, "400", "What was said does not fit, or a reason is missing.");
    refused(out, "401", "No token, or a wrong one.");
    refused(out, "403", "The token's role may not, or the request comes from a foreign page.");
    refused(out, "404", "There is no such thing.");
    refused(out, "409", "It can't be done in the state in which things are.");
    refused(out, "429", "Too many wrong tokens from this address; see Retry-After.");
    refused(out, "503", "Nothing is read, or stored, at present; see Retry-After.");
    out.close('}');
    out.close('}');
}

void paths(json_layout& out, protocol::model::collector& all) {
    std::set<std::string_view> written;
    out.open("paths", '{');
    for (const route& one : routes()) {
        if (!written.insert(one.path).second) {
            continue;
        }
        out.open(one.path, '{');
        for (const route& each : routes()) {
            if (each.path == one.path) {
                operation(out, each, all);
            }
        }
        out.close('}');
    }
    out.close('}');
}

}  // namespace

std::string openapi() {
    protocol::model::collector all;
    all.add<problem>();
    json_layout out;
    out.open('{');
    out.text("openapi", "3.1.0");
    out.open("info", '{');
    out.text("title", "onechat: the operator's API");
    out.text("version", "1.0.0");
    out.text("description", description);
    out.open("license", '{');
    out.text("name", "MIT");
    out.text("identifier", "MIT");
    out.close('}');
    out.close('}');
    out.open("servers", '[');
    out.element();
    out.open('{');
    out.text("url", api_root);
    out.close('}');
    out.close(']');
    out.open("security", '[');
    out.element();
    out.open('{');
    out.literal("token", "[]");
    out.close('}');
    out.close(']');
    paths(out, all);
    out.open("components", '{');
    out.open("securitySchemes", '{');
    out.open("token", '{');
    out.text("type", "http");
    out.text("scheme", "bearer");
    out.close('}');
    out.close('}');
    out.open("schemas", '{');
    const auto side = all.take();
    const protocol::schema_style style{.folder = "#/components/schemas/", .camel_case = true};
    protocol::schema_writer schemas{out, side, style};
    for (const auto& part : side.parts) {
        schemas.part(part);
    }
    for (const auto& words : side.words) {
        schemas.words(words);
    }
    out.close('}');
    out.close('}');
    out.close('}');
    return out.take();
}

}  // namespace onechat::admin
