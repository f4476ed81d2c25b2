// The requests that only read: pages of a record, the list of pairs, the export of one's own data.
#include "server/keys.hpp"
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <charconv>
#include <utility>

namespace onechat {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::refusal;

namespace {

// A page of an export waits until the one before has left: net says `drained` after more than this
// has queued.
constexpr std::size_t queued_bytes_max = std::size_t{16} * 1024;

// About how long a page takes to leave.
constexpr std::chrono::milliseconds export_retry{1000};

// Where a page of pairs ends, as clients carry it about. Pairs have random names, so it tells
// nothing but what its owner knows.
std::string cursor_of(const storage::list_pairs::place& last) {
    return std::to_string(last.listed_at) + "." + last.name;
}

std::optional<storage::list_pairs::place> place_of(std::string_view cursor) {
    storage::list_pairs::place place;
    const char* end = cursor.data() + cursor.size();
    const auto [rest, trouble] = std::from_chars(cursor.data(), end, place.listed_at);
    if (trouble != std::errc{} || rest == end || *rest != '.') {
        return std::nullopt;
    }
    place.name.assign(rest + 1, end);
    // Whatever else it may be, it isn't one that we have given out.
    if (place.listed_at < 0 || !is_random_name(place.name) || cursor_of(place) != cursor) {
        return std::nullopt;
    }
    return place;
}

server::pair_entry entry_of(const storage::listed_pair& listed) {
    const auto& theirs = listed.pair.seats[listed.who == storage::side::one ? 1 : 0];
    server::pair_entry entry;
    entry.pair = listed.pair.name;
    entry.partner.alias = theirs.alias;
    entry.partner.avatar = theirs.avatar;
    entry.met = listed.pair.met;
    entry.last.seq = listed.last.seq;
    entry.last.at = listed.last.at;
    if (!listed.last.body.empty()) {
        entry.last.text = listed.last.body;
    }
    entry.unseen = listed.unseen;
    entry.blocked = listed.blocked;
    return entry;
}

bool fits(const protocol::server_message& what) {
    std::string frame;
    protocol::write(frame, what);
    constexpr std::size_t rid_bytes = 32;
    return frame.size() + rid_bytes <= protocol::limits::server_frame_bytes_max;
}

}  // namespace

// ---- questions ----

void switchboard::list_pairs(session& who, const client::pairs& said,
                             const lobby::request_number& rid) {
    storage::list_pairs question;
    question.user = same<storage::user_id>(who.user);
    question.limit = said.limit.value_or(protocol::limits::page_default);
    if (said.before) {
        question.before = place_of(*said.before);
        if (!question.before) {
            protocol::reject why{.code = refusal::bad_field, .text = "No cursor of a page."};
            why.field = "before";
            why.rid = rid;
            refuse_unreadable(who, why, now_);
            return;
        }
    }
    ask_for(who, rid, {}, std::move(question));
}

// ---- answers ----

void switchboard::answer_request(const request& asked, storage::read_job&& job) {
    session* to = end_request(asked);
    if (to == nullptr || to->at != stage::welcomed) {
        return;
    }
    const bool exports = is_export(*to, job);
    if (!job.ok) {
        if (exports) {
            to->exports.reset();
        }
        refuse(*to, refusal::store_unavailable, "The record can't be read.", asked.rid);
    } else if (auto* page = std::get_if<storage::find_history>(&job.what)) {
        tell(*to, asked, std::move(*page));
    } else if (auto* list = std::get_if<storage::list_pairs>(&job.what)) {
        tell(*to, asked, std::move(*list));
    } else if (auto* texts = std::get_if<storage::find_own_texts>(&job.what); texts && exports) {
        export_page(*to, std::move(*texts));
    } else if (auto* user = std::get_if<storage::find_user>(&job.what); user && exports) {
        export_account(*to, *user);
    } else if (const auto* bans = std::get_if<storage::find_bans>(&job.what); bans && exports) {
        export_bans(*to, *bans);
    }
}

// Whether this is the page that the session's export waits for: an older one may have been given
// up.
bool switchboard::is_export(const session& who, const storage::read_job& job) {
    return who.exports && who.exports->awaited == job.ticket;
}

void switchboard::tell(session& to, const request& asked, storage::find_history&& found) {
    if (!found.found) {
        refuse(to, refusal::unknown_pair, "No such pair of yours.", asked.rid);
        return;
    }
    server::history told;
    told.pair = asked.pair;
    told.more = found.more;
    const auto viewer = same<lobby::side>(found.who);
    for (storage::message_row& row : found.events) {
        told.events.push_back(lobby::shown_to(viewer, event_of(std::move(row)), asked.pair));
    }
    send(to, std::move(told), asked.rid);
}

void switchboard::tell(session& to, const request& asked, storage::list_pairs&& found) {
    server::pairs told;
    for (;;) {
        told.pairs.clear();
        for (const auto& listed : found.pairs) {
            told.pairs.push_back(entry_of(listed));
        }
        told.more = found.more;
        if (found.more) {
            const storage::listed_pair& last = found.pairs.back();
            told.cursor = cursor_of({last.listed_at, last.pair.name});
        }
        if (fits(told)) {
            break;
        }
        found.pairs.resize((found.pairs.size() + 1) / 2);
        found.more = true;
    }
    send(to, std::move(told), asked.rid);
}

// ---- export ----

// First the account, then its bans, then the texts page by page.
void switchboard::begin_export(session& who, const lobby::request_number& rid) {
    if (who.exports) {
        ++counts_.limits.store_requests;
        refuse(who, refusal::rate_limited, "An export is under way.", rid, {}, export_retry);
        return;
    }
    storage::find_user question;
    question.name = who.claims.name;
    if (const auto ticket = ask_for(who, rid, {}, std::move(question)); ticket != 0) {
        who.exports = std::make_unique<exporting>();
        who.exports->rid = rid;
        who.exports->next.user = same<storage::user_id>(who.user);
        who.exports->awaited = ticket;
    }
}

void switchboard::export_account(session& who, const storage::find_user& found) {
    server::exported told;
    if (found.user) {
        told.records.push_back(exported(*found.user));
    }
    told.more = found.user.has_value();  // a guest without a row has said nothing
    send(who, told, who.exports->rid);
    who.exports->awaited = 0;
    if (!told.more) {
        who.exports.reset();
    }
    export_more(who);
}

void switchboard::export_more(session& who) {
    if (!who.exports || who.exports->awaited != 0 || who.line->outbox_bytes() > queued_bytes_max) {
        return;  // `drained` goes on
    }
    storage::read_job job;
    job.ticket = last_ticket_ + 1;
    if (who.exports->bans_told) {
        job.what = who.exports->next;
    } else {
        job.what = storage::find_bans{.user = who.exports->next.user, .bans = {}};
    }
    if (store_.read(std::move(job))) {
        who.exports->awaited = note_request(who, who.exports->rid, {});
    } else {
        held_up_.insert(who.id);
    }
}

void switchboard::export_bans(session& who, const storage::find_bans& found) {
    who.exports->bans_told = true;
    who.exports->awaited = 0;
    if (!found.bans.empty()) {
        server::exported told;
        told.more = true;
        for (const auto& ban : found.bans) {
            told.records.push_back(exported(ban));
        }
        send(who, told, who.exports->rid);
    }
    export_more(who);
}

void switchboard::export_page(session& who, storage::find_own_texts page) {
    server::exported told;
    told.more = page.more;
    for (const auto& said : page.texts) {
        told.records.push_back(exported(said));
    }
    auto& next = who.exports->next;
    next.pair = page.next_pair;
    next.seq = page.next_seq;
    while (!fits(told)) {
        told.records.resize((told.records.size() + 1) / 2);
        told.more = true;
        next.pair = page.texts[told.records.size() - 1].pair;
        next.seq = page.texts[told.records.size() - 1].seq;
    }
    send(who, told, who.exports->rid);
    who.exports->awaited = 0;
    if (!told.more) {
        who.exports.reset();
    }
    export_more(who);
}

}  // namespace onechat
