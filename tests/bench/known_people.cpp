#include "tests/bench/known_people.hpp"

#include "server/data_folder.hpp"
#include "storage/sqlite_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <span>
#include <stdexcept>
#include <vector>

namespace onechat::bench {

namespace {

using namespace storage;

constexpr std::size_t batch_rows = 4096;
constexpr std::size_t chats_at_once = 1000;
constexpr std::size_t text_bytes = 128;

unix_ms wall_now() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

subject name_of(std::size_t person) {
    subject name{};
    for (std::size_t byte = 0; byte < sizeof person; ++byte) {
        name[byte] = static_cast<std::uint8_t>(person >> (8 * byte));
    }
    name.back() = 1;  // no person's name is all zero
    return name;
}

user_id id_of(std::size_t person) {
    return user_id{static_cast<std::int64_t>(person) + 1};
}

void commit(store& to, std::vector<change>& batch) {
    if (to.commit(batch) != commit_result::done) {
        throw std::runtime_error{"The store took no more: " + to.why()};
    }
}

// Collects changes, and commits them by the thousand.
class filling {
public:
    explicit filling(store& to) : to_{to} {}

    void add(change one) {
        batch_.push_back(std::move(one));
        if (batch_.size() == batch_rows) {
            flush();
        }
    }
    void flush() {
        commit(to_, batch_);
        batch_.clear();
    }

private:
    store& to_;
    std::vector<change> batch_;
};

void add_people(store& to, const keys& by, std::size_t people, unix_ms now) {
    filling fills{to};
    for (std::size_t person = 0; person < people; ++person) {
        const subject name = name_of(person);
        fills.add(make_user{{.id = id_of(person),
                             .name = name,
                             .from = provider::guest,
                             .account = hex_of(name),
                             .person = by.person(0, hex_of(name)),
                             .created = now,
                             .seen = now}});
    }
    fills.flush();
}

std::vector<live_pair> open_chats(store& to, std::size_t people, unix_ms now, std::int64_t epoch) {
    std::vector<change> batch;
    for (std::size_t number = 0; number < people * meetings_each; ++number) {
        const known_pair pair = pair_of(number, people);
        const user_id low = id_of(std::min(pair.one, pair.two));
        const user_id high = id_of(std::max(pair.one, pair.two));
        batch.emplace_back(open_chat{.users = {low, high},
                                     .seeds = {{{"Quiet Fox", "fox"}, {"Old Owl", "owl"}}},
                                     .name = pair.name,
                                     .epoch = epoch,
                                     .at = now,
                                     .topic = {},
                                     .live = {},
                                     .recent = {}});
    }
    commit(to, batch);
    std::vector<live_pair> live;
    for (change& one : batch) {
        live.push_back(std::move(std::get<open_chat>(one).live));
    }
    return live;
}

// Some chats at a time, in turns.
void add_texts(store& to, std::span<const live_pair> chats, std::uint64_t each, unix_ms now,
               std::int64_t epoch) {
    filling fills{to};
    for (std::uint64_t turn = 0; turn < each; ++turn) {
        for (const live_pair& chat : chats) {
            fills.add(text_of(chat.pair.id, chat.pair.last_seq + 1 + turn,
                              turn % 2 == 0 ? side::one : side::two, now, epoch));
        }
    }
    for (const live_pair& chat : chats) {
        fills.add(end_chat{.chat = chat.chat,
                           .end = {.pair = chat.pair.id,
                                   .seq = chat.pair.last_seq + 1 + each,
                                   .epoch = epoch,
                                   .from = side::one,
                                   .kind = event_kind::end,
                                   .reason = end_reason::left,
                                   .at = now,
                                   .body = {}},
                           .marks = {}});
    }
    fills.flush();
}

}  // namespace

known_pair pair_of(std::size_t number, std::size_t people) {
    const std::size_t one = number % people;
    const std::size_t two = (one + 1 + number / people) % people;
    std::string name = std::to_string(number);
    name.insert(0, 16 - name.size(), '0');
    return {one, two, std::move(name)};
}

std::string token_of(const keys& by, std::size_t person) {
    const unix_ms now = wall_now();
    constexpr unix_ms day = 86'400'000;
    return by.sign({0, name_of(person), now - 1, now + day});
}

std::vector<live_pair> meet(store& in, const keys& by, std::size_t people, unix_ms at,
                            std::int64_t epoch) {
    add_people(in, by, people, at);
    return open_chats(in, people, at, epoch);
}

append text_of(pair_id pair, std::uint64_t seq, side from, unix_ms at, std::int64_t epoch) {
    return {{.pair = pair,
             .seq = seq,
             .epoch = epoch,
             .from = from,
             .kind = event_kind::text,
             .cid = seq,
             .at = at,
             .body = std::string(text_bytes, 'x')}};
}

std::uint64_t texts_each(std::size_t people, std::uint64_t texts) {
    return texts / (people * meetings_each);
}

void fill(const std::filesystem::path& data, std::size_t people, std::uint64_t texts) {
    if (people < people_min) {
        throw std::runtime_error{"At least " + std::to_string(people_min) + " people."};
    }
    const std::string wanted =
        std::to_string(people) + " people, " + std::to_string(texts) + " texts, layout 2";
    const auto note = data / "filled";
    std::string found;
    std::getline(std::ifstream{note}, found);
    if (found == wanted) {
        return;
    }
    std::filesystem::remove_all(data);
    {
        const data_folder folder{data};
        const keys by = keys::open(folder.keys());
        sqlite_store store{folder.database(), durability::normal};
        const unix_ms now = wall_now();
        const auto epoch = store.begin_epoch(now);
        if (!epoch) {
            throw std::runtime_error{"No epoch could be stored: " + store.why()};
        }
        const auto live = meet(store, by, people, now, *epoch);
        for (std::size_t from = 0; from < live.size(); from += chats_at_once) {
            const auto some =
                std::span{live}.subspan(from).first(std::min(chats_at_once, live.size() - from));
            add_texts(store, some, texts_each(people, texts), now, *epoch);
        }
    }
    std::ofstream{note} << wanted << "\n";
}

}  // namespace onechat::bench
