#include "server/admin/errand.hpp"
#include "server/admin/route.hpp"
#include "server/admin/tell.hpp"
#include "server/record.hpp"

#include <utility>

namespace onechat::admin {

namespace {

void tell_removed(const call& asked, const storage::remove_texts& done) {
    if (!done.known) {
        asked.not_found("There is no such pair.");
    } else if (done.live) {
        asked.refuse(409, "pair_is_live", "The two are in a chat: remove single texts, or wait.");
    } else {
        asked.answer(removed{.texts = done.removed, .more = done.more});
    }
}

}  // namespace

void list_pairs(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    const auto limit = id ? asked->limit() : std::nullopt;
    const auto before = limit ? asked->before(INT64_MAX) : std::nullopt;
    if (!before) {
        return;
    }
    storage::list_pairs_of what{.user = storage::user_id{*id},
                                .before = storage::pair_id{*before},
                                .limit = *limit,
                                .pairs = {}};
    read_record(at, asked, "read pairs", "user " + std::to_string(*id), std::move(what),
                [asked](const storage::list_pairs_of& found) {
                    if (!found.known) {
                        asked->not_found("There is no such user.");
                        return;
                    }
                    pair_page page;
                    for (const storage::pair_row& row : found.pairs) {
                        page.pairs.push_back(told(row));
                    }
                    if (found.more) {
                        page.next = page.pairs.back().id;
                    }
                    asked->answer(page);
                });
}

void show_events(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    const auto limit = id ? asked->limit() : std::nullopt;
    const auto before = limit ? asked->before(INT64_MAX) : std::nullopt;
    if (!before) {
        return;
    }
    storage::find_record what;
    what.pair = storage::pair_id{*id};
    what.before = static_cast<std::uint64_t>(*before);
    what.limit = *limit;
    read_record(at, asked, "read events", "pair " + std::to_string(*id), std::move(what),
                [asked](const storage::find_record& found) {
                    if (!found.row) {
                        asked->not_found("There is no such pair.");
                        return;
                    }
                    record out{.pair = told(*found.row), .live = found.live};
                    for (const storage::message_row& row : found.events) {
                        out.events.push_back(told(row, *found.row));
                    }
                    if (found.more) {
                        out.next = std::to_string(found.events.front().seq);
                    }
                    asked->answer(out);
                });
}

// Who said it decides which chats are waited for; what is no text never gets to the lobby.
void remove_event(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    const auto seq = id ? asked->id(1) : std::nullopt;
    if (!seq) {
        return;
    }
    storage::find_record what;
    what.pair = storage::pair_id{*id};
    what.before = static_cast<std::uint64_t>(*seq) + 1;
    what.limit = 1;
    consult(at, asked, std::move(what), [at, asked, seq](const storage::find_record& found) {
        constexpr auto nothing = "There is no such text, or it is gone already.";
        const auto wanted = static_cast<std::uint64_t>(*seq);
        const bool there = found.row && !found.events.empty() && found.events[0].seq == wanted &&
                           found.events[0].kind == storage::event_kind::text &&
                           found.events[0].gone == storage::gone_reason::none;
        if (!there) {
            asked->not_found(nothing);
            return;
        }
        const auto author = static_cast<std::size_t>(found.events[0].from);
        const std::string target = "pair " + id_text(found.pair) + " event " + std::to_string(*seq);
        at.board.remove(
            {.pair = same<lobby::pair_id>(found.pair),
             .seq = wanted,
             .author = same<lobby::user_id>(found.row->seats[author].user),
             .audit = audit_of(at, *asked, "remove event", target)},
            [asked](std::optional<bool> done) {
                if (!done) {
                    asked->unavailable();
                } else if (!*done) {
                    asked->not_found(nothing);
                } else {
                    asked->answer(removed{.texts = 1, .more = false});
                }
            },
            at.now());
    });
}

void remove_events(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    if (!id) {
        return;
    }
    storage::remove_texts what;
    what.pair = storage::pair_id{*id};
    what.audit = audit_of(at, *asked, "remove events", "pair " + std::to_string(*id));
    commission(at, asked, std::move(what),
               [asked](const storage::remove_texts& done) { tell_removed(*asked, done); });
}

}  // namespace onechat::admin
