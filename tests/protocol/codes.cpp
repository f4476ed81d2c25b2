#include "protocol/codes.hpp"

#include "protocol/vocabulary.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <string>

using namespace onechat::protocol;

namespace {

template <class Enum>
void check_words() {
    std::set<std::string_view> names;
    for (const auto& each : words_of<Enum>) {
        INFO(each.name);
        CHECK(names.insert(each.name).second);
        CHECK(name_of(each.value) == each.name);
        CHECK(named<Enum>(each.name) == each.value);
        CHECK(each.doc.ends_with("."));
        // Words are written without looking for characters to escape.
        CHECK(each.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789-+") ==
              std::string_view::npos);
    }
    CHECK_FALSE(named<Enum>("nonsense"));
    CHECK_FALSE(named<Enum>(""));
}

}  // namespace

TEST_CASE("every word has a name and a meaning of its own") {
    check_words<provider>();
    check_words<user_state>();
    check_words<sender>();
    check_words<event_kind>();
    check_words<end_reason>();
    check_words<gone_reason>();
    check_words<partner_state>();
    check_words<report_reason>();
    check_words<pool_size>();
    check_words<durability>();
    check_words<record_kind>();
    check_words<refusal>();
}

TEST_CASE("the codes of refusals are those of the contract") {
    std::string names;
    for (const auto& each : words_of<refusal>) {
        names += std::string{each.name} + " ";
    }

    CHECK(
        names ==
        "bad_json unknown_type bad_field too_long not_ready already_paired not_waiting not_paired "
        "unknown_pair unknown_topic cid_stale cid_conflict in_flight_full rate_limited "
        "blocked_text login_failed login_code_used login_risky platform_busy store_unavailable "
        "too_late forbidden ");
}

TEST_CASE("the range of a close code says whether to connect again") {
    for (const std::uint32_t code : {1000U, 1001U, 1006U, 1011U, 3000U, 4000U, 4499U, 5000U}) {
        CHECK(should_reconnect(code));
    }
    for (const std::uint32_t code : {4500U, 4504U, 4999U}) {
        CHECK_FALSE(should_reconnect(code));
    }
}

TEST_CASE("close codes have the names of the contract, which fit into a close frame") {
    std::string rows;
    for (const auto& row : close_codes) {
        rows +=
            std::to_string(static_cast<unsigned>(row.code)) + " " + std::string{row.reason} + ";";
        CHECK(reason_of(row.code) == row.reason);
        CHECK(row.reason.size() <= 123);
    }

    CHECK(rows ==
          "4000 restarting;4001 slow;4002 idle;4003 flood;4004 busy;4500 replaced;"
          "4501 login_required;4502 banned;4503 protocol_error;4504 erased;");
}
