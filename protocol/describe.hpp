// Tells others what the tables say: JSON Schema and AsyncAPI for tools, a reference for people,
// constants and types for JavaScript. The texts are committed, so that every change of the protocol
// is a visible difference; a test compares them with what is written here. Any thread.
#pragma once

#include <string>
#include <vector>

namespace onechat::protocol {

enum class said_by { client, server };

// JSON Schema 2020-12 for every message of one side.
[[nodiscard]] std::string json_schema(said_by side);
// AsyncAPI 3.0 from the server's viewpoint: it receives what clients say.
[[nodiscard]] std::string asyncapi();
// The reference, docs/protocol.md.
[[nodiscard]] std::string markdown();
// Constants as a plain script that is also a CommonJS module.
[[nodiscard]] std::string javascript();
// The types of the messages and of that script.
[[nodiscard]] std::string typings();

struct generated_file {
    std::string path;  // from the root of the source tree
    std::string content;
};

[[nodiscard]] std::vector<generated_file> generated_files();

}  // namespace onechat::protocol
