// The whole switchboard over a store of the test's own, with people who speak JSON. Person n comes
// over connection n; who comes again takes another number.
#pragma once

#include "server/switchboard.hpp"
#include "tests/support/fake_platforms.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/recording_peer.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/spoken.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onechat::test {

using words = std::vector<std::string>;
using namespace std::chrono_literals;

struct house {
    explicit house(switchboard_options wanted = {}) : options{std::move(wanted)} { start(); }

    // A start of the process over the same store; connections of the one before are gone.
    void start() {
        lines.clear();
        store.writes.clear();
        store.reads.clear();
        start_facts known;
        known.epoch = store.behind.begin_epoch(now.unix_ms).value();
        known.epoch_stored = true;
        known.last_user = store.behind.last_user();
        known.open_chats = store.behind.open_chats();
        known.partings = store.behind.partings(now.unix_ms - 1'800'000);
        board.emplace(options, secrets, random, store.ports(), std::move(known), now);
        board->log_in_by(platforms.port());
    }

    // ---- connections ----

    recording_peer& connect(int n) {
        auto& line = lines[n];
        line = std::make_unique<recording_peer>();
        heard_up_to[line.get()] = 0;
        board->opened(static_cast<lobby::session_id>(n), *line, {from, from, 4711}, now);
        return *line;
    }
    void drop(int n) {
        board->closed(static_cast<lobby::session_id>(n), now);
        lines.erase(n);
    }
    void say(int n, const std::string& json) {
        board->received(static_cast<lobby::session_id>(n), json, now);
    }
    void say_text(int n, int cid, const std::string& text) {
        say(n, R"({"t":"say","cid":)" + std::to_string(cid) + R"(,"text":")" + text + R"("})");
    }

    // ---- logging in ----

    void come(int n) {
        connect(n);
        say(n, R"({"t":"hello","v":1,"login":{"provider":"guest"}})");
        settle();
    }
    void come_back(int n, const std::string& token, const std::string& held = {}) {
        connect(n);
        say(n, R"({"t":"hello","v":1,"token":")" + token + '"' + held + "}");
        settle();
    }
    static std::string held(const std::string& pair, std::uint64_t seq, std::int64_t epoch) {
        return R"(,"held":{"pair":")" + pair + R"(","seq":)" + std::to_string(seq) +
               R"(,"epoch":)" + std::to_string(epoch) + "}";
    }
    std::string token(int n) { return last<protocol::server::welcome>(n).token; }
    std::int64_t epoch(int n) { return last<protocol::server::welcome>(n).epoch; }

    // One and two, who are matched; everything they were told so far is heard. The pair's name.
    std::string pair_up(int one, int two) {
        for (const int n : {one, two}) {
            if (!lines.contains(n)) {
                come(n);
            }
            say(n, R"({"t":"find"})");
        }
        settle();  // their rows
        pass(200ms);
        const std::string pair = last<protocol::server::matched>(one).pair;
        hear(one);
        hear(two);
        return pair;
    }

    // What a platform says of the code that was asked about first.
    void identify(platform::identity::answer answer) {
        const auto asked = platforms.asked.front();
        platforms.asked.pop_front();
        board->identified(asked.ticket, std::move(answer), now);
    }

    // ---- what was said ----

    // Since it was last asked.
    words hear(int n) {
        words heard;
        auto& said = lines.at(n)->said;
        for (; heard_up_to[lines.at(n).get()] < said.size(); ++heard_up_to[lines.at(n).get()]) {
            heard.push_back(spoken(said[heard_up_to[lines.at(n).get()]].message));
        }
        return heard;
    }
    template <class Message>
    std::vector<Message> all(int n) {
        std::vector<Message> found;
        for (const auto& one : lines.at(n)->said) {
            if (const auto* message = std::get_if<Message>(&one.message)) {
                found.push_back(*message);
            }
        }
        return found;
    }
    template <class Message>
    Message last(int n) {
        return all<Message>(n).at(all<Message>(n).size() - 1);
    }

    // ---- the store and time ----

    void commit(storage::commit_result fate = storage::commit_result::done) {
        storage::written batch;
        std::vector<storage::change> changes;
        for (auto& job : std::exchange(store.writes, {})) {
            changes.push_back(std::move(job.what));
            batch.jobs.push_back({job.ticket, {}});
        }
        batch.result = fate == storage::commit_result::done ? store.behind.commit(changes) : fate;
        for (std::size_t n = 0; n < changes.size(); ++n) {
            batch.jobs[n].what = std::move(changes[n]);
        }
        board->written(std::move(batch), now);
    }
    void answer() {
        std::vector<storage::read_job> jobs;
        for (auto& job : std::exchange(store.reads, {})) {
            job.ok = store.behind.reader().answer(job.what);
            jobs.push_back(std::move(job));
        }
        board->answered(std::move(jobs), now);
    }
    void settle() {
        while (!store.writes.empty() || !store.reads.empty()) {
            if (!store.writes.empty()) {
                commit();
            }
            if (!store.reads.empty()) {
                answer();
            }
        }
    }
    void wait(std::chrono::milliseconds time) {
        now.steady += time;
        now.unix_ms += time.count();
    }
    void pass(std::chrono::milliseconds time) {
        for (; time > 0ms; time -= 100ms) {
            wait(std::min(time, 100ms));
            board->tick(now);
            settle();
        }
    }

    switchboard_options options;
    address_key from{};  // where everybody connects from
    keys secrets = keys::random();
    seeded_random random{1};
    fake_store store;
    fake_platforms platforms;
    lobby::moment now{lobby::moment{}.steady + 1000s, 1'700'000'000'000};
    std::map<int, std::unique_ptr<recording_peer>> lines;
    std::map<const recording_peer*, std::size_t> heard_up_to;
    std::optional<switchboard> board;
};

}  // namespace onechat::test
