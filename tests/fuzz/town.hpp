// A few people over the real switchboard and a store of the target's own, on a virtual clock. All
// that can happen to a server is a function here; which of them are called, and when, the fuzzer's
// bytes choose in session.cpp. Session ids are the numbers of connections.
#pragma once

#include "server/switchboard.hpp"
#include "tests/fuzz/witness.hpp"
#include "tests/support/fake_store.hpp"
#include "tests/support/seeded_random.hpp"

#include <deque>
#include <memory>

namespace onechat::fuzz {

using namespace std::chrono_literals;

class town {
public:
    struct person {
        std::string token;
        std::optional<protocol::client::held_position> held;
    };

    explicit town(switchboard_options wanted) : options_{std::move(wanted)} { start(); }

    // ---- the process ----

    // The connections are gone, and with them what was not committed or not told of yet.
    void start() {
        trace("start");
        for (auto& [id, line] : lines) {
            remember(id);
        }
        lines.clear();
        store.writes.clear();
        store.reads.clear();
        written_.clear();
        answered_.clear();
        disk_full(false);
        start_facts known;
        known.epoch = store.behind.begin_epoch(now.unix_ms).value();
        known.epoch_stored = true;
        known.last_user = store.behind.last_user();
        known.open_chats = store.behind.open_chats();
        known.partings = store.behind.partings(now.unix_ms - 1'800'000);
        board.emplace(options_, secrets, random_, ports(), std::move(known), now);
    }

    // ---- connections ----

    void connect(std::size_t who) {
        const int id = ++last_;
        lines.emplace(id, std::make_unique<witness>(all, id));
        owners_[id] = who;
        board->opened(session(id), *lines[id], {}, now);
    }
    void drop(int id) {
        trace(std::to_string(id) + " drops");
        remember(id);
        board->closed(session(id), now);
        lines.erase(id);
    }
    void say(int id, std::string_view text) {
        witness& line = *lines.at(id);
        if (line.closed_with != 0 || line.slow) {
            return;  // net drops it
        }
        trace(std::to_string(id) + " -> " + std::string{text});
        const auto held = line.asked;
        const auto errors = line.errors;
        if (const auto said = protocol::parse(text)) {
            if (const auto* spoken = std::get_if<protocol::client::say>(&said->message)) {
                if (line.user) {
                    line.notes(*spoken);
                }
            } else if (const auto* hello = std::get_if<protocol::client::hello>(&said->message)) {
                line.asked = line.user ? line.asked : hello->held;
            }
        }
        board->received(session(id), std::string{text}, now);
        if (line.errors != errors) {
            line.asked = held;  // a hello that is refused leaves an earlier one under way
        }
    }
    // What waits leaves, and net says so when it was much.
    void drain(int id) {
        witness& line = *lines.at(id);
        const std::size_t waited = std::exchange(line.waiting_bytes, 0);
        if (waited > 16 * 1024 && line.closed_with == 0 && !line.slow) {
            board->drained(session(id), now);
        }
    }

    // ---- the store ----

    void disk_full(bool full) {
        trace(full ? "disk full" : "disk has room");
        full_ = full;
        store.state = full ? lobby::store_state::closed : lobby::store_state::open;
    }
    [[nodiscard]] bool is_disk_full() const { return full_; }

    // The first `count` changes; what comes of it is told later.
    void commit(std::size_t count) {
        storage::written batch;
        if (full_) {
            // As the writer: what somebody was shown stays and is tried again.
            const auto given_up =
                std::stable_partition(store.writes.begin(), store.writes.end(),
                                      [](const auto& job) { return was_shown(job.what); });
            std::move(given_up, store.writes.end(), std::back_inserter(batch.jobs));
            store.writes.erase(given_up, store.writes.end());
            batch.result = storage::commit_result::full;
        } else {
            count = std::min(count, store.writes.size());
            std::vector<storage::change> changes;
            for (std::size_t n = 0; n < count; ++n) {
                changes.push_back(std::move(store.writes.front().what));
                batch.jobs.push_back({store.writes.front().ticket, {}});
                store.writes.pop_front();
            }
            batch.result = store.behind.commit(changes);
            must(batch.result == storage::commit_result::done, "no change breaks a rule");
            for (std::size_t n = 0; n < count; ++n) {
                batch.jobs[n].what = std::move(changes[n]);
            }
        }
        trace("commit of " + std::to_string(batch.jobs.size()));
        if (!batch.jobs.empty()) {
            written_.push_back(std::move(batch));
        }
    }
    void answer(bool readable = true) {
        std::vector<storage::read_job> jobs;
        for (auto& job : std::exchange(store.reads, {})) {
            job.ok = readable && store.behind.reader().answer(job.what);
            jobs.push_back(std::move(job));
        }
        if (!jobs.empty()) {
            answered_.push_back(std::move(jobs));
        }
    }
    void hear_of_commit() {
        if (!written_.empty()) {
            auto batch = std::move(written_.front());
            written_.pop_front();
            trace("told of a commit of " + std::to_string(batch.jobs.size()));
            board->written(std::move(batch), now);
        }
    }
    void hear_of_answer() {
        if (!answered_.empty()) {
            auto jobs = std::move(answered_.front());
            answered_.pop_front();
            trace("told of " + std::to_string(jobs.size()) + " answers");
            board->answered(std::move(jobs), now);
        }
    }
    void settle() {
        while (!store.reads.empty() || !answered_.empty() || !written_.empty() ||
               (!store.writes.empty() && !full_)) {
            commit(store.writes.size());
            answer();
            hear_of_commit();
            hear_of_answer();
            end_turn();
        }
    }
    // The sync failed: nobody knows what is on the disk, and the process ends.
    void lose_disk(std::size_t stored) {
        full_ = false;
        commit(stored);
        board->written({.jobs = {}, .result = storage::commit_result::unknown, .why = "gone"}, now);
        must(board->failed(), "after a failed sync the process ends");
        start();
    }

    // ---- time, and the end of a turn ----

    void pass(std::chrono::milliseconds time, std::chrono::milliseconds wall_jump = 0ms) {
        trace("time " + std::to_string(time.count()));
        now.steady += time;
        now.unix_ms += (time + wall_jump).count();
        board->tick(now);
    }

    void end_turn() {
        must(!board->failed(), "the process need not end");
        std::map<std::string, int> seats;
        std::set<subject> present;
        for (auto& [id, line] : std::map<int, witness*>{open_lines()}) {
            if (line->slow) {
                board->dismiss(session(id), protocol::close_code::slow, now);
            }
            if (line->reads) {
                drain(id);
            }
        }
        for (const auto& [id, line] : open_lines()) {
            if (line->closed_with == 0 && line->user) {
                must(present.insert(*line->user).second, "a user has one connection");
                must(!line->paired || ++seats[*line->paired] <= 2, "a chat has two seats");
            }
        }
    }

    // Everybody reads what they are owed, then goes; nothing may be left.
    void wind_up() {
        disk_full(false);
        store.reads_fit = true;
        for (int round = 0; round < 12; ++round) {
            for (const auto& [id, line] : open_lines()) {
                line->reads = true;
            }
            end_turn();
            settle();
            pass(1s);
        }
        settle();
        check_store();
        for (const auto& [id, line] : open_lines()) {
            line->check_dense();
        }
        while (!lines.empty()) {
            drop(lines.begin()->first);
        }
        for (int round = 0; round < 8; ++round) {
            settle();
            pass(round == 4 ? 31min : 1s);
        }
        must(board->session_count() == 0 && board->people().people_count() == 0 &&
                 board->people().chat_count() == 0 && board->unwritten_count() == 0,
             "nothing is left of people who have gone");
        must(store.behind.open_chats().empty(), "every chat has ended");
    }

    test::fake_store store;
    keys secrets = keys::random();
    registry all{store.behind, secrets};
    lobby::moment now{lobby::moment{}.steady + 1000s, 1'700'000'000'000};
    std::map<int, std::unique_ptr<witness>> lines;
    std::array<person, 4> people;
    std::optional<switchboard> board;

private:
    static lobby::session_id session(int id) { return static_cast<lobby::session_id>(id); }

    static bool was_shown(const storage::change& what) {
        return std::holds_alternative<storage::append>(what) ||
               std::holds_alternative<storage::recall_text>(what) || must_be_queued(what);
    }
    static bool must_be_queued(const storage::change& what) {
        return std::holds_alternative<storage::end_chat>(what) ||
               std::holds_alternative<storage::void_chat>(what) ||
               std::holds_alternative<storage::mark_seen>(what);
    }
    // The writer's door.
    store_ports ports() {
        store_ports made = store.ports();
        made.write = [this, queue = made.write](storage::write_job&& job) {
            return full_ && !must_be_queued(job.what) ? storage::admission::trouble
                                                      : queue(std::move(job));
        };
        return made;
    }

    std::map<int, witness*> open_lines() {
        std::map<int, witness*> open;
        for (const auto& [id, line] : lines) {
            open[id] = line.get();
        }
        return open;
    }

    // What the person keeps of a connection for the next one.
    void remember(int id) {
        const witness& line = *lines.at(id);
        if (!line.user) {
            return;
        }
        person& of = people[owners_.at(id)];
        of.token = *all.people[*line.user].tokens.rbegin();
        if (line.paired && line.views.at(*line.paired).from_known) {
            of.held.emplace();
            of.held->pair = *line.paired;
            of.held->seq = witness::held(line.views.at(*line.paired));
            of.held->epoch = line.epoch;
        }
    }

    void check_store() {
        std::set<storage::user_id> busy;
        for (const auto& live : store.behind.open_chats()) {
            for (const auto& seat : live.pair.seats) {
                must(busy.insert(seat.user).second, "nobody is in two chats that are stored");
            }
        }
    }

    switchboard_options options_;
    test::seeded_random random_{1};
    std::deque<storage::written> written_;
    std::deque<std::vector<storage::read_job>> answered_;
    std::map<int, std::size_t> owners_;
    int last_ = 0;
    bool full_ = false;
};

}  // namespace onechat::fuzz
