// How often people may come, from one address and in all.
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

address_key network(std::uint8_t n) {
    address_key key{};
    key.back() = n;
    return key;
}

std::optional<std::int64_t> refused(house& here, int n, protocol::refusal code) {
    const auto errors = here.all<server::error>(n);
    return errors.size() == 1 && errors[0].code == code ? errors[0].retry_ms : std::nullopt;
}

}  // namespace

TEST_CASE("hellos of one address are limited, tokens included, and others come in") {
    switchboard_options options;
    options.hellos = lobby::rate{1, 1s, 2};
    house here{options};
    here.come(1);
    here.come_back(2, here.token(1));

    here.come_back(3, here.token(1));

    CHECK(refused(here, 3, protocol::refusal::rate_limited) == 1000);
    CHECK(here.board->counted().limits.hellos == 1);
    here.from = network(7);
    here.come(4);
    CHECK(here.hear(4) == words{"welcome idle"});
    here.wait(1s);
    here.from = {};
    here.say(3, R"({"t":"hello","v":1,"token":")" + here.token(1) + R"("})");
    here.settle();
    CHECK(here.hear(3) == words{"error rate_limited", "welcome idle"});
}

TEST_CASE("hellos of all addresses together are limited, and that is nobody's fault") {
    switchboard_options options;
    options.hellos_total = lobby::rate{1, 1s, 2};
    house here{options};
    for (const int n : {1, 2, 3}) {
        here.from = network(static_cast<std::uint8_t>(n));
        here.come(n);
    }

    CHECK(here.hear(2) == words{"welcome idle"});
    CHECK(refused(here, 3, protocol::refusal::platform_busy) == 1000);
    CHECK(here.board->counted().limits.hellos_total == 1);
}

TEST_CASE("new guests of all addresses together are limited, and known people are not") {
    switchboard_options options;
    options.guest_logins_total = lobby::rate{1, 1s, 1};
    house here{options};
    here.come(1);
    here.from = network(2);
    here.come(2);

    CHECK(refused(here, 2, protocol::refusal::platform_busy) == 1000);
    CHECK(here.board->counted().limits.guest_logins_total == 1);
    here.come_back(3, here.token(1));
    CHECK(here.hear(3) == words{"welcome idle"});
}
