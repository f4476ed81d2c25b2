#include "server/config/sources.hpp"

#include "server/config/file.hpp"
#include "server/config/spelling.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace onechat {
namespace {

// Separated, and without the blanks around them.
texts split(std::string_view text, char separator) {
    texts entries;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(separator, at), text.size());
        const auto first = text.find_first_not_of(" \t", at);
        if (first < end) {
            const auto last = text.find_last_not_of(" \t", end - 1);
            entries.emplace_back(text.substr(first, last - first + 1));
        }
        at = end + 1;
    }
    return entries;
}

texts entries_of(const setting& one, const texts& given) {
    if (one.separator == '\0') {
        return given;
    }
    texts all;
    for (const std::string& text : given) {
        std::ranges::move(split(text, one.separator), std::back_inserter(all));
    }
    return all;
}

std::string flag_of(std::string_view name) {
    return "--" + std::string{name};
}

// The content, but no more than shows that it is too much; nothing when it can't be read.
std::optional<std::string> content_of(const std::string& path) {
    errno = 0;
    std::ifstream in{path, std::ios::binary};
    std::string content(config_file_bytes_max + 1, '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (!in.is_open() || in.bad()) {
        return std::nullopt;
    }
    content.resize(static_cast<std::size_t>(in.gcount()));
    return content;
}

std::string unknown_key(const std::string& key) {
    std::vector<std::string> names;
    for (const setting& one : setting_table()) {
        names.emplace_back(one.name);
    }
    const auto meant = nearest(key, names);
    return "\"" + key + "\" is no setting; " +
           (meant.empty() ? "docs/configuration.md lists them."
                          : "did you mean \"" + std::string{meant} + "\"?");
}

}  // namespace

void declare_flags(CLI::App& flags) {
    const std::string file = "A file of these settings, like match-round = \"200ms\"";
    flags.add_option(flag_of(file_flag), file)
        ->type_name("FILE")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    for (const setting& one : setting_table()) {
        const std::string standard = default_of(one);
        const std::string about = one.meaning + " [" + (standard.empty() ? "none" : standard) + "]";
        flags.add_option(flag_of(one.name), about)
            ->type_name(one.form)
            ->group(std::string{one.group})
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    flags.get_formatter()->column_width(41);
    flags.footer(
        "Each is also a variable (ONECHAT_MATCH_ROUND=200ms) and a key of the file.\n"
        "A flag wins over a variable, and a variable over the file.");
}

said said_by_flags(CLI::App& flags) {
    said found;
    if (flags[flag_of(file_flag)]->count() > 1) {
        found.complaints.push_back({0, flag_of(file_flag) + " is given twice."});
    }
    for (const setting& one : setting_table()) {
        const std::string flag = flag_of(one.name);
        const texts given = flags[flag]->results();
        if (given.size() > 1 && one.separator == '\0') {
            found.complaints.push_back({0, flag + " is given twice."});
        } else if (!given.empty()) {
            found.assignments.push_back({&one, entries_of(one, given), flag, "flag"});
        }
    }
    return found;
}

said said_by_environment(const std::vector<std::string>& environment) {
    const std::string prefix = variable_of("");
    // Without the prefix: with it all of them would be near each other.
    std::vector<std::string> endings{variable_of(file_flag).substr(prefix.size())};
    for (const setting& one : setting_table()) {
        endings.push_back(variable_of(one.name).substr(prefix.size()));
    }
    for (const secret_setting& one : secret_table()) {
        endings.push_back(variable_of(one.name).substr(prefix.size()));
    }
    said found;
    for (const std::string& variable : environment) {
        const auto equals = std::min(variable.find('='), variable.size());
        if (!variable.starts_with(prefix) || equals + 1 >= variable.size()) {
            continue;
        }
        const std::string name = variable.substr(0, equals);
        const std::string ending = name.substr(prefix.size());
        const auto which = std::ranges::find(endings, ending);
        if (which == endings.end()) {
            // One with a slip in it was meant for us; the others may be anybody's.
            if (const auto meant = nearest(ending, endings); !meant.empty()) {
                found.complaints.push_back({0, name + " is no variable of ours; did you mean " +
                                                   prefix + std::string{meant} + "?"});
            }
        } else if (which != endings.begin()) {
            const auto row = static_cast<std::size_t>(which - endings.begin()) - 1;
            if (row >= setting_table().size()) {
                const auto& secret = secret_table()[row - setting_table().size()];
                found.secrets.push_back({secret.of, variable.substr(equals + 1)});
                continue;
            }
            const setting& one = setting_table()[row];
            found.assignments.push_back(
                {&one, entries_of(one, {variable.substr(equals + 1)}), name, "environment"});
        }
    }
    return found;
}

said said_by_file(const std::string& path) {
    said found;
    const auto content = content_of(path);
    if (!content) {
        found.complaints.push_back({0, path + ": This file can't be read: " +
                                           std::generic_category().message(errno) + "."});
        return found;
    }
    const auto parsed = parse_config_file(*content);
    for (const auto& [line, sentence] : parsed.problems) {
        const std::string place = line == 0 ? path : path + ":" + std::to_string(line);
        found.complaints.push_back({line, place + ": " + sentence});
    }
    for (const file_entry& entry : parsed.entries) {
        const std::string origin = path + ":" + std::to_string(entry.line);
        const setting* one = find_setting(entry.key);
        if (one == nullptr) {
            found.complaints.push_back({entry.line, origin + ": " + unknown_key(entry.key)});
        } else if (entry.array && one->separator == '\0') {
            found.complaints.push_back(
                {entry.line, origin + ": " + entry.key + ": This takes one value, not a list."});
        } else {
            found.assignments.push_back(
                {one, entry.array ? entry.values : entries_of(*one, entry.values),
                 origin + ": " + entry.key, origin, entry.line});
        }
    }
    return found;
}

}  // namespace onechat
