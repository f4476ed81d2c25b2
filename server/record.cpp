#include "server/record.hpp"

#include <algorithm>
#include <utility>

namespace onechat {
namespace {

storage::end_reason reason_of(const std::optional<protocol::end_reason>& reason) {
    if (!reason) {
        return storage::end_reason::none;
    }
    return *reason == protocol::end_reason::left ? storage::end_reason::left
                                                 : storage::end_reason::timeout;
}

storage::gone_reason gone_of(const std::optional<protocol::gone_reason>& gone) {
    if (!gone) {
        return storage::gone_reason::none;
    }
    switch (*gone) {
        case protocol::gone_reason::recall:
            return storage::gone_reason::recall;
        case protocol::gone_reason::erase:
            return storage::gone_reason::erase;
        case protocol::gone_reason::removed:
            break;
    }
    return storage::gone_reason::removed;
}

std::optional<protocol::end_reason> told(storage::end_reason reason) {
    switch (reason) {
        case storage::end_reason::left:
            return protocol::end_reason::left;
        case storage::end_reason::timeout:
            return protocol::end_reason::timeout;
        case storage::end_reason::none:
            break;
    }
    return std::nullopt;
}

std::optional<protocol::gone_reason> told(storage::gone_reason gone) {
    switch (gone) {
        case storage::gone_reason::recall:
            return protocol::gone_reason::recall;
        case storage::gone_reason::erase:
            return protocol::gone_reason::erase;
        case storage::gone_reason::removed:
            return protocol::gone_reason::removed;
        case storage::gone_reason::none:
            break;
    }
    return std::nullopt;
}

// The two enumerations name the same four kinds.
protocol::event_kind told(storage::event_kind kind) {
    switch (kind) {
        case storage::event_kind::text:
            return protocol::event_kind::text;
        case storage::event_kind::recall:
            return protocol::event_kind::recall;
        case storage::event_kind::start:
            return protocol::event_kind::start;
        case storage::event_kind::end:
            break;
    }
    return protocol::event_kind::end;
}

storage::event_kind kind_of(protocol::event_kind kind) {
    switch (kind) {
        case protocol::event_kind::text:
            return storage::event_kind::text;
        case protocol::event_kind::recall:
            return storage::event_kind::recall;
        case protocol::event_kind::start:
            return storage::event_kind::start;
        case protocol::event_kind::end:
            break;
    }
    return storage::event_kind::end;
}

}  // namespace

lobby::event event_of(storage::message_row row) {
    lobby::event what;
    what.seq = row.seq;
    what.at = row.at;
    what.from = same<lobby::side>(row.from);
    what.kind = told(row.kind);
    what.text = std::move(row.body);
    what.cid = row.cid;
    what.ref = row.ref;
    what.reason = told(row.reason);
    what.gone = told(row.gone);
    return what;
}

std::vector<lobby::event> events_of(std::vector<storage::message_row> rows) {
    std::vector<lobby::event> events;
    events.reserve(rows.size());
    for (auto& row : rows) {
        events.push_back(event_of(std::move(row)));
    }
    return events;
}

storage::message_row row_of(lobby::pair_id pair, std::int64_t epoch, lobby::event what) {
    storage::message_row row;
    row.pair = same<storage::pair_id>(pair);
    row.seq = what.seq;
    row.epoch = epoch;
    row.from = same<storage::side>(what.from);
    row.kind = kind_of(what.kind);
    row.cid = what.cid;
    row.ref = what.ref;
    row.reason = reason_of(what.reason);
    row.gone = gone_of(what.gone);
    row.at = what.at;
    row.body = std::move(what.text);
    row.said = what.said;
    return row;
}

lobby::opened_chat chat_of(storage::live_pair live) {
    lobby::opened_chat opened;
    opened.pair = same<lobby::pair_id>(live.pair.id);
    opened.chat = same<lobby::chat_id>(live.chat);
    opened.name = std::move(live.pair.name);
    opened.last_seq = live.pair.last_seq;
    opened.last_at = live.pair.last_at;
    opened.met = live.pair.met;
    opened.topic = std::move(live.topic);
    for (std::size_t n = 0; n < opened.seats.size(); ++n) {
        auto& from = live.pair.seats[n];
        auto& seat = opened.seats[n];
        seat.user = same<lobby::user_id>(from.user);
        seat.look = {std::move(from.alias), std::move(from.avatar)};
        seat.seen = from.seen;
        for (const auto& mark : from.marks) {
            seat.accepted.push_back({mark.cid, mark.seq, mark.at, mark.digest});
        }
    }
    for (const auto& row : live.unmarked) {
        opened.seats[static_cast<std::size_t>(row.from)].accepted.push_back(
            {row.cid, row.seq, row.at, row.said != 0 ? row.said : lobby::digest_of(row.body)});
    }
    return opened;
}

storage::end_chat ending_of(lobby::end_chat ending, std::int64_t epoch) {
    storage::end_chat change;
    change.chat = same<storage::chat_id>(ending.chat);
    change.end = row_of(ending.pair, epoch, std::move(ending.end));
    for (std::size_t n = 0; n < change.marks.size(); ++n) {
        for (const auto& mark : ending.marks[n]) {
            change.marks[n].push_back({mark.cid, mark.seq, mark.digest, mark.at});
        }
    }
    return change;
}

protocol::server::export_record exported(const storage::user_row& account) {
    protocol::server::export_record record;
    record.kind = protocol::record_kind::account;
    record.at = account.created;
    record.provider = static_cast<protocol::provider>(account.from);
    return record;
}

protocol::server::export_record exported(const storage::ban_row& ban) {
    protocol::server::export_record record;
    record.kind = protocol::record_kind::ban;
    record.at = ban.since;
    record.until = ban.until;
    return record;
}

protocol::server::export_record exported(const storage::own_text& said) {
    protocol::server::export_record record;
    record.kind = protocol::record_kind::text;
    record.at = said.at;
    record.pair = said.name;
    record.text = said.body;
    return record;
}

}  // namespace onechat
