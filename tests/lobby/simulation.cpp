// The lobby under a random walk of thirty people over a store that commits when it likes. Whatever
// happens, what the contract promises holds; a failure prints the seed that brings it back.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/effects.hpp"
#include "tests/lobby/pools.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"

#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <variant>

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using namespace std::chrono_literals;
namespace server = protocol::server;

namespace {

constexpr int users = 30;

// Rules as its mood is.
struct moody_moderator final : moderator {
    explicit moody_moderator(random_source& chance) : random{chance} {}

    ruling judge(const utterance& said, moment) override {
        ruling made;
        made.flagged = random.below(10) == 0;
        switch (random.below(20)) {
            case 0:
                made.is = ruling::decision::reject;
                return made;
            case 1:
                made.is = ruling::decision::busy;
                return made;
            case 2:
                made.is = ruling::decision::mask;
                made.shown = std::string(said.words.size(), '*');
                break;
            default:
                break;
        }
        const auto look = random.below(10);
        made.outside = look < 4   ? ruling::look::before
                       : look < 6 ? ruling::look::after
                                  : ruling::look::none;
        return made;
    }

    random_source& random;
};

struct simulation {
    // A pair's record on the disk.
    struct record {
        pair_id id{};
        std::array<user_id, 2> users{};
        std::vector<event> events;  // seq 1 first
        std::uint64_t given = 0;    // the last seq that the lobby or the store gave
        std::array<std::vector<accepted_texts::mark>, 2> marks;
        std::map<std::uint64_t, side> texts;        // given, by whom
        std::set<std::uint64_t> gone;               // texts taken back, stored or not
        std::set<std::uint64_t> taken_back;         // of them, in this chat
        std::array<std::uint64_t, 2> seen{};        // as people said
        std::array<std::uint64_t, 2> seen_asked{};  // what the store was asked to note last
        std::array<std::uint64_t, 2> seen_kept{};   // what it noted
        std::uint32_t met = 0;
        bool talking = false;  // from open_chat to end_chat or void_chat
    };
    // What one connection was told of a pair.
    struct view {
        std::uint64_t from = 0;   // it came when everything up to here was behind it
        std::uint64_t shown = 0;  // highest event
        std::set<std::uint64_t> known{};
        std::set<std::uint64_t> repeated{};  // acked as said before
        std::set<std::uint64_t> recalls{};   // by seq: asked for over it and not told yet
        std::uint64_t partner_seen = 0;
        bool replaying = false;
    };
    // A block or its end that waits to be stored; its user is held meanwhile.
    struct block {
        user_id user{};
        user_id whom{};
        bool on = true;
    };
    // A text of a chat that is over, taken away.
    struct removal {
        pair_id pair{};
        std::uint64_t seq = 0;
    };
    struct client {
        int user = 0;
        std::map<pair_id, view> views;
        std::map<std::pair<pair_id, std::uint64_t>, int> said;  // accepted here: times said
        std::map<std::pair<pair_id, std::uint64_t>, int> acked;
        std::optional<pair_id> paired;
    };

    explicit simulation(std::uint64_t seed)
        : random{seed},
          judge{random},
          hall{options(seed % 2 == 0, seed % 8 < 4), random, seed % 4 < 2 ? nullptr : &judge} {}

    static lobby_options options(bool limited, bool unjudged_pass) {
        lobby_options made;
        made.unjudged_pass = unjudged_pass;
        if (limited) {
            made.texts = rate{5, 1s, 4};
            made.finds = rate{10, 1s, 5};
        }
        made.topics = {"a", "b", "c"};
        made.rematch_after = 1s;
        made.any_topic_after = 500ms;
        made.away_time = 5s;
        made.ticket_kept_time = 3s;
        return made;
    }

    // ---- what people do ----

    void step() {
        const int user = 1 + static_cast<int>(random.below(users));
        const auto at = online.find(user);
        if (random.one_in(5)) {
            now.steady += std::chrono::milliseconds{random.below(300)};
            now.unix_ms += static_cast<std::int64_t>(random.below(300));
            hall.tick(now, out);
        } else if (!looks.empty() && random.one_in(3)) {
            judge_one(random.below(looks.size()));
        } else if (random.one_in(60)) {
            remove_one();
        } else if (random.one_in(3)) {
            commit(1 + random.below(4));
        } else if (at == online.end() || random.one_in(40)) {
            arrive(user);
        } else {
            act(at->second, clients.at(at->second));
        }
        carry_out();
    }

    void act(session_id session, client& who) {
        const caller by{session, {}};
        switch (random.below(30)) {
            case 0:
                if (random.one_in(2)) {
                    hall.vanish(session, now, out);
                    online.erase(who.user);
                }
                break;
            case 1:
            case 2:
            case 3:
                hall.find(by, some_wish(), now, out);
                break;
            case 4:
                hall.cancel(by, now, out);
                break;
            case 5:
                if (random.one_in(2)) {
                    hall.leave(by, std::nullopt, now, out);
                }
                break;
            case 6:
                if (random.one_in(2)) {
                    hall.next(by, some_wish(), std::nullopt, now, out);
                }
                break;
            case 7:
                hall.away(session, now, out);
                break;
            case 8:
            case 9:
                read(session, who);
                break;
            case 10:
            case 11:
            case 12:
                recall(session, who);
                break;
            case 13:
            case 14:
                see(session, who);
                break;
            case 15:
                hall.typing(session, {random.one_in(2), {}}, out);
                break;
            case 16:
                change_block(session, who);
                break;
            case 17:
                if (random.one_in(4)) {
                    hall.depart(session, now, out);
                }
                break;
            default:
                hall.here(session, out);
                say(by, who);
                if (random.one_in(3)) {
                    recall(session, who);
                }
        }
    }

    wish some_wish() {
        wish wanted;
        wanted.topics.emplace();
        if (random.one_in(2)) {
            wanted.topics->push_back(static_cast<topic_id>(random.below(3)));
        }
        if (random.one_in(3)) {
            wanted.nickname = "nick " + std::to_string(random.below(3));
        }
        return wanted;
    }

    void judge_one(std::size_t n) {
        const auto review = looks[n];
        looks.erase(looks.begin() + static_cast<std::ptrdiff_t>(n));
        opinion is;
        is.is = static_cast<opinion::decision>(random.below(3));
        hall.judged(review, is, now, out);
    }

    void remove_one() {
        if (by_pair.empty()) {
            return;
        }
        const record& of = *by_pair.at(pair_id{1 + static_cast<int>(random.below(by_pair.size()))});
        if (of.texts.empty()) {
            return;
        }
        auto text = of.texts.begin();
        std::advance(text, random.below(of.texts.size()));
        const auto [seq, from] = *text;
        if (hall.remove(of.id, seq, of.users[index(from)], now, out) ==
            onechat::lobby::lobby::removal::asleep) {
            jobs.emplace_back(removal{of.id, seq});
        }
    }

    void say(const caller& by, client& who) {
        const chat* in = hall.talking(user_id{who.user});
        if (in == nullptr) {
            return;
        }
        const auto last = in->described_to(in->side_of(user_id{who.user})).last_cid;
        const bool again = last > 0 && random.one_in(6);
        const std::uint64_t cid = again ? last : last + 1 + random.below(6);
        const auto pair = in->pair();
        hall.say(by, {cid, "text " + std::to_string(cid), std::nullopt}, now, out);
        if (again && who.said.contains({pair, cid})) {
            ++who.said[{pair, cid}];
        } else if (!again) {
            // Accepted when it is kept, refused when a nack comes, and held until then.
            said_by[{who.user, pair, cid}].push_back(by.session);
            held_texts += hall.held_count() > 0 ? 1 : 0;
        }
    }

    void recall(session_id session, client& who) {
        const chat* in = hall.talking(user_id{who.user});
        const auto before = in == nullptr ? 0 : in->last_seq();
        const std::uint64_t seq = before - random.below(std::min<std::uint64_t>(before, 5) + 1);
        hall.recall({session, static_cast<std::int64_t>(seq)}, {seq, {}}, now, out);
        if (in != nullptr && in->last_seq() > before) {
            who.views[in->pair()].recalls.insert(in->last_seq());
        }
    }

    void see(session_id session, const client& who) {
        const chat* in = hall.talking(user_id{who.user});
        const std::uint64_t seq = in == nullptr ? 1 : in->last_seq() + 1 - random.below(6);
        if (in != nullptr) {
            record& of = *by_pair.at(in->pair());
            std::uint64_t& seen = of.seen[index(side_in(of, who.user))];
            seen = std::max(seen, std::min(seq, in->last_seq()));
        }
        hall.seen(session, {seq, {}}, out);
    }

    // Blocks or unblocks somebody met before; the current partner is left first.
    void change_block(session_id session, const client& who) {
        std::vector<const record*> known;
        for (const auto& [ids, of] : records) {
            if (ids[0] == user_id{who.user} || ids[1] == user_id{who.user}) {
                known.push_back(&of);
            }
        }
        if (known.empty()) {
            return;
        }
        const record& of = *known[random.below(known.size())];
        const user_id whom = of.users[index(other(side_in(of, who.user)))];
        const bool on = !random.one_in(3);
        ++held[user_id{who.user}];
        hall.hold(session);
        const chat* in = hall.talking(user_id{who.user});
        if (on && in != nullptr && in->pair() == of.id) {
            hall.depart(session, now, out);
        }
        carry_out();
        jobs.emplace_back(block{user_id{who.user}, whom, on});
    }

    void arrive(int user) {
        const session_id session{++last_session};
        newcomer comes{user_id{user}, person_of(user), {}};
        for (const user_id whom : blocked[comes.user]) {
            comes.blocked.push_back(person_of(static_cast<int>(whom)));
        }
        const auto arrival = hall.arrive(session, std::move(comes), out);
        REQUIRE((arrival.replaced != session_id::none) == online.contains(user));
        online[user] = session;
        client& who = clients[session];
        who.user = user;
        if (const chat* in = hall.talking(user_id{user})) {
            REQUIRE(arrival.state == protocol::user_state::paired);
            view& seen = who.views[in->pair()];
            seen.from = seen.shown = random.below(in->durable_seq() + 1);
            seen.replaying = true;
            seen.partner_seen = in->described_to(in->side_of(user_id{user})).partner_seen;
            who.paired = in->pair();
        }
    }

    // One page of what was missed, as the switchboard shows it.
    void read(session_id session, client& who) {
        for (auto& [pair, seen] : who.views) {
            if (!seen.replaying) {
                continue;
            }
            const auto up = hall.catch_up(session, pair, seen.shown, now, out);
            carry_out();
            if (up.made == chat::progress::live || up.made == chat::progress::over) {
                seen.replaying = false;
            }
            if (up.made != chat::progress::read_on) {
                continue;
            }
            const record& of = *by_pair.at(pair);
            REQUIRE(of.events.size() >= up.durable_seq);
            const auto last = std::min(up.durable_seq, seen.shown + 1 + random.below(5));
            while (seen.shown < last) {
                const event& what = of.events.at(seen.shown);
                const auto owed = hall.owed_acks(session, pair, what.seq);
                for (const tell& answer : owed) {
                    hear(session, answer);
                    seen.shown = what.seq;
                }
                if (owed.empty()) {
                    hear(session,
                         {session, shown_to(side_in(of, who.user), what, name_of(pair)), {}});
                }
            }
        }
    }

    // ---- what the lobby wants ----

    void carry_out() {
        for (auto& one : std::exchange(out, {})) {
            if (auto* told = std::get_if<tell>(&one)) {
                const auto to = clients.find(told->to);
                REQUIRE(to != clients.end());
                const auto at = online.find(to->second.user);
                if (at != online.end() && at->second == told->to) {
                    check_gone(*told);
                    hear(told->to, *told);
                }
                continue;
            }
            if (auto* kept = std::get_if<keep>(&one)) {
                record& of = *by_pair.at(kept->pair);
                REQUIRE(of.talking);
                REQUIRE(kept->what.seq == ++of.given);
                note(of, kept->what);
                note_accepted(of, kept->what);
            } else if (const auto* asked = std::get_if<ask_review>(&one)) {
                looks.push_back(asked->review);
                continue;
            } else if (const auto* noted = std::get_if<note_seen>(&one)) {
                record& of = *by_pair.at(noted->pair);
                REQUIRE(of.talking);
                REQUIRE(noted->seq > of.seen_asked[index(noted->who)]);
                REQUIRE(noted->seq == of.seen[index(noted->who)]);
                of.seen_asked[index(noted->who)] = noted->seq;
            } else if (auto* ended = std::get_if<end_chat>(&one)) {
                record& of = *by_pair.at(ended->pair);
                REQUIRE(of.talking);
                REQUIRE(ended->end.seq == ++of.given);
                of.talking = false;
                REQUIRE(of.seen_asked == of.seen);
                ++ends;
                for (const user_id user : of.users) {
                    REQUIRE(busy.erase(user) == 1);
                }
            } else if (auto* opens = std::get_if<open_chat>(&one)) {
                REQUIRE(opens->users[0] < opens->users[1]);
                check_free(*opens);
            }
            jobs.emplace_back(std::move(one));
        }
    }

    void commit(std::uint64_t count) {
        for (; count > 0 && !jobs.empty(); --count) {
            auto next = std::move(jobs.front());
            jobs.pop_front();
            if (const auto* changed = std::get_if<block>(&next)) {
                store(*changed);
                carry_out();
                continue;
            }
            if (const auto* removed = std::get_if<removal>(&next)) {
                store(*removed);
                continue;
            }
            effect& job = std::get<effect>(next);
            if (const auto* kept = std::get_if<keep>(&job)) {
                store(kept->pair, kept->what);
            } else if (const auto* noted = std::get_if<note_seen>(&job)) {
                by_pair.at(noted->pair)->seen_kept[index(noted->who)] = noted->seq;
            } else if (const auto* ended = std::get_if<end_chat>(&job)) {
                record& of = *by_pair.at(ended->pair);
                of.marks = ended->marks;
                ++of.met;
                store(ended->pair, ended->end);
            } else if (const auto* opens = std::get_if<open_chat>(&job)) {
                open(*opens);
            } else if (std::holds_alternative<void_chat>(job)) {
                const auto id = std::get<void_chat>(job).chat;
                record& of = *by_chat.at(id);
                of.events.pop_back();
                --of.given;
                of.talking = false;
            }
            carry_out();
        }
    }

    void store(pair_id pair, const event& what) {
        record& of = *by_pair.at(pair);
        REQUIRE(what.seq == of.events.size() + 1);
        of.events.push_back(what);
        if (what.kind == protocol::event_kind::recall) {
            event& text = of.events.at(what.ref - 1);
            text.text.clear();
            text.gone = text.gone.value_or(what.gone.value_or(protocol::gone_reason::recall));
        }
        hall.stored(pair, what.seq, now, out);
    }

    // In a sleeping pair the store gives the seq.
    void store(const removal& removed) {
        record& of = *by_pair.at(removed.pair);
        REQUIRE_FALSE(of.talking);
        event what;
        what.seq = ++of.given;
        REQUIRE(what.seq == of.events.size() + 1);
        what.kind = protocol::event_kind::recall;
        what.ref = removed.seq;
        what.gone = protocol::gone_reason::removed;
        of.events.push_back(what);
        event& text = of.events.at(removed.seq - 1);
        text.text.clear();
        text.gone = text.gone.value_or(protocol::gone_reason::removed);
        of.gone.insert(removed.seq);
        ++removals;
    }

    void store(const block& changed) {
        auto& of = blocked[changed.user];
        if (changed.on) {
            of.insert(changed.whom);
        } else {
            of.erase(changed.whom);
        }
        hall.set_block(changed.user, person_of(static_cast<int>(changed.whom)), changed.on);
        --held[changed.user];
        hall.release(changed.user);
        ++blocks;
    }

    // A recall names a text of who recalls, once in a chat.
    void note(record& of, const event& what) {
        if (what.kind == protocol::event_kind::text) {
            of.texts[what.seq] = what.from;
            return;
        }
        REQUIRE(what.kind == protocol::event_kind::recall);
        REQUIRE(of.texts.contains(what.ref));
        if (what.from == side::system) {
            REQUIRE(what.ref <= of.events.size());  // on disk
            REQUIRE(what.gone == protocol::gone_reason::removed);
            of.gone.insert(what.ref);
            of.taken_back.insert(what.ref);
            ++removals;
            return;
        }
        REQUIRE(of.texts.at(what.ref) == what.from);
        REQUIRE(of.taken_back.insert(what.ref).second);
        of.gone.insert(what.ref);
        ++recalls;
    }

    // The text has its place now, and whoever said it is to hear so.
    void note_accepted(const record& of, const event& what) {
        if (what.kind != protocol::event_kind::text) {
            return;
        }
        const int user = static_cast<int>(of.users[index(what.from)]);
        const auto said = said_by.extract({user, of.id, what.cid});
        REQUIRE(said);
        for (const session_id session : said.mapped()) {
            ++clients.at(session).said[{of.id, what.cid}];
        }
    }

    // Nobody held is matched, and nobody with whom they have blocked.
    void check_free(const open_chat& matched) {
        for (std::size_t n = 0; n < 2; ++n) {
            REQUIRE(held[matched.users[n]] == 0);
            REQUIRE_FALSE(blocked[matched.users[n]].contains(matched.users[1 - n]));
        }
    }

    void open(const open_chat& asked) {
        if (random.one_in(15)) {
            hall.chat_not_opened(asked.match);
            return;
        }
        record& of = records[asked.users];
        if (of.id == pair_id{}) {
            of.id = static_cast<pair_id>(records.size());
            of.users = asked.users;
            by_pair[of.id] = &of;
        }
        REQUIRE_FALSE(of.talking);
        of.talking = true;
        of.given = of.events.size() + 1;
        event start;
        start.seq = of.given;
        start.kind = protocol::event_kind::start;
        of.events.push_back(start);
        opened_chat opened;
        opened.pair = of.id;
        opened.chat = chat_id{++last_chat};
        opened.name = name_of(of.id);
        opened.last_seq = of.given;
        opened.met = of.met;
        of.taken_back.clear();  // the marks of an earlier chat don't say what was taken back there
        by_chat[opened.chat] = &of;
        for (std::size_t n = 0; n < 2; ++n) {
            opened.seats[n].user = asked.users[n];
            opened.seats[n].accepted = of.marks[n];
            opened.seats[n].seen = of.seen_kept[n];
        }
        const bool voided_before = std::ranges::any_of(
            out, [](const effect& one) { return std::holds_alternative<void_chat>(one); });
        hall.chat_opened(asked.match, std::move(opened), {}, now, out);
        const bool voided = std::ranges::any_of(
            out, [](const effect& one) { return std::holds_alternative<void_chat>(one); });
        if (!voided || voided_before) {
            for (const user_id user : asked.users) {
                REQUIRE(busy.insert(user).second);  // nobody is in two chats
            }
            check_free(asked);
        }
    }

    // ---- what people hear ----

    void hear(session_id session, const tell& said) {
        client& who = clients.at(session);
        if (const auto* told = std::get_if<server::event>(&said.what)) {
            view& seen = who.views[pair_of(told->pair)];
            REQUIRE(told->seq > seen.shown);  // in order
            // A repeat may be acked before the replay reaches its text.
            REQUIRE((seen.known.insert(told->seq).second || seen.repeated.contains(told->seq)));
            seen.shown = told->seq;
            if (told->kind == protocol::event_kind::recall && told->from == protocol::sender::me) {
                REQUIRE(by_pair.at(pair_of(told->pair))->events.size() >= told->seq);  // on disk
                const bool asked_here = seen.recalls.erase(told->seq) == 1;
                REQUIRE(asked_here == (said.rid == static_cast<std::int64_t>(*told->ref)));
            }
            if (told->kind == protocol::event_kind::end) {
                REQUIRE((seen.recalls.empty() || *seen.recalls.begin() > told->seq));
            }
        } else if (const auto* stored = std::get_if<server::ack>(&said.what)) {
            const pair_id pair = pair_of(stored->pair);
            view& seen = who.views[pair];
            const bool first = seen.known.insert(stored->seq).second;
            REQUIRE((first || stored->dup == true));
            if (stored->dup) {
                seen.repeated.insert(stored->seq);
            }
            REQUIRE(by_pair.at(pair)->events.size() >= stored->seq);  // on disk
            ++who.acked[{pair, stored->cid}];
        } else if (const auto* refused = std::get_if<server::nack>(&said.what)) {
            const pair_id pair = pair_of(*refused->pair);
            REQUIRE_FALSE(who.said.contains({pair, refused->cid}));  // once accepted it is kept
            std::erase(said_by[{who.user, pair, refused->cid}], session);
        } else if (const auto* paired = std::get_if<server::matched>(&said.what)) {
            const pair_id pair = pair_of(paired->pair);
            view& seen = who.views[pair];
            seen = {.from = paired->last_seq,
                    .shown = paired->last_seq,
                    .partner_seen = paired->partner_seen};
            who.paired = pair;
        } else if (const auto* looked = std::get_if<server::seen>(&said.what)) {
            view& seen = who.views[pair_of(looked->pair)];
            REQUIRE(looked->seq > seen.partner_seen);
            REQUIRE(looked->seq <= by_pair.at(pair_of(looked->pair))->given);
            seen.partner_seen = looked->seq;
        } else if (const auto* types = std::get_if<server::typing>(&said.what)) {
            REQUIRE(who.paired == pair_of(types->pair));
        }
    }

    // What is told other than by the replay never holds a text that was taken back.
    void check_gone(const tell& said) const {
        const auto* told = std::get_if<server::event>(&said.what);
        if (told != nullptr && told->kind == protocol::event_kind::text) {
            REQUIRE(told->text.has_value() != told->gone.has_value());
            if (by_pair.at(pair_of(told->pair))->gone.contains(told->seq)) {
                REQUIRE(told->gone);
            }
        }
    }

    void check_acks(const client& who) const {
        for (const auto& [text, times] : who.said) {
            const auto acked = who.acked.find(text);
            INFO("user " << who.user << ", pair " << static_cast<int>(text.first) << ", cid "
                         << text.second << ", said " << times << " times");
            REQUIRE(acked != who.acked.end());
            REQUIRE(acked->second <= times);
        }
    }

    void check_views(const client& who) const {
        for (const auto& [pair, seen] : who.views) {
            INFO("user " << who.user << ", pair " << static_cast<int>(pair));
            std::uint64_t expected = seen.from;
            for (const std::uint64_t seq : seen.known) {
                if (seq > seen.from) {
                    REQUIRE(seq == ++expected);  // no event is missing between
                }
            }
            REQUIRE(seen.recalls.empty());  // each was answered
            const chat* in = hall.talking(user_id{who.user});
            if (in != nullptr && in->pair() == pair) {
                const record& of = *by_pair.at(pair);
                REQUIRE(seen.partner_seen == of.seen[index(other(side_in(of, who.user)))]);
            }
        }
    }

    static std::string name_of(pair_id pair) { return std::to_string(static_cast<int>(pair)); }
    static pair_id pair_of(const std::string& name) { return pair_id{std::stoi(name)}; }
    static side side_in(const record& of, int user) {
        return of.users[0] == user_id{user} ? side::one : side::two;
    }

    // Everybody reads what they are owed, then goes; nothing may be left.
    void wind_up() {
        while (!looks.empty()) {
            judge_one(0);
            carry_out();
        }
        REQUIRE(hall.held_count() == 0);
        for (int round = 0; round < 200; ++round) {
            commit(1000);
            for (const auto& [user, session] : std::map{online}) {
                read(session, clients.at(session));
            }
        }
        for (const auto& [user, session] : online) {
            check_acks(clients.at(session));
            check_views(clients.at(session));
        }
        for (const auto& [user, session] : std::exchange(online, {})) {
            hall.vanish(session, now, out);
        }
        for (int round = 0; round < 100; ++round) {
            carry_out();
            commit(1000);
            now.steady += 200ms;
            hall.tick(now, out);
        }
        REQUIRE(jobs.empty());
        REQUIRE(busy.empty());
        for (const auto& [ids, of] : records) {
            REQUIRE_FALSE(of.talking);
            REQUIRE(of.events.size() == of.given);
            REQUIRE(of.seen_kept == of.seen);
        }
        REQUIRE(hall.people_count() == 0);
        REQUIRE(hall.chat_count() == 0);
    }

    seeded_random random;
    moody_moderator judge;
    class lobby hall;
    effects out;
    moment now{moment{}.steady + 1000s, 1'000'000};
    std::map<int, session_id> online;
    std::map<session_id, client> clients;
    std::map<std::array<user_id, 2>, record> records;
    std::map<pair_id, record*> by_pair;
    std::map<chat_id, record*> by_chat;
    std::set<user_id> busy;
    std::map<user_id, int> held;
    std::map<user_id, std::set<user_id>> blocked;  // as stored
    std::deque<std::variant<effect, block, removal>> jobs;
    std::vector<review_id> looks;  // under way
    // Texts that are not accepted yet, by user, pair and cid: over which sessions they were said.
    std::map<std::tuple<int, pair_id, std::uint64_t>, std::vector<session_id>> said_by;
    std::uint64_t last_session = 0;
    std::int64_t last_chat = 0;
    int ends = 0;
    int recalls = 0;
    int blocks = 0;
    int held_texts = 0;
    int removals = 0;
};

}  // namespace

TEST_CASE("whatever people do, nobody is lost, doubled or told anything twice") {
    int ends = 0;
    int recalls = 0;
    int blocks = 0;
    int held = 0;
    int removals = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        INFO("seed " << seed);
        simulation world{seed};
        for (int n = 0; n < 3000; ++n) {
            INFO("step " << n);
            world.step();
        }
        world.wind_up();
        ends += world.ends;
        recalls += world.recalls;
        blocks += world.blocks;
        held += world.held_texts;
        removals += world.removals;
    }
    CHECK(ends > 5000);
    CHECK(recalls > 5000);
    CHECK(blocks > 1000);
    CHECK(held > 5000);
    CHECK(removals > 1000);
}
