#include "server/admin/tell.hpp"

#include "server/net/remote_address.hpp"

#include <algorithm>
#include <array>

namespace onechat::admin {

namespace {

constexpr std::size_t shown_of_account = 4;

standing standing_of(const storage::user_row& row, std::int64_t now) {
    if (row.account.empty()) {
        return standing::erased;
    }
    if (row.banned_until > now) {
        return standing::banned;
    }
    return row.muted ? standing::muted : standing::active;
}

// A short one would be given away by its end.
std::string masked(const std::string& account) {
    const std::size_t shown = account.size() >= 4 * shown_of_account ? shown_of_account : 0;
    return "…" + account.substr(account.size() - shown);
}

protocol::event_kind kind_of(storage::event_kind kind) {
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

std::optional<protocol::gone_reason> reason_of(storage::gone_reason gone) {
    switch (gone) {
        case storage::gone_reason::none:
            return std::nullopt;
        case storage::gone_reason::recall:
            return protocol::gone_reason::recall;
        case storage::gone_reason::erase:
            return protocol::gone_reason::erase;
        case storage::gone_reason::removed:
            break;
    }
    return protocol::gone_reason::removed;
}

}  // namespace

user told(const storage::user_row& row, role may, std::int64_t now) {
    user out{.id = id_text(row.id),
             .provider = static_cast<protocol::provider>(row.from),
             .state = standing_of(row, now),
             .created = row.created,
             .seen = row.seen,
             .muted = row.muted};
    if (!row.account.empty() && row.from != storage::provider::guest && may > role::viewer) {
        out.account = masked(row.account);
    }
    if (row.banned_until > now) {
        out.banned_until = row.banned_until;
    }
    return out;
}

ban told(const storage::ban_row& row, role may) {
    ban out{.since = row.since, .until = row.until, .level = row.level, .lifted = row.lifted};
    if (may > role::viewer) {
        out.reason = row.reason;
        out.by = row.by;
    }
    return out;
}

pair told(const storage::pair_row& row) {
    pair out{.id = id_text(row.id),
             .first_seq = row.first_seq,
             .last_seq = row.last_seq,
             .last_at = row.last_at,
             .met = row.met};
    for (const storage::seat_row& one : row.seats) {
        out.seats.push_back({.user = id_text(one.user),
                             .alias = one.alias,
                             .avatar = one.avatar,
                             .cleared = one.cleared});
    }
    return out;
}

event told(const storage::message_row& row, const storage::pair_row& in) {
    event out{.seq = row.seq, .at = row.at, .kind = kind_of(row.kind), .gone = reason_of(row.gone)};
    if (row.from != storage::side::system) {
        out.user = id_text(in.seats[static_cast<std::size_t>(row.from)].user);
    }
    if (row.kind == storage::event_kind::text && (!row.body.empty() || !out.gone)) {
        out.text = row.body;
    }
    if (row.ref != 0) {
        out.ref = row.ref;
    }
    return out;
}

report told(const storage::report_entry& row, role may) {
    const auto last = static_cast<std::uint8_t>(protocol::report_reason::other);
    report out{.id = id_text(row.id),
               .state = row.resolved == 0 ? report_state::open : report_state::resolved,
               .reason = static_cast<protocol::report_reason>(std::min(row.reason, last)),
               .at = row.at,
               .kept_until = row.kept_until,
               .mutes = row.mutes,
               .flagged = row.flagged};
    if (may > role::viewer) {
        out.reporter = id_text(row.reporter);
        out.target = id_text(row.target);
        out.pair = id_text(row.pair);
    }
    if (row.resolved != 0) {
        out.resolved = row.resolved;
    }
    return out;
}

flag told(const storage::flag_entry& row) {
    flag out{.id = id_text(row.id),
             .pair = id_text(row.pair),
             .seq = row.seq,
             .source = row.source == storage::flag_source::filter ? flag_origin::filter
                                                                  : flag_origin::platform,
             .at = row.at,
             .kept_until = row.kept_until};
    if (row.label != 0) {
        out.label = row.label;
    }
    return out;
}

erasure told(const storage::erasure_entry& row) {
    erasure out{.receipt = row.receipt,
                .user = id_text(row.user),
                .at = row.at,
                .sealed_until = row.sealed_until};
    if (row.done_at != 0) {
        out.done_at = row.done_at;
    }
    return out;
}

audit_entry told(const storage::audit_row& row) {
    return {.id = id_text(row.id),
            .at = row.at,
            .who = row.who,
            .act = row.act,
            .target = row.target,
            .why = row.why};
}

access_entry told(const storage::access_row& row) {
    constexpr std::array actions{"login", "logout", "close", "erase"};
    return {.id = id_text(row.id),
            .at = row.at,
            .action = actions.at(static_cast<std::size_t>(row.action) - 1),
            .address = net::remote_address{row.address, row.port}.to_string(),
            .port = row.port};
}

token told(const storage::admin_token_row& row) {
    token out{.called = row.name, .role = static_cast<role>(row.role), .created = row.created};
    if (row.used != 0) {
        out.used = row.used;
    }
    return out;
}

}  // namespace onechat::admin
