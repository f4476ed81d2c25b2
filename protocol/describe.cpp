#include "protocol/describe.hpp"

namespace onechat::protocol {

std::vector<generated_file> generated_files() {
    return {
        {"docs/protocol.md", markdown()},
        {"docs/asyncapi.json", asyncapi()},
        {"docs/schema/client.json", json_schema(said_by::client)},
        {"docs/schema/server.json", json_schema(said_by::server)},
        {"client/sdk/protocol.js", javascript()},
        {"client/sdk/protocol.d.ts", typings()},
    };
}

}  // namespace onechat::protocol
