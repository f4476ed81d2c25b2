#include "protocol/describe.hpp"

#include "server/admin/route.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/config/page.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace onechat::cli {

int describe(int argc, char** argv) {
    CLI::App flags{
        "Writes what the tables say: references of protocol and settings, schemas, typings.",
        "onechat describe"};
    std::string folder;
    flags.add_option("--write", folder, "The folder to write to; without it the names are listed");
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    auto files = protocol::generated_files();
    files.push_back({"docs/configuration.md", configuration_page()});
    files.push_back({"docs/openapi.json", admin::openapi()});
    for (const auto& file : files) {
        if (folder.empty()) {
            std::printf("%s\n", std::string{file.path}.c_str());
            continue;
        }
        const std::filesystem::path path = std::filesystem::path{folder} / file.path;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream out{path, std::ios::binary | std::ios::trunc};
        out << file.content;
        if (!out.flush()) {
            throw std::runtime_error{"The file " + path.string() + " can't be written."};
        }
    }
    return 0;
}

}  // namespace onechat::cli
