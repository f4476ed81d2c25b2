#include "server/cli/token_reset.hpp"

#include "server/backup_files.hpp"
#include "server/cli/flags.hpp"
#include "server/data_folder.hpp"
#include "server/private_files.hpp"
#include "storage/database_copy.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <string>

namespace onechat::cli {

int reset_tokens(int argc, char** argv) {
    CLI::App flags{
        "Voids the tokens of all owners of a stopped server. Its next start writes a new one to\n"
        "DATA/admin.token; the audit says so.",
        "onechat admin token reset"};
    std::string data = "data";
    flags.add_option("--data", data, "The server's data folder [data]")
        ->type_name("FOLDER")
        ->envname("ONECHAT_DATA");
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    must_have_database(data);
    const data_folder alone{data};
    // First, since a start without an owner takes it at its word.
    remove_durably(alone.admin_token());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    storage::void_admin_tokens(
        alone.database(), storage::admin_role::owner,
        {.at = std::chrono::duration_cast<std::chrono::milliseconds>(now).count(),
         .who = "onechat admin token reset",
         .act = "reset tokens",
         .target = "owners",
         .why = "on the server's machine; the next start makes one of an owner"});
    std::puts(
        "The tokens of owners are void. The next start writes a new one to DATA/admin.token.");
    return 0;
}

}  // namespace onechat::cli
