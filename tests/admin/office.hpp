// A house with an operator's door: three people with a token each, of the three roles, who ask over
// the API and hear what it answers. The store works when the answer is looked at.
#pragma once

#include "server/admin/api.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onechat::test {

// How something is asked for: by whom, why, with which body.
struct operators_wishes {
    std::string who = "owner";
    std::string why = "because%20of%20a%20test";  // empty: no header
    std::string body{};
    std::vector<net::http_header> headers{};
    std::string host = "127.0.0.1:8081";
};

struct office : house {
    using wishes = operators_wishes;

    explicit office(switchboard_options wanted = {}) : house{std::move(wanted)} {
        for (const auto role : {storage::admin_role::viewer, storage::admin_role::moderator,
                                storage::admin_role::owner}) {
            const std::string name{protocol::name_of(static_cast<admin::role>(role))};
            secrets_of[name] = random_secret();
            storage::admin_token_row row{.name = name,
                                         .role = role,
                                         .digest = digest_of(secrets_of[name]),
                                         .used = now.unix_ms};
            storage::change made = storage::add_admin_token{.token = row};
            REQUIRE(store.behind.commit({&made, 1}) == storage::commit_result::done);
            tokens.add(row);
        }
        open();
    }

    void open() {
        door.emplace(
            admin::desk{*board, secrets, tokens, backups, [this] { return now; }, now.unix_ms},
            std::vector<std::string>{"admin.example.org"});
    }

    static net::http_request request(std::string_view method, std::string_view target,
                                     const wishes& with, const std::string& secret) {
        net::http_request asked;
        asked.method = method;
        asked.path = target.substr(0, target.find('?'));
        asked.query = target.find('?') == std::string_view::npos
                          ? ""
                          : std::string{target.substr(target.find('?') + 1)};
        asked.body = with.body;
        asked.headers = with.headers;
        asked.headers.push_back({"Host", with.host});
        if (!secret.empty()) {
            asked.headers.push_back({"Authorization", "Bearer " + secret});
        }
        if (!with.why.empty()) {
            asked.headers.push_back({"X-Reason", with.why});
        }
        if (!with.body.empty()) {
            asked.headers.push_back({"Content-Type", "application/json"});
        }
        return asked;
    }

    // Without waiting for the store.
    std::optional<net::http_answer>& begin(std::string_view method, std::string_view path,
                                           const wishes& with) {
        answered.reset();
        const auto found = secrets_of.find(with.who);
        door->answer(request(method, "/admin/api/v1" + std::string{path}, with,
                             found == secrets_of.end() ? with.who : found->second),
                     [this](net::http_answer said) { answered = std::move(said); });
        return answered;
    }

    net::http_answer ask(std::string_view method, std::string_view path, const wishes& with) {
        begin(method, path, with);
        settle();
        REQUIRE(answered);
        return *answered;
    }
    net::http_answer ask(std::string_view method, std::string_view path) {
        return ask(method, path, wishes{});
    }

    // "200 {...}" without the line end, or for a refusal "400 code".
    std::string told(std::string_view method, std::string_view path, const wishes& with) {
        const auto said = ask(method, path, with);
        const std::string status = std::to_string(said.status) + " ";
        if (said.status >= 400) {
            const auto why = protocol::parse_fields<admin::problem>(said.body);
            return status + (why ? why->code : said.body);
        }
        return status + said.body.substr(0, said.body.size() - 1);
    }
    std::string told(std::string_view method, std::string_view path) {
        return told(method, path, wishes{});
    }

    template <class T>
    T get(std::string_view path, const wishes& with = {}) {
        const auto said = ask("GET", path, with);
        INFO(said.body);
        REQUIRE(said.status == 200);
        return protocol::parse_fields<T>(said.body, 8).value();
    }

    // "who act target why", newest first.
    std::vector<std::string> audit() {
        storage::question asked = storage::list_audit{};
        REQUIRE(store.behind.reader().answer(asked));
        std::vector<std::string> told_rows;
        for (const auto& row : std::get<storage::list_audit>(asked).rows) {
            told_rows.push_back(row.who + ": " + row.act + ", " + row.target + ", " + row.why);
        }
        return told_rows;
    }

    std::map<std::string, std::string> secrets_of;
    admin::tokens tokens;
    temp_dir data;
    std::vector<backup_task> begun;  // backups
    backup_runs backups{data.path(), [this](const backup_task& task) { begun.push_back(task); }};
    std::optional<admin::api> door;
    std::optional<net::http_answer> answered;
};

// Two guests with rows whose chat has ended after two texts: users 1 and 2 in pair 1.
inline void have_talked(office& at) {
    at.pair_up(1, 2);
    at.say_text(1, 1, "hello from one");
    at.say_text(2, 1, "hello from two");
    at.settle();
    at.say(1, R"({"t":"leave"})");
    at.settle();
}

}  // namespace onechat::test
