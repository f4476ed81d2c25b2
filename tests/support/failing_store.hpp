// A store whose commits do what the test says; only what is to be `done` reaches the one behind it.
#pragma once

#include "storage/store.hpp"

#include <functional>
#include <utility>

namespace onechat::test {

class failing_store final : public storage::store {
public:
    using script = std::function<storage::commit_result(std::span<storage::change>)>;

    // The script runs on the thread that commits.
    failing_store(storage::store& behind, script what)
        : behind_{behind}, script_{std::move(what)} {}

    storage::commit_result commit(std::span<storage::change> batch) override {
        const auto fate = script_(batch);
        return fate == storage::commit_result::done ? behind_.commit(batch) : fate;
    }
    std::vector<storage::live_pair> open_chats() override { return behind_.open_chats(); }
    std::vector<storage::parting> partings(storage::unix_ms since) override {
        return behind_.partings(since);
    }
    std::int64_t last_epoch() override { return behind_.last_epoch(); }
    storage::user_id last_user() override { return behind_.last_user(); }
    storage::unix_ms newest_at() override { return behind_.newest_at(); }
    storage::store_reader& reader() override { return behind_.reader(); }

private:
    storage::store& behind_;
    script script_;
};

}  // namespace onechat::test
