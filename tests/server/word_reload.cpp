#include "server/word_reload.hpp"

#include "tests/platform/filter/written_rules.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <atomic>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace onechat;
using platform::filter_or_trouble;

namespace {

// A loop that is run by hand, and makings that each wait until they are let go. The second fails.
class reload_bench {
public:
    ~reload_bench() {
        for (std::size_t which = let_go_; which < gates_.size(); ++which) {
            gates_[which].set_value();
        }
    }

    void let_go() { gates_.at(let_go_++).set_value(); }

    // What the loop is told next.
    const filter_or_trouble& next() {
        const std::size_t seen = heard_.size();
        while (heard_.size() == seen) {
            loop_.run_one();
        }
        return heard_.back();
    }

    [[nodiscard]] std::size_t makings() const { return makings_; }
    [[nodiscard]] std::size_t on_the_loop() const { return on_the_loop_; }

private:
    filter_or_trouble make() {
        const std::size_t which = makings_++;
        on_the_loop_ += std::this_thread::get_id() == loop_thread_ ? 1U : 0U;
        gates_.at(which).get_future().wait();
        if (which == 1) {
            return {nullptr, "words.txt:1: wrong"};
        }
        return {std::make_shared<const platform::filter>(
                    platform::test::filter_of_only("flag 词" + std::to_string(which) + "\n")),
                {}};
    }

    const std::thread::id loop_thread_ = std::this_thread::get_id();
    std::array<std::promise<void>, 4> gates_;
    std::size_t let_go_ = 0;
    std::atomic<std::size_t> makings_ = 0;
    std::atomic<std::size_t> on_the_loop_ = 0;
    std::vector<filter_or_trouble> heard_;
    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_{
        loop_.get_executor()};

public:
    std::optional<word_reload> words{word_reload::ports{
        [this] { return make(); },
        [this](std::function<void()> job) { boost::asio::post(loop_, std::move(job)); },
        [this](filter_or_trouble outcome) { heard_.push_back(std::move(outcome)); }}};
};

}  // namespace

TEST_CASE("new words are made beside the loop, and handed to it whole") {
    reload_bench bench;

    bench.words->ask();
    bench.let_go();

    CHECK(bench.next().made->judge("词0").flagged);
    CHECK(bench.makings() == 1);
    CHECK(bench.on_the_loop() == 0);
}

TEST_CASE("what is asked for while words are made is remembered once") {
    reload_bench bench;

    bench.words->ask();
    bench.words->ask();
    bench.words->ask();
    bench.let_go();
    bench.let_go();

    CHECK(bench.next().made != nullptr);
    CHECK(bench.next().trouble == "words.txt:1: wrong");
    bench.words->ask();
    bench.let_go();
    CHECK(bench.next().made->judge("词2").flagged);
    CHECK(bench.makings() == 3);
}

TEST_CASE("the words in use are kept until others take their place, and then let go") {
    reload_bench bench;
    auto first = std::make_shared<const platform::filter>();
    const std::weak_ptr<const platform::filter> known{first};
    bench.words->uses(std::move(first));

    bench.words->ask();
    CHECK(!known.expired());
    bench.let_go();
    CHECK(bench.next().made != nullptr);
    bench.words.reset();

    CHECK(known.expired());
}

TEST_CASE("an end while words are made waits for them and tells nobody") {
    reload_bench bench;
    bench.words->ask();

    std::thread letting_go{[&bench] { bench.let_go(); }};
    bench.words.reset();
    letting_go.join();

    CHECK(bench.makings() == 1);
}
