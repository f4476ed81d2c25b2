#include "storage/writer.hpp"

#include "storage/memory_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/failing_store.hpp"

#include <condition_variable>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>

using namespace onechat::storage;
using namespace onechat::storage::test;
using namespace std::chrono_literals;
using onechat::test::failing_store;

namespace {

// What the storage thread reports, for the test's thread to wait for.
class inbox {
public:
    writer::completion completion() {
        return [this](written one) {
            {
                const std::lock_guard lock{mutex_};
                for (const write_job& job : one.jobs) {
                    tickets_.push_back(job.ticket);
                }
                all_.push_back(std::move(one));
            }
            arrived_.notify_all();
        };
    }
    void wait_for_jobs(std::size_t count) {
        std::unique_lock lock{mutex_};
        REQUIRE(arrived_.wait_for(lock, 30s, [&] { return tickets_.size() >= count; }));
    }
    void wait_for_batches(std::size_t count) {
        std::unique_lock lock{mutex_};
        REQUIRE(arrived_.wait_for(lock, 30s, [&] { return all_.size() >= count; }));
    }
    std::vector<std::uint64_t> tickets() {
        const std::lock_guard lock{mutex_};
        return tickets_;
    }
    std::optional<commit_result> result_of(std::uint64_t ticket) {
        const std::lock_guard lock{mutex_};
        for (const written& one : all_) {
            for (const write_job& job : one.jobs) {
                if (job.ticket == ticket) {
                    return one.result;
                }
            }
        }
        return std::nullopt;
    }
    // Only when the writer has stopped.
    std::vector<written>& all() { return all_; }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<std::uint64_t> tickets_;
    std::vector<written> all_;
};

// A writer over a memory store whose commits the test decides; made by `start`.
struct fixture {
    memory_store memory;
    live_pair live;
    live_pair other;
    std::atomic<commit_result> fate = commit_result::done;
    std::vector<std::size_t> sizes;  // of every commit that was tried
    std::latch begun{1};             // the first commit has begun
    std::latch go_on{1};             // and waits here when it is to be held up
    bool hold_up = false;
    failing_store store{memory, [this](std::span<change> batch) {
                            sizes.push_back(batch.size());
                            if (hold_up && sizes.size() == 1) {
                                begun.count_down();
                                go_on.wait();
                            }
                            return fate.load();
                        }};
    inbox in;
    writer_limits limits{.retry_first = 1ms, .retry_most = 2ms, .stop_patience = 5ms};
    std::unique_ptr<writer> out;

    fixture() {
        for (std::int64_t id = 1; id <= 4; ++id) {
            done(memory, make_user{user(id)});
        }
        live = done(memory, meeting(1, 2)).live;
        other = done(memory, meeting(3, 4)).live;
    }
    ~fixture() { out.reset(); }
    void start() { out = std::make_unique<writer>(store, limits, in.completion()); }
    // The first job's commit is under way, and holds up what comes after.
    void start_held_up(change first) {
        hold_up = true;
        start();
        CHECK(push(0, std::move(first)) == admission::queued);
        begun.wait();
    }
    admission push(std::uint64_t ticket, change what) {
        return out->push({.ticket = ticket, .what = std::move(what)});
    }
    void stop() { out->stop(); }
};

std::vector<std::uint64_t> up_to(std::uint64_t last) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t i = 0; i <= last; ++i) {
        out.push_back(i);
    }
    return out;
}

}  // namespace

TEST_CASE("a stream of texts is gathered into one commit, which the end does not wait for",
          "[writer]") {
    fixture at;
    at.limits.commit_interval = 1h;
    at.start();
    REQUIRE(at.push(0, text(at.live.pair.id, 2)) == admission::queued);
    at.in.wait_for_jobs(1);
    for (std::uint64_t i = 1; i <= 3; ++i) {
        REQUIRE(at.push(i, text(at.live.pair.id, i + 2)) == admission::queued);
    }

    at.stop();

    CHECK(at.sizes == std::vector<std::size_t>{1, 3});
}

TEST_CASE("50,000 rows against a slow store become few commits", "[writer]") {
    fixture at;
    at.start_held_up(text(at.live.pair.id, 2));
    for (std::uint64_t i = 1; i < 50'000; ++i) {
        REQUIRE(at.push(i, text(at.live.pair.id, i + 2)) == admission::queued);
    }
    at.go_on.count_down();

    at.in.wait_for_jobs(50'000);
    at.stop();

    CHECK(at.sizes.size() == 1 + 13);
    CHECK(at.sizes[1] == 4096);
    CHECK(at.in.tickets() == up_to(49'999));
    CHECK(at.in.all().size() == at.sizes.size());
    CHECK(events(at.memory, at.live.pair.id).size() == 50'001);
}

TEST_CASE("answers come back with their tickets", "[writer]") {
    fixture at;
    at.start();
    at.push(7, meeting(1, 3));
    at.in.wait_for_jobs(1);
    at.stop();

    REQUIRE(at.in.all().size() == 1);
    const auto& job = at.in.all()[0].jobs[0];
    CHECK(job.ticket == 7);
    CHECK(std::get<open_chat>(job.what).opened);
    CHECK(at.in.all()[0].result == commit_result::done);
}

TEST_CASE("the queue is bounded, and a refused job is left as it was", "[writer]") {
    fixture at;
    at.limits.rows_max = 8;
    at.start_held_up(text(at.live.pair.id, 2));
    CHECK(at.out->load() == 1.0 / 8);
    for (std::uint64_t i = 1; i < 8; ++i) {
        CHECK(at.push(i, text(at.live.pair.id, i + 2)) == admission::queued);
    }
    CHECK(at.out->load() == 1.0);

    write_job late{.ticket = 8, .what = text(at.live.pair.id, 10, "late")};
    CHECK(at.out->push(std::move(late)) == admission::full);
    CHECK(std::get<append>(late.what).row.body == "late");
    SECTION("but an ending finds a reserve, which is bounded as well") {
        CHECK(at.push(9, ending(at.other, 2)) == admission::queued);
        CHECK(at.push(10, mark_seen{at.live.pair.id, side::one, 1}) == admission::queued);
        CHECK(at.push(11, mark_seen{at.live.pair.id, side::one, 1}) == admission::full);
    }
    at.go_on.count_down();
    at.in.wait_for_jobs(8);
    at.stop();
    CHECK(at.out->load() == 0);
}

TEST_CASE("the queue is bounded in bytes", "[writer]") {
    fixture at;
    at.limits.bytes_max = 100'000;
    at.start_held_up(text(at.live.pair.id, 2));
    const std::string large(30'000, 'x');

    CHECK(at.push(1, text(at.live.pair.id, 3, large)) == admission::queued);
    CHECK(at.push(2, text(at.live.pair.id, 4, large)) == admission::queued);
    CHECK(at.push(3, text(at.live.pair.id, 5, large)) == admission::queued);
    CHECK(at.push(4, text(at.live.pair.id, 6, large)) == admission::full);
    CHECK(at.push(5, ending(at.other, 2)) == admission::queued);
    at.go_on.count_down();
}

TEST_CASE("the destructor commits what is queued", "[writer]") {
    fixture at;
    at.start_held_up(text(at.live.pair.id, 2));
    for (std::uint64_t i = 1; i < 100; ++i) {
        at.push(i, text(at.live.pair.id, i + 2));
    }
    at.go_on.count_down();

    at.out.reset();

    CHECK(at.in.tickets() == up_to(99));
    CHECK(events(at.memory, at.live.pair.id).size() == 101);
}

TEST_CASE("a stopped writer takes nothing", "[writer]") {
    fixture at;
    at.start();
    at.stop();

    CHECK(at.push(1, text(at.live.pair.id, 2)) != admission::queued);
}

TEST_CASE("on a full disk what was shown waits, and what was not is told at once", "[writer]") {
    fixture at;
    at.fate = commit_result::full;
    at.start_held_up(text(at.live.pair.id, 2));
    at.push(1, meeting(1, 3));
    at.push(2, make_user{user(9)});
    at.push(3, text(at.other.pair.id, 2));
    at.go_on.count_down();

    at.in.wait_for_jobs(2);
    CHECK(at.out->trouble());
    CHECK(at.in.result_of(1) == commit_result::full);
    CHECK(at.in.result_of(2) == commit_result::full);
    CHECK(at.push(4, text(at.other.pair.id, 3)) == admission::trouble);
    CHECK(at.push(5, meeting(1, 4)) == admission::trouble);
    CHECK(at.push(6, make_user{user(9)}) == admission::trouble);
    CHECK(at.push(7, ending(at.other, 3)) == admission::queued);
    CHECK(at.push(8, mark_seen{at.live.pair.id, side::one, 2}) == admission::queued);

    at.fate = commit_result::done;
    at.in.wait_for_jobs(6);
    CHECK_FALSE(at.out->trouble());
    CHECK(at.push(9, meeting(1, 3)) == admission::queued);
    at.in.wait_for_jobs(7);
    at.stop();

    CHECK(at.in.result_of(0) == commit_result::done);
    CHECK(at.in.result_of(3) == commit_result::done);
    CHECK(at.in.result_of(7) == commit_result::done);
    CHECK(at.in.result_of(9) == commit_result::done);
    CHECK(seqs(events(at.memory, at.live.pair.id)) == std::vector<std::uint64_t>{1, 2});
    CHECK(seqs(events(at.memory, at.other.pair.id)) == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("on a full disk a recall waits like a text, and requests are told at once", "[writer]") {
    fixture at;
    at.fate = commit_result::full;
    at.start_held_up(text(at.live.pair.id, 2));
    const std::vector<change> requests{clearing(1, "pair-1-2"),
                                       blocking(1, "pair-1-2"),
                                       reporting(1, "pair-1-2"),
                                       note_consents{user_id{1}, {"a"}, 7000},
                                       revoke_tokens{user_id{1}, 7000},
                                       erasure(2),
                                       purge{.now = 99'999, .completed = {}}};
    CHECK(at.push(1, recall(at.live.pair.id, 3, 2)) == admission::queued);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        CHECK(at.push(10 + i, requests[i]) == admission::queued);
    }
    at.go_on.count_down();

    at.in.wait_for_jobs(requests.size());
    CHECK(at.out->trouble());
    CHECK(at.push(2, recall(at.live.pair.id, 4, 2)) == admission::trouble);
    CHECK(at.push(3, erasure(2)) == admission::trouble);
    at.fate = commit_result::done;
    at.in.wait_for_jobs(requests.size() + 2);
    at.stop();

    for (std::size_t i = 0; i < requests.size(); ++i) {
        CHECK(at.in.result_of(10 + i) == commit_result::full);
    }
    CHECK(at.in.result_of(0) == commit_result::done);
    CHECK(at.in.result_of(1) == commit_result::done);
    CHECK(events(at.memory, at.live.pair.id)[1].gone == gone_reason::recall);
    CHECK(answered(at.memory, find_user{.name = user(2).name, .user = {}, .blocked = {}}).user ==
          user(2));
}

TEST_CASE("trouble is told even when nobody can be refused", "[writer]") {
    fixture at;
    at.fate = commit_result::full;
    at.start();
    at.push(1, text(at.live.pair.id, 2));

    at.in.wait_for_batches(1);
    CHECK(at.out->trouble());
    at.fate = commit_result::done;
    at.in.wait_for_batches(2);
    at.stop();

    CHECK(at.in.all()[0].result == commit_result::full);
    CHECK(at.in.all()[0].jobs.empty());
    CHECK(at.in.all()[1].result == commit_result::done);
    CHECK(at.in.all()[1].jobs.size() == 1);
}

TEST_CASE("a new chat alone on a full disk is no trouble for the others", "[writer]") {
    fixture at;
    at.fate = commit_result::full;
    at.start();
    at.push(1, meeting(1, 3));
    at.in.wait_for_jobs(1);

    CHECK_FALSE(at.out->trouble());
    CHECK(at.in.result_of(1) == commit_result::full);
}

TEST_CASE("a writer that stops on a full disk gives up after its patience", "[writer]") {
    fixture at;
    at.fate = commit_result::full;
    at.start_held_up(text(at.live.pair.id, 2));
    at.push(1, ending(at.other, 2));
    at.go_on.count_down();
    at.in.wait_for_batches(1);

    at.out.reset();

    CHECK(at.in.result_of(0) == commit_result::full);
    CHECK(at.in.result_of(1) == commit_result::full);
}

TEST_CASE("a mistake takes nobody down with it, and order is kept", "[writer]") {
    fixture at;
    at.start_held_up(text(at.live.pair.id, 2));
    at.push(1, text(at.live.pair.id, 3));
    at.push(2, text(at.other.pair.id, 99));  // not the next seq
    at.push(3, text(at.live.pair.id, 4));
    at.push(4, ending(at.other, 2));
    at.go_on.count_down();
    at.in.wait_for_jobs(5);
    at.stop();

    CHECK(at.in.tickets() == up_to(4));
    CHECK(at.in.result_of(1) == commit_result::done);
    CHECK(at.in.result_of(2) == commit_result::refused);
    CHECK(at.in.result_of(3) == commit_result::done);
    CHECK(at.in.result_of(4) == commit_result::done);
    CHECK(seqs(events(at.memory, at.live.pair.id)) == std::vector<std::uint64_t>{1, 2, 3, 4});
}

TEST_CASE("a disk that fills up while a mistake is singled out loses nothing", "[writer]") {
    memory_store memory;
    for (std::int64_t id = 1; id <= 2; ++id) {
        done(memory, make_user{user(id)});
    }
    const auto pair = done(memory, meeting(1, 2)).live.pair.id;
    int commits = 0;
    std::latch go_on{1};
    failing_store store{memory, [&](std::span<change>) {
                            if (commits == 0) {
                                go_on.wait();
                            }
                            ++commits;
                            // The first is alone, the second whole and refused, then one by one.
                            return commits == 4 ? commit_result::full : commit_result::done;
                        }};
    inbox in;
    writer out{
        store, {.retry_first = 1ms, .retry_most = 1ms, .stop_patience = 1ms}, in.completion()};
    CHECK(out.push({.ticket = 0, .what = text(pair, 2)}) == admission::queued);
    CHECK(out.push({.ticket = 1, .what = text(pair, 3)}) == admission::queued);
    CHECK(out.push({.ticket = 2, .what = text(pair, 4)}) == admission::queued);
    CHECK(out.push({.ticket = 3, .what = text(pair, 9)}) == admission::queued);
    CHECK(out.push({.ticket = 4, .what = text(pair, 5)}) == admission::queued);
    go_on.count_down();
    in.wait_for_jobs(5);
    out.stop();

    CHECK(in.tickets() == up_to(4));
    CHECK(in.result_of(3) == commit_result::refused);
    CHECK(in.result_of(4) == commit_result::done);
    CHECK(seqs(events(memory, pair)) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("after an unknown fate the store is never touched again", "[writer]") {
    fixture at;
    at.fate = commit_result::unknown;
    at.start_held_up(text(at.live.pair.id, 2));
    at.push(1, text(at.live.pair.id, 3));
    at.push(2, ending(at.other, 2));
    at.go_on.count_down();
    at.in.wait_for_jobs(3);

    CHECK(at.push(3, ending(at.live, 2)) == admission::ended);
    at.stop();
    CHECK(at.in.result_of(0) == commit_result::unknown);
    CHECK(at.in.result_of(1) == commit_result::unknown);
    CHECK(at.in.result_of(2) == commit_result::unknown);
    CHECK(at.sizes == std::vector<std::size_t>{1});
}

TEST_CASE("a store that throws leaves the fate unknown", "[writer]") {
    memory_store memory;
    failing_store store{memory, [](std::span<change>) -> commit_result {
                            throw std::runtime_error{"out of everything"};
                        }};
    inbox in;
    {
        writer out{store, {}, in.completion()};
        CHECK(out.push({.ticket = 1, .what = make_user{user(1)}}) == admission::queued);
    }
    REQUIRE(in.all().size() == 1);
    CHECK(in.all()[0].result == commit_result::unknown);
    CHECK(in.all()[0].why == "out of everything");
    CHECK(std::get<make_user>(in.all()[0].jobs[0].what).user == user(1));
}

TEST_CASE("a commit that hangs has an age, and one that has ended none") {
    fixture at;
    const auto before = std::chrono::steady_clock::now();
    at.start_held_up(text(at.live.pair.id, 2));
    const auto later = std::chrono::steady_clock::now() + 15s;

    CHECK(at.out->commit_age(later) >= 15s);
    CHECK(at.out->commit_age(later) <= later - before);
    CHECK(at.out->commit_age(before) == 0s);
    at.go_on.count_down();
    at.in.wait_for_jobs(1);

    CHECK(at.out->commit_age(later) == 0s);
}
