// The other end of one connection in the session target: it keeps what its user was told, as a
// client would, and holds every frame against the contract (protocol.md, "Delivery", "Privacy on
// the wire"). What only the whole town can know, it asks the registry.
#pragma once

#include "protocol/codec.hpp"
#include "server/keys.hpp"
#include "server/peer.hpp"
#include "storage/store.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace onechat::fuzz {

namespace told = protocol::server;

// What one user said and was given, whatever the connection.
struct resident {
    std::set<std::string> said;    // texts, accepted or not
    std::set<std::string> tokens;  // no frame to anybody else may hold one
    std::map<std::string, std::map<std::uint64_t, std::set<std::string>>> cids;  // pair, cid: texts
    std::map<std::string, std::uint64_t> last_cid;
};

struct registry {
    storage::store& store;
    const keys& secrets;
    std::map<subject, resident> people{};

    [[nodiscard]] std::optional<storage::user_row> row_of(const subject& name) {
        storage::find_user wanted;
        wanted.name = name;
        storage::question asked = wanted;
        must(store.reader().answer(asked), "the store answers");
        return std::get<storage::find_user>(asked).user;
    }
    // The event of that seq as its user may read it.
    [[nodiscard]] std::optional<storage::message_row> event_of(const subject& name,
                                                               const std::string& pair,
                                                               std::uint64_t seq) {
        const auto user = row_of(name);
        if (!user) {
            return std::nullopt;
        }
        storage::find_history history;
        history.name = pair;
        history.user = user->id;
        history.before = seq + 1;
        history.limit = 1;
        storage::question asked = history;
        must(store.reader().answer(asked), "the store answers");
        const auto& found = std::get<storage::find_history>(asked);
        if (!found.found) {
            return std::nullopt;  // cleared meanwhile
        }
        must(!found.events.empty() && found.events[0].seq == seq, "what was told of is stored");
        return found.events[0];
    }
};

class witness final : public peer {
public:
    // What this connection was told of a pair.
    struct view {
        std::uint64_t from = 0;   // what is told begins behind it
        std::uint64_t shown = 0;  // highest event
        bool from_known = true;
        std::set<std::uint64_t> known{};     // events and acks
        std::set<std::uint64_t> repeated{};  // acked as said before
    };

    witness(registry& all, int number) : all_{all}, number_{number} {}

    // ---- what the server does ----

    void send(std::string_view text) override {
        trace(std::to_string(number_) + " <- " + std::string{text});
        must(closed_with == 0, "nothing is sent behind a close");
        if (slow || waiting_bytes + text.size() > protocol::limits::outbox_bytes_max) {
            slow = true;  // as net: nothing is queued, the connection is told of
            return;
        }
        waiting_bytes += text.size();
        const auto frame = parsed(text);
        must(!std::holds_alternative<told::bye>(frame.message), "bye comes with a close");
        if (const auto* welcome = std::get_if<told::welcome>(&frame.message)) {
            recognise(*welcome);
        }
        check_private(text);
        std::visit([this](const auto& message) { hear(message); }, frame.message);
    }
    void close(std::uint16_t code, std::string_view reason, std::string_view last_words) override {
        trace(std::to_string(number_) + " closed " + std::to_string(code));
        must(closed_with == 0, "a connection is closed once");
        must(code == 1000 || (code >= 4000 && code <= 4999), "a close has a code of ours");
        must(reason.size() <= 123, "a reason fits its frame");
        if (code != 1000) {
            const auto frame = parsed(last_words);
            must(std::get<told::bye>(frame.message).code == code, "bye says the code");
        }
        closed_with = code;
    }
    [[nodiscard]] std::size_t outbox_bytes() const override { return waiting_bytes; }

    // ---- what the client does ----

    void notes(const protocol::client::say& said) {
        resident& me = all_.people[*user];
        me.said.insert(said.text);
        if (paired && said.pair.value_or(*paired) == *paired) {
            me.cids[*paired][said.cid].insert(said.text);
            std::uint64_t& last = me.last_cid[*paired];
            last = std::max(last, said.cid);
        }
    }

    // Up to where everything of the pair is here.
    [[nodiscard]] static std::uint64_t held(const view& of) {
        std::uint64_t seq = of.from;
        while (of.known.contains(seq + 1)) {
            ++seq;
        }
        return seq;
    }

    // When nothing is under way any more, nothing is missing either.
    void check_dense() const {
        if (closed_with != 0 || slow || !paired) {
            return;
        }
        const view& of = views.at(*paired);
        must(!of.from_known || of.known.empty() || held(of) >= *of.known.rbegin(),
             "no event of a chat is missing");
    }

    std::optional<subject> user;  // once welcomed
    std::optional<std::string> paired;
    std::map<std::string, view> views;
    std::optional<protocol::client::held_position> asked;  // in the hello that is answered
    std::size_t errors = 0;                                // heard
    std::int64_t epoch = 0;
    std::uint16_t closed_with = 0;  // 0: open
    std::size_t waiting_bytes = 0;
    bool slow = false;
    bool reads = true;  // otherwise what is sent waits

private:
    // It has the listed fields and no others, and fits.
    static protocol::answer parsed(std::string_view text) {
        must(text.size() <= protocol::limits::server_frame_bytes_max, "a frame has 64 KiB at most");
        const auto frame = protocol::parse_server(text);
        must(frame.has_value(), "a frame is a message of the protocol");
        std::string again;
        protocol::write(again, frame->message, frame->rid);
        must(again == text, "a frame holds what the protocol lists");
        return *frame;
    }

    void recognise(const told::welcome& welcome) {
        const auto claims = all_.secrets.verify(welcome.token, welcome.now);
        must(claims.has_value(), "a token is good");
        must(!user, "a connection is welcomed once");
        user = claims->name;
        all_.people[*user].tokens.insert(welcome.token);
    }

    void check_private(std::string_view text) const {
        for (const auto& [name, person] : all_.people) {
            must(text.find(hex_of(name)) == text.npos, "no frame names an account");
            for (const std::string& token : person.tokens) {
                must(name == user || text.find(token) == text.npos,
                     "no frame holds a token of somebody else");
            }
        }
    }

    // ---- by message ----

    template <class Message>
    void hear(const Message&) {}

    void hear(const told::welcome& welcome) {
        epoch = welcome.epoch;
        must(welcome.pair.has_value() == (welcome.state == protocol::user_state::paired),
             "who is paired is told with whom");
        must(welcome.held.has_value() == asked.has_value(), "what is held is answered");
        if (welcome.pair) {
            must(welcome.pair->resumed.has_value(), "a chat of a welcome goes on");
            enter(*welcome.pair);
        }
        if (welcome.held) {
            must(welcome.held->pair == asked->pair && welcome.held->keep <= asked->seq,
                 "no more is kept than is held");
            view& of = views[welcome.held->pair];
            of = {.from = welcome.held->keep, .shown = welcome.held->keep};
            of.from_known = !welcome.held->gap;
        }
    }
    void hear(const told::error&) { ++errors; }
    void hear(const told::matched& met) {
        must(!paired, "nobody is in two chats");
        must(met.recent && !met.recent->empty(), "a match shows where it begins");
        enter(met);
        must(met.recent->back().seq == met.last_seq, "the newest event is the last");
    }
    void enter(const told::matched& chat) {
        paired = chat.pair;
        view& of = views[chat.pair];
        of = {.from = chat.last_seq, .shown = 0};
        of.from_known = chat.recent.has_value();
        if (chat.recent) {
            check_page(*chat.recent, chat.pair);
            of.from = of.shown = chat.recent->empty() ? 0 : chat.recent->back().seq;
            of.from_known = !chat.recent->empty();
        }
        std::uint64_t& last = all_.people[*user].last_cid[chat.pair];
        must(chat.last_cid <= last, "no cid was accepted that was never said");
    }
    void hear(const told::idle&) { paired.reset(); }
    void hear(const told::waiting&) { paired.reset(); }  // `next` has no idle
    void hear(const told::partner& other) {
        must(paired == other.pair, "one is told of one's own partner");
        must((other.state == protocol::partner_state::left) == other.reason.has_value(),
             "who leaves leaves for a reason");
        if (other.state == protocol::partner_state::left) {
            paired.reset();
        }
    }
    void hear(const told::typing& other) {
        must(paired == other.pair, "one sees one's own partner type");
    }
    void hear(const told::seen& other) {
        must(paired == other.pair, "one's own partner has seen it");
    }
    void hear(const told::event& event) {
        must(views.contains(event.pair), "an event is of a pair that one knows of");
        check_event(event);
        view& of = views[event.pair];
        must(event.seq > of.shown, "events come in order");
        must(of.known.insert(event.seq).second || of.repeated.contains(event.seq),
             "an event is shown once");
        of.shown = event.seq;
        if (!of.from_known) {
            of.from = event.seq - 1;
            of.from_known = true;
        }
    }
    void hear(const told::ack& ack) {
        must(views.contains(ack.pair), "an ack is of a pair that one knows of");
        view& of = views[ack.pair];
        must(of.known.insert(ack.seq).second || ack.dup == true, "a text is acked once");
        if (ack.dup) {
            of.repeated.insert(ack.seq);
        }
        const auto row = all_.event_of(*user, ack.pair, ack.seq);
        if (row) {
            must(row->cid == ack.cid && row->at == ack.at, "the text that is acked is stored");
            must(row->gone != storage::gone_reason::none ||
                     all_.people[*user].cids[ack.pair][ack.cid].contains(row->body),
                 "it is stored as it was said");
        }
    }
    void hear(const told::history& page) { check_page(page.events, page.pair); }
    void hear(const told::exported& page) {
        for (const told::export_record& each : page.records) {
            must(!each.text || all_.people[*user].said.contains(*each.text),
                 "an export holds one's own texts");
        }
    }

    void check_page(const std::vector<told::event>& events, const std::string& pair) {
        for (std::size_t n = 0; n < events.size(); ++n) {
            must(n == 0 || events[n].seq == events[n - 1].seq + 1, "a page has no holes");
            must(events[n].pair == pair, "a page is of one pair");
            check_event(events[n]);
        }
    }
    void check_event(const told::event& event) const {
        const bool mine = event.from == protocol::sender::me;
        if (event.kind == protocol::event_kind::text) {
            must(event.text.has_value() != event.gone.has_value(), "a text is there or gone");
            must(event.cid.has_value() == mine, "a cid is its sender's");
        }
        if (!event.text) {
            return;
        }
        const bool was_said = std::ranges::any_of(all_.people, [&](const auto& one) {
            return (one.first == *user) == mine && one.second.said.contains(*event.text);
        });
        must(was_said, "a text is what somebody said, byte for byte");
    }

    registry& all_;
    int number_;
};

}  // namespace onechat::fuzz
