// The commands that keep what a server remembers from being lost: copying, verifying, putting back,
// migrating.
#include "server/backups.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/restoring.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace onechat::cli {
namespace {

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

void add_data(CLI::App& flags, std::string& folder) {
    flags.add_option("--data", folder, "The server's data folder [data]")
        ->type_name("FOLDER")
        ->envname("ONECHAT_DATA");
}

void tell(const char* what, const backup_manifest& of) {
    std::printf("%s schema=%lld users=%llu pairs=%llu events=%llu version=%s\n", what,
                static_cast<long long>(of.facts.schema),
                static_cast<unsigned long long>(of.facts.users),
                static_cast<unsigned long long>(of.facts.pairs),
                static_cast<unsigned long long>(of.facts.events), of.version.c_str());
}

constexpr const char* not_turned_back =
    "What was said since the backup is gone. Who was erased or banned since, what was taken back,\n"
    "cleared or blocked will be so again at the next start, as the logs beside the database say.\n"
    "Tokens that were logged out since hold again until they expire. Those of operators are void:\n"
    "the next start writes a new one of an owner to DATA/admin.token.";

int verify(int argc, char** argv) {
    CLI::App flags{"Reads a backup whole and says whether it can be restored.",
                   "onechat backup verify"};
    std::string folder;
    flags.add_option("BACKUP", folder, "The folder of the backup")->required();
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    tell("good", verify_backup(folder));
    return 0;
}

}  // namespace

int backup(int argc, char** argv) {
    if (argc > 1 && std::string_view{argv[1]} == "verify") {
        return verify(argc - 1, argv + 1);
    }
    CLI::App flags{
        "Copies what a server remembers to a new folder under DATA/backups, also while it runs.\n"
        "`onechat backup verify BACKUP` reads such a folder and says whether it is whole.",
        "onechat backup"};
    std::string data = "data";
    std::uint32_t kept_max = 7;
    add_data(flags, data);
    flags.add_option("--keep", kept_max, "How many are kept; the oldest are removed [7]")
        ->type_name("1..1000")
        ->check(CLI::Range(1, 1000));
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    const auto made = make_backup(data, now_ms(), kept_max);
    tell("made", made.manifest);
    for (const auto& old : made.removed) {
        std::printf("removed %s\n", old.c_str());
    }
    for (const auto& odd : made.ahead) {
        std::printf("ahead %s (from the future: neither counted nor removed)\n", odd.c_str());
    }
    std::printf("backup %s\n", made.folder.c_str());
    return 0;
}

int restore(int argc, char** argv) {
    CLI::App flags{
        "Verifies a backup and puts it in the place of what a stopped server remembers, which is\n"
        "kept aside. What was erased, banned, taken back, cleared or blocked since is so again at\n"
        "the next start.",
        "onechat restore"};
    std::string data = "data";
    std::string folder;
    add_data(flags, data);
    flags.add_option("BACKUP", folder, "The folder of the backup")->required();
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    const auto done = restore_backup(folder, data, now_ms());
    tell("restored", done.from);
    if (!done.replaced.empty()) {
        std::printf("replaced %s\n", done.replaced.c_str());
    }
    std::puts(not_turned_back);
    return 0;
}

int renew_keys(int argc, char** argv) {
    if (argc < 2 || std::string_view{argv[1]} != "new") {
        std::fputs("onechat keys: `onechat keys new --data DATA` makes new ones.\n", stderr);
        return 2;
    }
    CLI::App flags{
        "Makes new keys for a stopped server and puts the old ones aside. Everybody is logged "
        "out,\n"
        "guests lose their records, and bans and blocks no longer find their people.",
        "onechat keys new"};
    std::string data = "data";
    add_data(flags, data);
    if (const auto status = read_flags(flags, argc - 1, argv + 1)) {
        return *status;
    }
    if (const auto replaced = replace_keys(data, now_ms()); !replaced.empty()) {
        std::printf("replaced %s\n", replaced.c_str());
    }
    std::puts("made keys");
    return 0;
}

int migrate(int argc, char** argv) {
    CLI::App flags{
        "Brings a stopped server's database up to this version, as the next start would.",
        "onechat migrate"};
    std::string data = "data";
    bool dry = false;
    add_data(flags, data);
    flags.add_flag("--dry-run", dry, "Migrate and check a copy, and leave the database as it is");
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    const auto done = migrate_data(data, dry);
    std::printf("%s schema=%lld from=%lld events=%llu\n", dry ? "would-be" : "migrated",
                static_cast<long long>(done.after.schema),
                static_cast<long long>(done.before.schema),
                static_cast<unsigned long long>(done.after.events));
    return 0;
}

}  // namespace onechat::cli
