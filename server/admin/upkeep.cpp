#include "server/admin/errand.hpp"
#include "server/admin/route.hpp"
#include "server/admin/tell.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace onechat::admin {

namespace {

// Each with all below it, as /metrics has them.
std::vector<ack_class> classes_of(const histogram& times) {
    std::vector<ack_class> classes;
    std::uint64_t up_to = 0;
    for (const std::uint64_t counted : times.counted()) {
        ack_class& one = classes.emplace_back();
        up_to += counted;
        one.count = up_to;
        if (classes.size() <= histogram::bounds.size()) {
            const double bound = histogram::bounds[classes.size() - 1];
            one.to_us = static_cast<std::uint64_t>(std::llround(bound * 1e6));
        }
    }
    return classes;
}

}  // namespace

void show_stats(const desk& at, const call_ptr& asked) {
    storage::count_standings standings;
    standings.now = at.now().unix_ms;
    consult(at, asked, standings, [at, asked](const storage::count_standings& people) {
        consult(at, asked, storage::count_open_reports{},
                [at, asked, people](const storage::count_open_reports& reports) {
                    const counts& counted = at.board.counted();
                    const lobby::lobby& here = at.board.people();
                    asked->answer(stats{.version = ONECHAT_VERSION,
                                        .started = at.started,
                                        .sessions = at.board.session_count(),
                                        .people = here.people_count(),
                                        .waiting = here.waiting_count(),
                                        .chats = here.chat_count(),
                                        .matches = counted.matches,
                                        .texts = counted.texts,
                                        .reports = counted.reports,
                                        .erasures = counted.erasures,
                                        .open_reports = reports.open,
                                        .banned = people.banned,
                                        .muted = people.muted,
                                        .acks = classes_of(counted.ack_times)});
                });
    });
}

void list_audit(const desk& at, const call_ptr& asked) {
    const auto limit = asked->limit();
    const auto before = limit ? asked->before(INT64_MAX) : std::nullopt;
    if (!before) {
        return;
    }
    storage::list_audit what{.before = *before, .limit = *limit, .rows = {}};
    consult(at, asked, std::move(what), [asked](const storage::list_audit& found) {
        audit_page page;
        for (const storage::audit_row& row : found.rows) {
            page.entries.push_back(told(row));
        }
        if (found.more) {
            page.next = page.entries.back().id;
        }
        asked->answer(page);
    });
}

void show_erasure(const desk& at, const call_ptr& asked) {
    const std::string& receipt = asked->places.at(0);
    const bool plain = receipt.size() <= 64 && std::ranges::all_of(receipt, [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  (c >= '0' && c <= '9') || c == '-' || c == '_';
                       });
    if (!plain) {
        asked->refuse(400, "bad_id", "A receipt is letters, digits, `-` and `_`.");
        return;
    }
    storage::find_erasure what{.receipt = receipt, .erasure = {}};
    consult(at, asked, std::move(what), [asked](const storage::find_erasure& found) {
        if (!found.erasure) {
            asked->not_found("There is no such receipt.");
        } else {
            asked->answer(told(*found.erasure));
        }
    });
}

// Stored first, as everything is; a session that has gone meanwhile leaves a row that says so much.
void close_session(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    if (!id) {
        return;
    }
    const std::string target = "session " + std::to_string(*id);
    const auto session = static_cast<lobby::session_id>(*id);
    if (!at.board.has_session(session)) {
        asked->not_found("There is no such session.");
        return;
    }
    storage::add_audit note{audit_of(at, *asked, "close session", target)};
    commission(at, asked, std::move(note), [at, asked, target, session](const storage::add_audit&) {
        at.board.dismiss(session, protocol::close_code::restarting, at.now());
        asked->answer(done{.target = target});
    });
}

}  // namespace onechat::admin
