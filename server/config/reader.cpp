#include "server/config/reader.hpp"

#include "server/config/command_line.hpp"
#include "server/config/profile.hpp"
#include "server/config/sources.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace onechat {
namespace {

class config_reader {
public:
    config_reader() {
        places_.resize(setting_table().size());
        read_.origins.assign(setting_table().size(), "default");
    }

    // Before anything else is taken.
    void begin_with(std::string_view profile) {
        for (const profile_value& each : values_of_profile(profile)) {
            const setting& one = *find_setting(each.setting);
            one.read(read_.values, {each.value});
            const auto row = static_cast<std::size_t>(&one - setting_table().data());
            read_.origins[row] = "profile " + std::string{profile};
        }
    }

    // What it says counts more than what was taken before.
    void take(said source) {
        for (told_secret& each : source.secrets) {
            each.of(read_.values) = std::move(each.value);
        }
        for (const assignment& each : source.assignments) {
            const auto row = static_cast<std::size_t>(each.of - setting_table().data());
            try {
                each.of->read(read_.values, each.values);
                read_.origins[row] = each.origin;
                places_[row] = each.place;
            } catch (const std::exception& wrong) {
                source.complaints.push_back({each.line, each.place + ": " + wrong.what()});
            }
        }
        std::ranges::stable_sort(source.complaints, {}, &complaint::line);
        for (complaint& each : source.complaints) {
            complain(std::move(each.text));
        }
    }

    reading finish() {
        for (const auto& [name, sentence] : contradictions_in(read_.values)) {
            const auto row = static_cast<std::size_t>(find_setting(name) - setting_table().data());
            complain((places_[row].empty() ? std::string{name} : places_[row]) + ": " + sentence);
        }
        return std::move(read_);
    }

private:
    // A value may hold line breaks; a complaint is one line.
    void complain(std::string text) {
        std::ranges::replace_if(
            text, [](char letter) { return static_cast<unsigned char>(letter) < ' '; }, ' ');
        read_.problems.push_back(std::move(text));
    }

    reading read_;
    std::vector<std::string> places_;  // as the origins; empty for a default
};

std::string file_named_by(CLI::App& flags, const std::vector<std::string>& environment) {
    const texts given = flags["--" + std::string{file_flag}]->results();
    if (!given.empty()) {
        return given.front();
    }
    const std::string variable = variable_of(file_flag) + "=";
    for (const std::string& each : environment) {
        if (each.starts_with(variable)) {
            return each.substr(variable.size());
        }
    }
    return {};
}

// The one that counts; what is no profile is complained about when it is taken.
std::string profile_said_by(const std::vector<said>& sources) {
    const setting* const profile = find_setting("profile");
    std::string name{no_profile};
    for (const said& source : sources) {
        for (const assignment& each : source.assignments) {
            if (each.of == profile && !each.values.empty()) {
                name = each.values.front();
            }
        }
    }
    return name;
}

}  // namespace

reading read_config(const config_command& command, const std::vector<std::string>& arguments,
                    const std::vector<std::string>& environment) {
    CLI::App flags{command.purpose, command.name};
    declare_flags(flags);
    std::vector<std::string> wrong;
    try {
        wrong = parse_arguments(flags, arguments);
    } catch (const CLI::CallForHelp&) {
        reading asked;
        asked.help = flags.help();
        return asked;
    }
    std::vector<said> sources;
    if (const std::string file = file_named_by(flags, environment); !file.empty()) {
        sources.push_back(said_by_file(file));
    }
    sources.push_back(said_by_environment(environment));
    sources.push_back(said_by_flags(flags));
    for (std::string& each : wrong) {
        sources.back().complaints.push_back({0, std::move(each)});
    }
    config_reader reader;
    reader.begin_with(profile_said_by(sources));
    for (said& source : sources) {
        reader.take(std::move(source));
    }
    return reader.finish();
}

}  // namespace onechat
