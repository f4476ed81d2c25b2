// What reports and consents leave in the tables: nothing asks for it yet.
#include "storage/sqlite_records.hpp"

#include "tests/storage/files.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

TEST_CASE("reports hold sealed texts as they were said, and nothing once they are over",
          "[sqlite_records]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    const pair_id pair = done(*at.store, meeting(1, 2)).live.pair.id;
    const auto recalled = at.word(40);
    const auto erased = at.word(40);
    done(*at.store, text(pair, 2, recalled));
    done(*at.store, recall(pair, 3, 2));
    done(*at.store, text(pair, 4, erased));
    done(*at.store, erasure(1));

    auto asked = reporting(2, "pair-1-2", 50'000);
    asked.note = at.word(40);
    done(*at.store, asked);

    CHECK(at.ask("SELECT group_concat(seq || ':' || gone || ':' || body, ' ') FROM evidence") ==
          "1:0: 2:1:" + recalled + " 3:0: 4:2:" + erased);
    CHECK(at.ask("SELECT reporter || ' ' || target || ' ' || pair || ' ' || reason || ' ' || "
                 "nickname || ' ' || at || ' ' || kept_until FROM reports") ==
          "2 1 1 2 the nickname 8000 50000");
    purged(*at.store, 20'000);
    CHECK(at.holds(recalled));
    CHECK(at.holds(erased));
    purged(*at.store, 50'000);
    CHECK_FALSE(at.holds(recalled));
    CHECK_FALSE(at.holds(erased));
    CHECK_FALSE(at.holds(asked.note));
}

TEST_CASE("a repeated report is renewed, but knows the nickname it knew", "[sqlite_records]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    done(*at.store, meeting(1, 2));
    done(*at.store, reporting(2, "pair-1-2"));
    auto again = reporting(2, "pair-1-2", 60'000);
    again.reason = 5;
    again.note = "newer";
    again.nickname = "";

    done(*at.store, again);

    CHECK(at.ask("SELECT reason || ' ' || note || ' ' || nickname || ' ' || kept_until || ' ' || "
                 "(SELECT count(*) FROM reports) FROM reports") == "5 newer the nickname 60000 1");
}

TEST_CASE("of more consents than are kept those allowed longest ago make room",
          "[sqlite_records]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    const auto kept = [&] {
        return at.ask(
            "SELECT group_concat(template || count, ' ') FROM "
            "(SELECT * FROM consents WHERE user = 1 ORDER BY template)");
    };
    done(*at.store, note_consents{user_id{2}, {"x"}, 1000, 3});
    done(*at.store, note_consents{user_id{1}, {"a", "b", "c"}, 7000, 3});
    done(*at.store, note_consents{user_id{1}, {"a"}, 7001, 3});
    CHECK(kept() == "a2 b1 c1");

    done(*at.store, note_consents{user_id{1}, {"c", "d"}, 7002, 3});
    CHECK(kept() == "a2 c2 d1");
    done(*at.store, note_consents{user_id{1}, {"b"}, 7003, 3});
    CHECK(kept() == "b1 c2 d1");
    done(*at.store, note_consents{user_id{1}, {"d", "e", "f", "g", "d"}, 7004, 3});
    CHECK(kept() == "e1 f1 g1");
    CHECK(at.ask("SELECT count(*) FROM consents WHERE user = 2") == "1");

    std::vector<std::string> many;
    for (int i = 10; i < 50; ++i) {
        many.push_back("t" + std::to_string(i));
    }
    done(*at.store, note_consents{user_id{1}, many, 7005});
    CHECK(at.ask("SELECT count(*) FROM consents WHERE user = 1") == "16");
}

TEST_CASE("consents are counted by template, and go with the account", "[sqlite_records]") {
    store_on_disk at;
    at.add_user(1);
    done(*at.store, note_consents{user_id{1}, {"a", "b"}, 7000});
    done(*at.store, note_consents{user_id{1}, {"b"}, 8000});
    done(*at.store, note_consents{user_id{99}, {"b"}, 8000});

    CHECK(at.ask("SELECT group_concat(template || count || at, ' ') FROM consents") ==
          "a17000 b28000");
    done(*at.store, erasure(1));
    done(*at.store, note_consents{user_id{1}, {"b"}, 9000});
    CHECK(at.ask("SELECT count(*) FROM consents") == "0");
}
