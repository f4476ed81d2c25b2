#include "server/config/page.hpp"

#include "server/config/file.hpp"
#include "server/config/profile.hpp"
#include "server/config/table.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace onechat {
namespace {

constexpr std::string_view introduction = R"(# Configuration

<!-- Generated from server/config/table.cpp: don't edit, run scripts/regenerate. -->

Every setting of `onechat serve` is a flag, a key of the configuration file and an environment
variable:

    onechat serve --match-round 200ms
    match-round = "200ms"               # in a file; onechat serve --config chat.conf
    ONECHAT_MATCH_ROUND=200ms

A flag wins over the variable, the variable over the file, and the file over the default. The file
may also be named by `ONECHAT_CONFIG`. An empty variable counts as unset; a variable that looks like
one of these with a slip in it is refused
([why](decisions/0008-which-environment-variables-are-ours.md)).

Whatever is wrong is told at once, a line for each with its place, and ends with status 2.
`onechat check-config` reads everything as `serve` would, starts nothing, and prints what holds and
where it came from, as a configuration file.

## Secrets

The secrets of WeChat and QQ have no flag and no key, since others read those: each is in a file
that only its owner can read (`wechat-secret-file`, `qq-secret-file`), or in the variable
`ONECHAT_WECHAT_SECRET` or `ONECHAT_QQ_SECRET`.

## The file

A small part of TOML, in UTF-8, at most 64 KiB:

```toml
# A comment; another one may follow a value.
listen = "0.0.0.0:8080"
match-round = 500ms            # quotes are needed only around " #" and in lists
topic = [
    "films=Films|What did you see last?",
    "music=Music",
]
```

Within `"` the escapes `\"` `\\` `\n` `\t` `\r` hold, within `'` none. No key stands twice, and
there are no sections. Durations are written `20ms`, `2s`, `5m`, `3h` or `180d`, rates `5/s`,
`10/m`, `10/h` or `100/d`. As a flag or variable a list is one text with separators; the file may
write it so, too.
)";

// A bar would end the cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        out += letter == '|' ? "\\|" : std::string{letter};
    }
    return out;
}

std::string code(std::string_view text) {
    return text.empty() ? "" : "`" + cell(text) + "`";
}

}  // namespace

std::string configuration_page() {
    std::string out{introduction};
    std::string_view group;
    for (const setting& one : setting_table()) {
        if (one.group != group) {
            group = one.group;
            out += "\n## " + std::string{group} +
                   "\n\n| flag | key | variable | value | default | meaning |\n"
                   "| --- | --- | --- | --- | --- | --- |\n";
        }
        const std::string standard =
            one.standard.empty() ? code(default_of(one)) : cell(one.standard);
        out += "| " + code("--" + std::string{one.name}) + " | " + code(one.name) + " | " +
               code(variable_of(one.name)) + " | " + code(one.form) + " | " +
               (standard.empty() ? "none" : standard) + " | " + cell(one.meaning) + ". |\n";
    }
    for (const std::string_view name : profile_names()) {
        if (values_of_profile(name).empty()) {
            continue;
        }
        out +=
            "\n## The profile " + code(name) +
            "\n\nThese are its defaults. They can be set to other values, except that access is "
            "then "
            "kept for six months at\nleast; without a platform's AppID it is refused, since nobody "
            "could log in.\n\n| key | value | since |\n| --- | --- | --- |\n";
        for (const profile_value& each : values_of_profile(name)) {
            out += "| " + code(each.setting) + " | " + code(each.value) + " | " + cell(each.why) +
                   " |\n";
        }
    }
    return out;
}

std::string effective_file(const reading& read) {
    std::string out;
    std::string_view group;
    for (std::size_t row = 0; row < setting_table().size(); ++row) {
        const setting& one = setting_table()[row];
        if (one.group != group) {
            group = one.group;
            out += (out.empty() ? "# " : "\n# ") + std::string{group} + "\n";
        }
        std::string origin = read.origins[row];
        std::ranges::replace(origin, '\n', ' ');  // a file may be named so
        out += std::string{one.name} + " = " +
               write_config_value(one.write(read.values), one.separator != '\0') + "  # " + origin +
               "\n";
    }
    return out;
}

}  // namespace onechat
