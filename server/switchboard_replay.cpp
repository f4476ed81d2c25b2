// What a resuming client missed: pages from the store, each when the one before has left, then the
// lobby's tail, and live from there (protocol.md, "Delivery").
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace onechat {

namespace server = protocol::server;

namespace {

// A page waits until the one before has left: net says `drained` after more than this has queued.
constexpr std::size_t unsent_bytes_max = std::size_t{16} * 1024;

// What one page may queue: far from the limit at which a connection counts as slow.
constexpr std::size_t page_bytes_max = std::size_t{64} * 1024;

// Behind the end of a chat a text may still be taken away.
bool is_untold(const storage::message_row& row) {
    return row.kind != storage::event_kind::end &&
           (row.kind != storage::event_kind::recall || row.from != storage::side::system);
}

}  // namespace

// Says in the welcome what holds of the client's record, and notes what is to be shown after it.
void switchboard::plan_replay(session& who, const greeting& from, const lobby::chat* current,
                              server::welcome& told) {
    bool held_current = false;
    if (from.held) {
        told.held.emplace();
        told.held->pair = from.held->pair;
    }
    if (from.kept && from.kept->pair) {
        const storage::pair_row& pair = *from.kept->pair;
        replay missed;
        missed.pair = same<lobby::pair_id>(pair.id);
        missed.name = pair.name;
        missed.seat = same<lobby::side>(from.kept->who);
        missed.shown = from.kept->keep;
        std::uint64_t last = pair.last_seq;
        held_current = current != nullptr && missed.pair == current->pair();
        if (held_current) {
            last = current->last_seq();
            if (from.held->epoch == epoch_) {
                // What this process gave out it still has, on disk or in the tail.
                missed.shown = std::min(from.held->seq, last);
            }
        }
        missed.over = !held_current;
        told.held->keep = missed.shown;
        if (last > missed.shown + protocol::limits::replay_max) {
            told.held->gap = true;
            missed.shown = last - protocol::limits::replay_max;
        }
        // What retention has cut is not to be had from `history` either, but the client must know.
        if (missed.shown + 1 < pair.first_seq && last > missed.shown) {
            told.held->gap = true;
            missed.shown = pair.first_seq - 1;
        }
        lobby_.set_reading(who.id, missed.over);
        who.shows.push_back(std::move(missed));
    }
    if (current == nullptr) {
        return;
    }
    const lobby::side seat = current->side_of(who.user);
    told.pair = current->described_to(seat);
    told.pair->resumed = true;
    if (held_current) {
        return;
    }
    told.pair->recent.emplace();
    for (const auto& row : from.recent->events) {
        told.pair->recent->push_back(lobby::shown_to(seat, event_of(row), current->name()));
    }
    replay rest;
    rest.pair = current->pair();
    rest.name = current->name();
    rest.seat = seat;
    rest.shown = from.recent->before - 1;
    who.shows.push_back(std::move(rest));
}

void switchboard::show_more(session& who, moment now) {
    while (!who.shows.empty() && !who.shows.front().reading) {
        replay& next = who.shows.front();
        std::uint64_t before = UINT64_MAX;
        if (!next.over) {
            const auto [made, durable_seq] =
                lobby_.catch_up(who.id, next.pair, next.shown, now, effects_);
            carry_out(effects_);
            if (made == lobby::chat::progress::wait) {
                held_up_.insert(who.id);
                return;
            }
            if (made != lobby::chat::progress::read_on) {
                who.shows.erase(who.shows.begin());
                continue;
            }
            before = durable_seq + 1;
        }
        if (who.line->outbox_bytes() > unsent_bytes_max) {
            return;  // `drained` goes on
        }
        storage::find_events page;
        page.pair = same<storage::pair_id>(next.pair);
        page.after = next.shown;
        page.before = before;
        page.limit = protocol::limits::page_max;
        page.newest = false;
        next.reading = ask(who, std::move(page));
        if (!next.reading) {
            held_up_.insert(who.id);
        }
        return;
    }
}

void switchboard::show_page(session& who, storage::find_events page, moment now) {
    if (who.shows.empty() || !who.shows.front().reading) {
        return;
    }
    replay& current = who.shows.front();
    current.reading = false;
    if (current.over && !page.more) {
        // What lies behind the last end is a chat that nobody has been told of, or never will be.
        while (!page.events.empty() && is_untold(page.events.back())) {
            page.events.pop_back();
        }
    }
    bool whole = true;
    for (storage::message_row& row : page.events) {
        // A page of control characters is six times as long on the wire.
        whole = who.line->outbox_bytes() <= page_bytes_max;
        if (!whole) {
            break;
        }
        current.shown = row.seq;
        show(who, current, std::move(row));
    }
    if (current.over && whole && !page.more) {
        who.shows.erase(who.shows.begin());
        lobby_.set_reading(who.id, false);
    } else if (page.events.empty()) {
        current.shown = page.before - 1;  // retention has taken what was missed
    }
    show_more(who, now);
}

void switchboard::show(session& who, const replay& in, storage::message_row row) {
    // A text that this very connection said while it caught up is answered, not shown.
    if (!in.over && same<lobby::side>(row.from) == in.seat) {
        const auto owed = lobby_.owed_acks(who.id, in.pair, row.seq);
        for (const lobby::tell& ack : owed) {
            send(who, ack.what, ack.rid);
        }
        if (!owed.empty()) {
            return;
        }
    }
    send(who, lobby::shown_to(in.seat, event_of(std::move(row)), in.name), {});
}

// After a commit: those who waited for one.
void switchboard::go_on(moment now) {
    const std::vector<session_id> waited{held_up_.begin(), held_up_.end()};
    held_up_.clear();
    for (const session_id id : waited) {
        session* who = find(id);
        if (who == nullptr || who->at == stage::closing) {
            continue;
        }
        if (who->greets && who->greets->user && who->awaited == 0) {
            prepare_welcome(*who, now);
        } else if (!who->greets) {
            show_more(*who, now);
            export_more(*who);
        }
    }
}

}  // namespace onechat
