#include "server/admin/errand.hpp"
#include "server/admin/route.hpp"
#include "server/admin/tell.hpp"

#include <algorithm>
#include <utility>

namespace onechat::admin {

void list_reports(const desk& at, const call_ptr& asked) {
    std::optional<report_state> state;
    const auto limit = asked->limit();
    const auto before = limit ? asked->before(INT64_MAX) : std::nullopt;
    if (!before || !asked->word("state", state)) {
        return;
    }
    storage::list_reports what;
    what.before = *before;
    what.limit = *limit;
    if (state) {
        what.open = *state == report_state::open;
    }
    consult(at, asked, std::move(what), [asked](const storage::list_reports& found) {
        report_page page;
        for (const storage::report_entry& row : found.reports) {
            page.reports.push_back(told(row, asked->may));
        }
        if (found.more) {
            page.next = page.reports.back().id;
        }
        asked->answer(page);
    });
}

// Who said what is told by the pair of each event: one report may be of several, since it is about
// a person, who may have come back as another user.
void show_report(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    if (!id) {
        return;
    }
    storage::find_report what;
    what.id = *id;
    const auto show = [asked](const storage::find_report& found) {
        if (!found.report) {
            asked->not_found("There is no such report.");
            return;
        }
        report out = told(*found.report, asked->may);
        out.note = found.report->note;
        out.nickname = found.report->nickname;
        out.evidence.emplace();
        for (const storage::message_row& row : found.evidence) {
            const auto in = std::ranges::find(found.pairs, row.pair, &storage::pair_row::id);
            if (in != found.pairs.end()) {
                out.evidence->push_back(told(row, *in));
                out.evidence->back().pair = id_text(row.pair);
            }
        }
        asked->answer(out);
    };
    read_record(at, asked, "read report", "report " + std::to_string(*id), std::move(what), show);
}

void resolve_report(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    const auto order = id ? asked->order<resolve_order>() : std::nullopt;
    if (!order) {
        return;
    }
    storage::resolve_report what{
        .id = *id, .person = order->person.value_or(false), .at = at.now().unix_ms};
    what.audit = audit_of(at, *asked, what.person ? "resolve reports of person" : "resolve report",
                          "report " + std::to_string(*id));
    commission(at, asked, std::move(what), [asked](const storage::resolve_report& closed) {
        if (!closed.known) {
            asked->not_found("There is no such report.");
        } else {
            asked->answer(resolved{.reports = closed.resolved});
        }
    });
}

// What moderation flagged is read with the pair's events, for a reason; the list has no words.
void list_flags(const desk& at, const call_ptr& asked) {
    const auto limit = asked->limit();
    const auto before = limit ? asked->before(INT64_MAX) : std::nullopt;
    if (!before) {
        return;
    }
    storage::list_flags what{.before = *before, .limit = *limit, .flags = {}};
    consult(at, asked, std::move(what), [asked](const storage::list_flags& found) {
        flag_page page;
        for (const storage::flag_entry& row : found.flags) {
            page.flags.push_back(told(row));
        }
        if (found.more) {
            page.next = page.flags.back().id;
        }
        asked->answer(page);
    });
}

}  // namespace onechat::admin
