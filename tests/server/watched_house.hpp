// A house in which everybody comes from WeChat, and the test is WeChat: it answers looks from
// outside and sees whom messages go to.
#pragma once

#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onechat::test {

struct watched_house {
    explicit watched_house(moderation_mode mode, bool unjudged_pass = true)
        : watched_house{options(mode, unjudged_pass)} {}
    explicit watched_house(switchboard_options wanted) : at{std::move(wanted)} { connect(); }
    static switchboard_options options(moderation_mode mode, bool unjudged_pass) {
        switchboard_options made;
        made.moderation.mode = mode;
        made.moderation.unjudged_pass = unjudged_pass;
        made.lobby.nudge_after = 10s;
        made.nudge_templates = {"", "tmpl", ""};
        return made;
    }
    void connect() {
        outside_ports outside;
        outside.review = [this](lobby::review_id id, platform::words_to_judge&& what) {
            asked.emplace_back(id, std::move(what));
        };
        outside.notify = [this](lobby::user_id, platform::account whom) {
            nudged.push_back(whom.openid());
        };
        outside.reviews = {true, true};
        at.board->connect(std::move(outside));
    }
    void restart() {
        at.start();
        connect();
    }

    std::string make_person(int n) {
        storage::make_user made;
        made.user.id = storage::user_id{n};
        made.user.name.fill(static_cast<std::uint8_t>(n));
        made.user.from = storage::provider::wechat;
        made.user.account = "openid-" + std::to_string(n);
        made.user.person = at.secrets.person(1, made.user.account);
        storage::change change = made;
        REQUIRE(at.store.behind.commit({&change, 1}) == storage::commit_result::done);
        token_claims claims;
        claims.provider = 1;
        claims.name = made.user.name;
        claims.issued = at.now.unix_ms;
        claims.expires = at.now.unix_ms + 1'000'000'000;
        return at.secrets.sign(claims);
    }
    void pair_up() {
        for (const int n : {1, 2}) {
            at.come_back(n, make_person(n));
        }
        pair = at.pair_up(1, 2);
    }
    void answer(platform::outside_opinion::kind is, std::uint32_t label = 0) {
        const auto first = asked.at(0);
        asked.erase(asked.begin());
        at.board->reviewed(first.first, {is, label}, at.now);
    }
    std::vector<storage::change> writes() {
        std::vector<storage::change> all;
        for (const auto& job : at.store.writes) {
            all.push_back(job.what);
        }
        return all;
    }
    template <class Change>
    std::vector<Change> written() {
        std::vector<Change> found;
        for (const auto& one : writes()) {
            if (const auto* change = std::get_if<Change>(&one)) {
                found.push_back(*change);
            }
        }
        return found;
    }

    std::vector<std::pair<lobby::review_id, platform::words_to_judge>> asked;
    std::vector<std::string> nudged;
    house at;
    std::string pair;
};

}  // namespace onechat::test
