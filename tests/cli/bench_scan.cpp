#include "server/cli/bench_scan.hpp"

#include "protocol/codec.hpp"
#include "server/cli/bench_text.hpp"
#include "tests/support/catch.hpp"

#include <string>

namespace onechat::cli {

namespace server = protocol::server;

TEST_CASE("what the server writes is read without a document") {
    server::ack ack{"p_-", 7, 9, 1'700'000'000'000, {}};
    server::event event;
    event.pair = "p_-";
    event.seq = 10;
    event.at = 1;
    event.from = protocol::sender::partner;
    event.text.emplace();
    bench_text{3, 4, 5}.write(*event.text, 100);
    std::string ack_frame;
    std::string event_frame;
    protocol::write(ack_frame, ack);
    protocol::write(event_frame, event);

    const auto read_ack = scan_ack(ack_frame);
    const auto read_text = scan_partner_text(event_frame);

    REQUIRE(read_ack);
    CHECK((read_ack->pair == "p_-" && read_ack->cid == 7 && read_ack->seq == 9));
    REQUIRE(read_text);
    CHECK((read_text->pair == "p_-" && read_text->seq == 10 && read_text->text.size() == 100));
    const auto text = bench_text::read(read_text->text);
    REQUIRE(text);
    CHECK((text->user == 3 && text->number == 4 && text->due == 5));
}

TEST_CASE("everything else is left to the codec") {
    CHECK_FALSE(scan_ack(R"({"t":"ack","pair":"p","cid":7,"seq":9,"at":1,"dup":true})"));
    CHECK_FALSE(scan_ack(R"({"t":"ack","pair":"p","cid":7,"seq":9,"at":1)"));
    CHECK_FALSE(scan_ack(""));
    CHECK_FALSE(scan_partner_text(
        R"({"t":"event","pair":"p","seq":1,"at":1,"from":"me","kind":"text","text":"a"})"));
    CHECK_FALSE(scan_partner_text(
        R"({"t":"event","pair":"p","seq":1,"at":1,"from":"partner","kind":"text","text":"\""})"));
}

}  // namespace onechat::cli
