#include "server/record.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;

namespace {

storage::message_row row(std::uint64_t seq, storage::event_kind kind) {
    storage::message_row made;
    made.pair = storage::pair_id{7};
    made.seq = seq;
    made.epoch = 99;
    made.from = storage::side::two;
    made.kind = kind;
    made.at = 1234;
    return made;
}

storage::message_row text(std::uint64_t seq, std::uint64_t cid, storage::side from) {
    auto made = row(seq, storage::event_kind::text);
    made.from = from;
    made.cid = cid;
    made.body = "text " + std::to_string(cid);
    return made;
}

}  // namespace

TEST_CASE("every kind of event goes to the store and back unchanged") {
    auto recall = row(3, storage::event_kind::recall);
    recall.ref = 2;
    auto left = row(4, storage::event_kind::end);
    left.reason = storage::end_reason::left;
    auto timeout = row(5, storage::event_kind::end);
    timeout.from = storage::side::system;
    timeout.reason = storage::end_reason::timeout;
    std::vector rows{row(1, storage::event_kind::start), text(2, 8, storage::side::one), recall,
                     left, timeout};
    for (const auto gone : {storage::gone_reason::recall, storage::gone_reason::erase,
                            storage::gone_reason::removed}) {
        rows.push_back(row(6, storage::event_kind::text));
        rows.back().gone = gone;
    }

    for (const auto& one : rows) {
        CHECK(row_of(lobby::pair_id{7}, 99, event_of(one)) == one);
    }
}

TEST_CASE("an event of the lobby becomes the same event of the store") {
    lobby::event said;
    said.seq = 12;
    said.at = 5000;
    said.from = lobby::side::one;
    said.text = "你好";
    said.cid = 3;

    const auto kept = row_of(lobby::pair_id{4}, 77, said);

    CHECK(kept.pair == storage::pair_id{4});
    CHECK(kept.epoch == 77);
    CHECK(kept.seq == 12);
    CHECK(kept.from == storage::side::one);
    CHECK(kept.kind == storage::event_kind::text);
    CHECK(kept.cid == 3);
    CHECK(kept.at == 5000);
    CHECK(kept.body == "你好");
    CHECK(kept.reason == storage::end_reason::none);
    CHECK(kept.gone == storage::gone_reason::none);
}

TEST_CASE("a restored chat knows what was said after its marks were saved") {
    storage::live_pair live;
    live.pair.id = storage::pair_id{7};
    live.pair.name = "name";
    live.pair.last_seq = 30;
    live.pair.last_at = 900;
    live.pair.met = 2;
    live.pair.seats[0].user = storage::user_id{1};
    live.pair.seats[0].alias = "云";
    live.pair.seats[0].avatar = "fox";
    live.pair.seats[0].marks = {{5, 20, 555, 800}};
    live.pair.seats[1].user = storage::user_id{2};
    live.pair.seats[1].seen = 17;
    live.chat = storage::chat_id{3};
    live.topic = "music";
    live.unmarked = {text(25, 6, storage::side::one), text(26, 1, storage::side::two)};

    const auto opened = chat_of(live);

    CHECK(opened.pair == lobby::pair_id{7});
    CHECK(opened.chat == lobby::chat_id{3});
    CHECK(opened.name == "name");
    CHECK(opened.last_seq == 30);
    CHECK(opened.last_at == 900);
    CHECK(opened.met == 2);
    CHECK(opened.topic == "music");
    CHECK(opened.seats[0].look.alias == "云");
    CHECK(opened.seats[1].seen == 17);
    using mark = lobby::accepted_texts::mark;
    CHECK(opened.seats[0].accepted ==
          std::vector<mark>{{5, 20, 800, 555}, {6, 25, 1234, lobby::digest_of("text 6")}});
    CHECK(opened.seats[1].accepted == std::vector<mark>{{1, 26, 1234, lobby::digest_of("text 1")}});
}

TEST_CASE("the end of a chat is stored with both sides' marks") {
    lobby::end_chat ending;
    ending.pair = lobby::pair_id{7};
    ending.chat = lobby::chat_id{3};
    ending.end.seq = 31;
    ending.end.kind = protocol::event_kind::end;
    ending.end.from = lobby::side::two;
    ending.end.reason = protocol::end_reason::left;
    ending.marks[1] = {{9, 30, 1200, 4321}};

    const auto change = ending_of(ending, 99);

    CHECK(change.chat == storage::chat_id{3});
    CHECK(change.end.pair == storage::pair_id{7});
    CHECK(change.end.reason == storage::end_reason::left);
    CHECK(change.end.epoch == 99);
    CHECK(change.marks[0].empty());
    CHECK(change.marks[1] == std::vector<storage::cid_mark>{{9, 30, 4321, 1200}});
}
