// Any file as a configuration: what is wrong is told with a line that exists, and what is right
// means the same when it is written and read again, or said by another source. Nothing throws.
#include "server/config/file.hpp"
#include "server/config/page.hpp"
#include "server/config/table.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>

using namespace onechat;
using namespace onechat::fuzz;

namespace {

const config_command command{"onechat fuzz", "Reads."};

// A file in memory: the disk is not what is tested here.
class memory_file {
public:
    explicit memory_file(std::string_view content) : file_{memfd_create("chat.conf", 0)} {
        must(file_ >= 0 && write(file_, content.data(), content.size()) ==
                               static_cast<ssize_t>(content.size()),
             "there is room for a file");
    }
    ~memory_file() { close(file_); }
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;

    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

private:
    int file_;
};

texts values_of(const config& from) {
    texts all;
    for (const setting& one : setting_table()) {
        std::ranges::copy(one.write(from), std::back_inserter(all));
        all.emplace_back(one.name);
    }
    return all;
}

void check_entry(const file_entry& entry) {
    must(!entry.key.empty() && entry.key.find_first_of("=\n") == entry.key.npos,
         "a key is a word before the =");
    must(entry.array || entry.values.size() == 1, "a key has one value or a list");
    // Behind a line end, since a byte order mark at the front would be none of the key.
    const auto again =
        parse_config_file('\n' + entry.key + " = " + write_config_value(entry.values, entry.array));
    must(again.problems.empty() && again.entries.size() == 1, "a written value is one");
    must(again.entries[0].key == entry.key && again.entries[0].values == entry.values &&
             again.entries[0].array == entry.array,
         "a written value is read as it was");
}

void check_contents(const file_contents& read, std::string_view text) {
    const auto lines = 1 + static_cast<std::size_t>(std::ranges::count(text, '\n'));
    std::size_t behind = 0;
    for (const file_entry& entry : read.entries) {
        must(entry.line > behind && entry.line <= lines, "entries come in the order of lines");
        behind = entry.line;
        check_entry(entry);
    }
    for (const file_problem& one : read.problems) {
        must(one.line <= lines, "a problem is in a line that exists");
        must(one.line > 0 || read.entries.empty(), "a file is either wrong as a whole or read");
        must(one.sentence.ends_with('.'), "a problem is told in a sentence");
    }
}

void check_reading(const reading& read, std::string_view path) {
    for (const std::string& one : read.problems) {
        must(one.starts_with(path), "a problem begins with its place");
        must(std::ranges::all_of(one, [](char c) { return static_cast<unsigned char>(c) >= ' '; }),
             "a problem is one line");
    }
}

// What the file says, said by variables of the environment.
void check_environment(const file_contents& file, const config& values) {
    std::vector<std::string> environment;
    for (const file_entry& entry : file.entries) {
        const setting* one = find_setting(entry.key);
        if (one->separator != '\0' || entry.values.front().empty()) {
            return;  // an empty variable counts as unset
        }
        environment.push_back(variable_of(entry.key) + "=" + entry.values.front());
    }
    const reading other = read_config(command, {}, environment);
    must(other.problems.empty() && values_of(other.values) == values_of(values),
         "a setting means the same wherever it is said");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    const auto contents = parse_config_file(text);
    check_contents(contents, text);

    const memory_file file{text};
    const reading first = read_config(command, {"--config", file.path()}, {});
    check_reading(first, file.path());
    must(contents.problems.size() <= first.problems.size(), "no problem of a file gets lost");
    if (!first.problems.empty()) {
        return 0;
    }
    check_environment(contents, first.values);
    const std::string effective = effective_file(first);
    const memory_file written{effective};
    const reading second = read_config(command, {"--config", written.path()}, {});
    must(second.problems.empty(), "the effective settings are a configuration");
    must(values_of(second.values) == values_of(first.values), "they mean the same");
    return 0;
}
