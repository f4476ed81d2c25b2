// What moderation leaves in the tables: nothing asks for the flags yet.
#include "storage/sqlite_moderation.hpp"

#include "tests/storage/files.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

TEST_CASE("the digest of a masked text goes with its chat", "[sqlite_moderation]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    const auto live = done(*at.store, meeting(1, 2)).live;
    auto said = text(live.pair.id, 2, "***");
    said.row.said = 77;
    done(*at.store, said);
    CHECK(at.ask("SELECT pair || ' ' || seq || ' ' || digest FROM masks") == "1 2 77");

    done(*at.store, ending(live, 3));

    CHECK(at.ask("SELECT count(*) FROM masks") == "0");
}

TEST_CASE("a flag names the text, who flagged it and until when, and holds no copy",
          "[sqlite_moderation]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    const auto pair = done(*at.store, meeting(1, 2)).live.pair.id;
    done(*at.store, text(pair, 2, "hm"));

    const flag_text flag{.pair = pair,
                         .seq = 2,
                         .source = flag_source::platform,
                         .label = 20001,
                         .at = 6000,
                         .kept_until = 30'000};
    done(*at.store, flag);
    done(*at.store, flag);

    CHECK(at.ask("SELECT group_concat(pair || ' ' || seq || ' ' || source || ' ' || label || ' ' "
                 "|| at || ' ' || kept_until) FROM flags") == "1 2 2 20001 6000 30000");
}

TEST_CASE("a report keeps that its note was flagged, whatever is said later",
          "[sqlite_moderation]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    done(*at.store, meeting(1, 2));
    auto first = reporting(2, "pair-1-2");
    first.flagged = true;
    done(*at.store, first);
    done(*at.store, reporting(2, "pair-1-2"));

    CHECK(at.ask("SELECT group_concat(flagged) FROM reports") == "1");
}
