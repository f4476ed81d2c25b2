// A lobby on a clock and a store of the test's own: what is to be written waits until the test
// commits it. User n comes over session 100 n, and over 100 n + 1, + 2, ... when they come again.
#pragma once

#include "server/lobby/lobby.hpp"
#include "tests/lobby/effects.hpp"
#include "tests/lobby/pools.hpp"
#include "tests/support/scripted_random.hpp"

#include <cassert>
#include <chrono>
#include <map>
#include <utility>

namespace onechat::test {

using namespace std::chrono_literals;

constexpr lobby::session_id session_of(int user, int time = 0) {
    return static_cast<lobby::session_id>(100 * user + time);
}

inline lobby::lobby_options stage_options() {
    lobby::lobby_options options;
    options.topics = {"music", "film", "games"};
    return options;
}

struct stage {
    explicit stage(lobby::lobby_options options = stage_options(),
                   lobby::moderator* judge = nullptr)
        : hall{std::move(options), random, judge} {}

    // ---- people ----

    lobby::lobby::arrival come(int user, int time = 0,
                               std::vector<lobby::person_key> blocked = {}) {
        return hall.arrive(session_of(user, time),
                           {static_cast<lobby::user_id>(user), person_of(user), std::move(blocked)},
                           out);
    }
    void go(int user, int time = 0) { hall.vanish(session_of(user, time), now, out); }
    void find(int user, std::vector<lobby::topic_id> topics = {}, int time = 0) {
        lobby::wish wanted;
        wanted.topics = std::move(topics);
        hall.find({session_of(user, time), {}}, std::move(wanted), now, out);
    }
    void cancel(int user) { hall.cancel({session_of(user), {}}, now, out); }
    void leave(int user, int time = 0) {
        hall.leave({session_of(user, time), {}}, std::nullopt, now, out);
    }
    void next(int user, std::optional<std::string> pair = {}, int time = 0) {
        hall.next({session_of(user, time), {}}, {}, pair, now, out);
    }
    void say(int user, std::uint64_t cid, std::string text, std::optional<std::string> pair = {},
             int time = 0) {
        hall.say({session_of(user, time), {}}, {cid, std::move(text), std::move(pair)}, now, out);
    }
    void typing(int user, bool on, std::optional<std::string> pair = {}) {
        hall.typing(session_of(user), {on, std::move(pair)}, out);
    }
    void seen(int user, std::uint64_t seq, std::optional<std::string> pair = {}) {
        hall.seen(session_of(user), {seq, std::move(pair)}, out);
    }
    void recall(int user, std::uint64_t seq, std::optional<std::string> pair = {}) {
        hall.recall({session_of(user), {}}, {seq, std::move(pair)}, now, out);
    }
    void depart(int user) { hall.depart(session_of(user), now, out); }
    void hold(int user, int time = 0) { hall.hold(session_of(user, time)); }
    void release(int user) { hall.release(static_cast<lobby::user_id>(user)); }
    void set_block(int user, int whom, bool on) {
        hall.set_block(static_cast<lobby::user_id>(user), person_of(whom), on);
    }
    words hear(int user, int time = 0) { return test::hear(out, session_of(user, time)); }

    // ---- time ----

    void wait(std::chrono::milliseconds time) {
        now.steady += time;
        now.unix_ms += time.count();
    }
    void tick() { hall.tick(now, out); }
    // Lets time pass as the program does, ten times a second.
    void pass(std::chrono::milliseconds time) {
        for (; time > 0ms; time -= 100ms) {
            wait(std::min(time, 100ms));
            tick();
        }
    }

    // ---- the store ----

    // Opens what is to be opened; each pair of people has one record.
    void open_chats() {
        for (auto& asked : take<lobby::open_chat>(out)) {
            open(asked);
        }
    }
    lobby::opened_chat open(const lobby::open_chat& asked) {
        auto opened = describe(asked);
        hall.chat_opened(asked.match, opened, {}, now, out);
        return opened;
    }
    lobby::opened_chat describe(const lobby::open_chat& asked) {
        const auto pair =
            records.try_emplace(asked.users, static_cast<int>(records.size()) + 1).first->second;
        lobby::opened_chat opened;
        opened.pair = static_cast<lobby::pair_id>(pair);
        opened.chat = static_cast<lobby::chat_id>(++last_chat);
        opened.name = "pair" + std::to_string(pair);
        opened.last_seq = ++last_seqs[opened.pair];
        for (std::size_t n = 0; n < 2; ++n) {
            opened.seats[n].user = asked.users[n];
            opened.seats[n].look = asked.looks[n];
        }
        return opened;
    }
    // Commits the texts and endings that wait.
    void commit() {
        std::map<lobby::pair_id, std::uint64_t> stored;
        for (const auto& kept : take<lobby::keep>(out)) {
            stored[kept.pair] = std::max(stored[kept.pair], kept.what.seq);
        }
        for (const auto& ended : take<lobby::end_chat>(out)) {
            stored[ended.pair] = std::max(stored[ended.pair], ended.end.seq);
        }
        for (const auto& [pair, seq] : stored) {
            last_seqs[pair] = seq;
            hall.stored(pair, seq, now, out);
        }
    }

    // Users one and two in a chat that both were told of.
    void pair_up(int one, int two) {
        for (const int user : {one, two}) {
            come(user);
            find(user);
        }
        tick();
        open_chats();
        for (const int user : {one, two}) {
            const auto heard = hear(user);
            assert(!heard.empty() && heard.back() == "matched");
        }
        out.clear();
    }

    scripted_random random;
    lobby::lobby hall;
    lobby::effects out;
    lobby::moment now{lobby::moment{}.steady + 1000s, 1'000'000};
    std::map<std::array<lobby::user_id, 2>, int> records;
    std::map<lobby::pair_id, std::uint64_t> last_seqs;
    int last_chat = 0;
};

}  // namespace onechat::test
