#include "server/config/command_line.hpp"

#include "server/config/spelling.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace onechat {
namespace {

std::vector<std::string> names_of_flags(const CLI::App& flags) {
    std::vector<std::string> names;
    for (const CLI::Option* option : flags.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

// CLI11 leaves what it doesn't know, and a flag's value with it.
std::vector<std::string> complaints_about(const std::vector<std::string>& left,
                                          const CLI::App& flags) {
    const auto known = names_of_flags(flags);
    std::vector<std::string> found;
    bool behind_flag = false;
    for (const std::string& word : left) {
        if (!word.starts_with('-')) {
            if (!behind_flag) {
                found.push_back("\"" + word + "\" is one word too many.");
            }
            behind_flag = false;
            continue;
        }
        const std::string flag = word.substr(0, word.find('='));
        const auto meant = nearest(flag, known);
        found.push_back(
            flag + " is no flag; " +
            (meant.empty() ? "--help lists them." : "did you mean " + std::string{meant} + "?"));
        behind_flag = flag == word;
    }
    return found;
}

}  // namespace

std::vector<std::string> parse_arguments(CLI::App& flags, std::vector<std::string> arguments) {
    flags.allow_extras();
    std::ranges::reverse(arguments);  // as CLI11 takes them
    std::vector<std::string> wrong;
    try {
        flags.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        throw;
    } catch (const CLI::ParseError& trouble) {
        const std::string_view text = trouble.what();  // "--data: 1 required FOLDER missing"
        wrong.push_back(text.ends_with(" missing") && text.starts_with("--")
                            ? std::string{text.substr(0, text.find(':'))} +
                                  ": The value is missing."
                            : std::string{text});
    }
    const auto unknown = complaints_about(flags.remaining(), flags);
    wrong.insert(wrong.end(), unknown.begin(), unknown.end());
    return wrong;
}

}  // namespace onechat
