#include "storage/reader.hpp"

#include "storage/memory_store.hpp"
#include "tests/storage/samples.hpp"

#include <latch>
#include <thread>

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

// Answers when the test says so; the question with ticket-like limit 0 can't be read.
class held_reader final : public store_reader {
public:
    bool answer(question& asked) override {
        begun.count_down();
        go_on.wait();
        return std::get<find_events>(asked).limit != 0;
    }
    std::latch begun{1};
    std::latch go_on{1};
};

read_job asks(std::uint64_t ticket, std::uint32_t limit = 20) {
    return {.ticket = ticket, .what = find_events{.limit = limit, .events = {}}};
}

}  // namespace

TEST_CASE("questions come back in order with their answers, in batches", "[reader]") {
    held_reader store;
    std::vector<std::size_t> batches;
    std::vector<std::uint64_t> tickets;
    std::vector<bool> oks;
    {
        reader in{store, {.batch_jobs_max = 4}, [&](std::vector<read_job> jobs) {
                      batches.push_back(jobs.size());
                      for (const read_job& job : jobs) {
                          tickets.push_back(job.ticket);
                          oks.push_back(job.ok);
                      }
                  }};
        CHECK(in.push(asks(0)));
        store.begun.wait();
        for (std::uint64_t i = 1; i < 7; ++i) {
            CHECK(in.push(asks(i, i == 3 ? 0 : 20)));
        }
        store.go_on.count_down();
    }

    CHECK(batches == std::vector<std::size_t>{1, 4, 2});
    CHECK(tickets == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6});
    CHECK(oks == std::vector<bool>{true, true, true, false, true, true, true});
}

TEST_CASE("questions wait for the wake, and then are one batch", "[reader]") {
    memory_store store;
    std::vector<std::size_t> batches;
    {
        reader in{store.reader(), {.wake_on_push = false}, [&](const std::vector<read_job>& jobs) {
                      batches.push_back(jobs.size());
                  }};
        CHECK(in.push(asks(0)));
        in.wake();
        while (in.load() > 0) {
            std::this_thread::yield();  // from here on the thread only waits
        }

        for (std::uint64_t i = 1; i < 4; ++i) {
            CHECK(in.push(asks(i)));
        }
        in.wake();
    }
    CHECK(batches == std::vector<std::size_t>{1, 3});
}

TEST_CASE("the questions that wait are bounded", "[reader]") {
    held_reader store;
    reader in{store, {.jobs_max = 2}, [](std::vector<read_job>) {}};
    CHECK(in.push(asks(0)));
    store.begun.wait();
    CHECK(in.push(asks(1)));
    CHECK(in.load() == 1.0);
    CHECK_FALSE(in.push(asks(2)));
    store.go_on.count_down();
}

TEST_CASE("a stopped reader takes nothing", "[reader]") {
    memory_store store;
    reader in{store.reader(), {}, [](std::vector<read_job>) {}};
    in.stop();
    CHECK_FALSE(in.push(asks(1)));
}
