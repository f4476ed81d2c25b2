// The parts of the reference that no table holds: how a conversation goes. A limit stands here by
// its name in double braces and is put in by describe_markdown. Constants only: any thread.
#pragma once

#include <string_view>

namespace onechat::protocol::prose {

inline constexpr std::string_view introduction = R"(# onechat wire protocol, version 1

<!-- Generated from protocol/*.hpp: don't edit, run scripts/regenerate. -->

This is the reference for people who write a client. The same tables are in
[schema/client.json](schema/client.json) and [schema/server.json](schema/server.json) for tools,
and in `client/sdk/protocol.js` and `protocol.d.ts` for JavaScript.

## Transport

- A WebSocket at `/ws`, subprotocol `onechat.v1`. Cookies, custom headers and an `Origin` are
  never needed. No extension is negotiated.
- Each message is one text frame with one JSON object: from the client at most
  {{client_frame_bytes_max}}, from the server at most {{server_frame_bytes_max}}. Binary frames
  close with 1003, too big ones with 1009.
- JSON is at most {{depth_max}} levels deep, with no key twice in an object. Numbers are integers
  up to {{integer_max}} in magnitude, written without fraction or exponent (`5.0` is refused).
  Times are Unix milliseconds. Strings are valid Unicode without U+0000; lengths count code
  points, so that an emoji is one or a few, and a Chinese character is one.
- An optional field is left out when it has no value: `null` is refused. Fields that are not
  listed here are ignored, in both directions: a client must not fail at a field that it doesn't
  know.
- Every message has `t`, its type. A request may carry `rid`, an integer of the client's choice;
  its direct answer or `error` carries it too.
- Put the token into `hello` only, never into a URL.

## How a conversation goes

```
client                                          server
  hello {v: 1, login: {provider: "guest"}}  ->
                                            <-  welcome {token, epoch, state: "idle", topics, ...}
  find {topics: ["films"]}                  ->
                                            <-  waiting {tier: 0, ...}
                                            <-  matched {pair, partner, recent, last_cid, ...}
  say {cid: 1, text: "你好", pair}          ->
                                            <-  ack {cid: 1, seq: 2}        it is on disk
                                            <-  event {seq: 3, from: "partner", text: "你好！"}
  seen {seq: 3, pair}                       ->
  leave {pair}                              ->
                                            <-  event {seq: 4, from: "me", kind: "end"}
                                            <-  idle
```

`hello` comes first, within {{hello_ms}}. Keep the `token` of `welcome` and log in with it from
then on; use `login` only without one.

Name the `pair` in `say`, `typing`, `seen`, `recall`, `leave` and `next`. When the chat is another
one by then, the server refuses with `not_paired` (or ignores `typing` and `seen`) instead of
sending a text to the wrong stranger or skipping one.

### Texts arrive once

Number the texts of a pair with `cid`, strictly increasing, above `matched.last_cid`. `ack` means
that the text is stored for good, and gives its `seq`. Until then keep it, and after a
reconnection say it again with the same `cid`: it is stored and shown once. At most
{{in_flight_max}} texts may be without `ack`. After a `nack` with `retry_ms`, or `in_flight_full`,
say the refused text and all that came after it again, in order, with new `cid`s.

### After a lost connection

Connect again with growing pauses, and say `hello` with the token and `held`: the pair, the
highest `seq` up to which you have every event, and the `epoch` of your last `welcome`.
`welcome.held.keep` says what still holds: drop every event above it, and take the events that
follow; drop those whose `seq` you have. With `gap`, more than {{replay_max}} were missed, and
`history` has the older ones.

A client that was waiting and finds itself `idle` says `find` again. One that finds itself paired
in a chat it left says `leave` again.

### Staying connected

The server sends a WebSocket ping after {{ping_after_ms}} of silence and closes with 4002 after
{{idle_ms}} without any frame from the client. Where the platform can't answer pings, say `ping`.
Say `away` when the app goes to the background: the partner is told, and the seat is kept for
`welcome.away_ms`.

)";

inline constexpr std::string_view refusals = R"(## Refusals

A `say` with a readable `cid` is refused with `nack`, everything else with `error`; the connection
stays open. `bad_json`, `unknown_type` and `bad_field` are malformed: number {{malformed_max}}
within 10 s closes with 4503. Refusal number {{refusals_max}} within 10 s closes with 4003;
`in_flight_full` and `store_unavailable` don't count.

)";

inline constexpr std::string_view closes = R"(
## Close codes

The range is the advice: 4000 to 4499 connect again, after `retry_ms` if given; 4500 to 4999
don't. Before each of them comes `bye` with the same code, as mini programs do not reliably see
close codes. Treat every other close that you did not ask for as "connect again", 1000 included
(WeChat reports a background kill as 1000); after 1003, 1007 and 1009 without the message that
caused it.

)";

}  // namespace onechat::protocol::prose
