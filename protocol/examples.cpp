#include "protocol/examples.hpp"

#include "protocol/limits.hpp"

#include <string>

namespace onechat::protocol {

namespace {

const std::string example_pair = "b7Qm3xVZcT0kLr9wYd2f";
constexpr std::int64_t example_now = 1767225600000;

server::event example_start() {
    return {.pair = example_pair,
            .seq = 1,
            .at = example_now,
            .from = sender::system,
            .kind = event_kind::start};
}

server::event example_event() {
    return {.pair = example_pair,
            .seq = 2,
            .at = example_now + 4200,
            .from = sender::partner,
            .kind = event_kind::text,
            .text = "你好！"};
}

server::partner_info example_partner() {
    return {.alias = "Quiet Otter", .avatar = "otter", .nickname = "小明"};
}

server::matched example_matched() {
    return {.pair = example_pair,
            .partner = example_partner(),
            .topic = "films",
            .met = 0,
            .recent = {{example_start()}},
            .last_seq = 1,
            .last_cid = 0,
            .partner_seen = 0};
}

server::welcome example_welcome() {
    server::matched current = example_matched();
    current.recent.reset();
    current.last_seq = 2;
    current.last_cid = 4;
    current.resumed = true;
    return {.v = version,
            .token = "g.9sXv0e6hQw",
            .expires = example_now + 2592000000,
            .epoch = example_now - 600000,
            .state = user_state::paired,
            .topics = {{.id = "films",
                        .title = "Films",
                        .hint = "What did you see last?",
                        .waiting = pool_size::few}},
            .limits = {.text = limits::text_code_points_max,
                       .frame = limits::client_frame_bytes_max,
                       .in_flight = limits::in_flight_max,
                       .durability = durability::full},
            .now = example_now + 9000,
            .heartbeat_ms = 25000,
            .away_ms = 120000,
            .held = server::held_answer{.pair = example_pair, .keep = 1},
            .pair = current};
}

}  // namespace

std::vector<client_message> client_examples() {
    using namespace client;
    return {
        hello{.token = "g.9sXv0e6hQw",
              .held = held_position{.pair = example_pair, .seq = 1, .epoch = example_now - 600000}},
        find{.topics = {{"films", "music"}}, .nickname = "小红", .avatar = "fox"},
        cancel{},
        say{.cid = 1, .text = "你好，很高兴认识你", .pair = example_pair},
        typing{.on = true, .pair = example_pair},
        seen{.seq = 2, .pair = example_pair},
        recall{.seq = 3, .pair = example_pair},
        leave{.pair = example_pair},
        next{.topics = {{"music"}}, .pair = example_pair},
        away{},
        history{.pair = example_pair, .before = 101, .limit = 50},
        pairs{.limit = 20},
        clear{.pair = example_pair},
        block{.pair = example_pair},
        unblock{.pair = example_pair},
        report{.pair = example_pair, .reason = report_reason::fraud, .note = "Asked for money."},
        notify{.templates = {"TplPartnerCameBack"}},
        export_records{},
        erase{.confirm = true},
        logout{},
        ping{},
    };
}

std::vector<server_message> server_examples() {
    using namespace server;
    return {
        example_welcome(),
        waiting{.since = example_now, .waited_ms = 3200, .tier = 1, .pool = pool_size::few},
        example_matched(),
        idle{},
        example_event(),
        ack{.pair = example_pair, .cid = 1, .seq = 3, .at = example_now + 5100},
        nack{.pair = example_pair, .cid = 2, .code = refusal::rate_limited, .retry_ms = 800},
        partner{.pair = example_pair, .state = partner_state::left, .reason = end_reason::left},
        typing{.pair = example_pair, .on = true},
        seen{.pair = example_pair, .seq = 3},
        history{.pair = example_pair, .events = {example_start(), example_event()}, .more = false},
        pairs{.pairs = {{.pair = example_pair,
                         .partner = {.alias = "Quiet Otter", .avatar = "otter"},
                         .met = 2,
                         .last = {.seq = 2, .at = example_now + 4200, .text = "你好！"},
                         .unseen = 1,
                         .blocked = false}},
              .more = true,
              .cursor = "c.1767225604200"},
        erased{.receipt = {.id = "e-20260101-7",
                           .at = example_now,
                           .texts = 12,
                           .kept = {{.what = "sealed texts", .until = example_now + 259200000}}}},
        exported{.records = {{.kind = record_kind::account,
                              .at = example_now,
                              .provider = provider::guest},
                             {.kind = record_kind::text,
                              .at = example_now + 5100,
                              .pair = example_pair,
                              .text = "你好，很高兴认识你"}},
                 .more = false},
        cleared{},
        blocked{.pair = example_pair, .on = true},
        reported{},
        noted{},
        pong{.now = example_now},
        error{.code = refusal::bad_field,
              .text = "field `limit` must be an integer from 1 to 100",
              .field = "limit"},
        bye{.code = 4000, .reason = "restarting", .retry_ms = 2750},
    };
}

}  // namespace onechat::protocol
