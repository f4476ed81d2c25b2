#include "server/admin/errand.hpp"
#include "server/admin/route.hpp"
#include "server/admin/tell.hpp"
#include "server/record.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace onechat::admin {

namespace {

constexpr std::size_t query_bytes_max = 128;

user told_live(const desk& at, const call& asked, const storage::user_row& row) {
    user out = told(row, asked.may, at.now().unix_ms);
    for (const auto session : at.board.sessions_of(same<lobby::user_id>(row.id))) {
        out.sessions.push_back(id_text(session));
    }
    return out;
}

// Whom the words may mean: a number, an account of any provider, an alias. Viewers learn nobody's
// account, so they can't try one either.
storage::list_users::wanted meant(const desk& at, role may, const std::string& query) {
    storage::list_users::wanted only;
    if (const auto id = number_in(query)) {
        only.id = storage::user_id{*id};
    }
    for (const auto from : {storage::provider::wechat, storage::provider::qq}) {
        if (may == role::viewer) {
            break;
        }
        only.persons.push_back(at.secrets.person(static_cast<std::uint8_t>(from), query));
    }
    only.alias = query;
    return only;
}

void list(const desk& at, const call_ptr& asked, storage::list_users what) {
    what.now = at.now().unix_ms;
    consult(at, asked, std::move(what), [at, asked](const storage::list_users& found) {
        user_page page;
        for (const storage::user_row& row : found.users) {
            page.users.push_back(told_live(at, *asked, row));
        }
        if (found.more) {
            page.next = id_text(found.next);
        }
        asked->answer(page);
    });
}

std::optional<storage::user_state> state_of(const std::optional<standing>& wanted) {
    return wanted ? std::optional{static_cast<storage::user_state>(*wanted)} : std::nullopt;
}

}  // namespace

void list_users(const desk& at, const call_ptr& asked) {
    std::optional<standing> state;
    const auto limit = asked->limit();
    const auto before = limit ? asked->before(INT64_MAX) : std::nullopt;
    if (!before || !asked->word("state", state)) {
        return;
    }
    storage::list_users what;
    what.before = storage::user_id{*before};
    what.limit = *limit;
    what.state = state_of(state);
    if (const auto query = asked->query.find("query"); query != asked->query.end()) {
        const std::string& text = query->second;
        if (text.empty() || text.size() > query_bytes_max || !protocol::is_clean(text)) {
            asked->refuse(400, "bad_query", "It must be text of 1 to 128 bytes.", "query");
            return;
        }
        what.only = meant(at, asked->may, text);
    }
    list(at, asked, std::move(what));
}

void search_users(const desk& at, const call_ptr& asked) {
    const auto order = asked->order<search_order>();
    if (!order) {
        return;
    }
    storage::list_users what;
    what.only = meant(at, asked->may, order->query);
    what.state = state_of(order->state);
    what.limit = order->limit.value_or(page_default);
    if (order->before) {
        const auto before = number_in(*order->before);
        if (!before) {
            asked->refuse(400, "bad_field", "It is not the `next` of a page.", "before");
            return;
        }
        what.before = storage::user_id{*before};
    }
    list(at, asked, std::move(what));
}

void show_user(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    if (!id) {
        return;
    }
    storage::describe_user what;
    what.user = storage::user_id{*id};
    consult(at, asked, std::move(what), [at, asked](const storage::describe_user& found) {
        if (!found.row) {
            asked->not_found("There is no such user.");
            return;
        }
        user out = told_live(at, *asked, *found.row);
        out.bans.emplace();
        for (const storage::ban_row& row : found.bans) {
            out.bans->push_back(told(row, asked->may));
        }
        if (!found.receipt.empty()) {
            out.receipt = found.receipt;
        }
        asked->answer(out);
    });
}

void show_account(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    if (!id) {
        return;
    }
    storage::describe_user what;
    what.user = storage::user_id{*id};
    read_record(
        at, asked, "read account", "user " + std::to_string(*id), std::move(what),
        [asked](const storage::describe_user& found) {
            if (!found.row) {
                asked->not_found("There is no such user.");
                return;
            }
            platform_account out{.id = id_text(found.row->id),
                                 .provider = static_cast<protocol::provider>(found.row->from)};
            if (found.row->from != storage::provider::guest && !found.row->account.empty()) {
                out.account = found.row->account;
            }
            asked->answer(out);
        });
}

// Found first: whoever comes in as this user meanwhile is known by their subject.
void erase_user(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    if (!id) {
        return;
    }
    storage::describe_user what;
    what.user = storage::user_id{*id};
    consult(at, asked, std::move(what), [at, asked](const storage::describe_user& found) {
        if (!found.row) {
            asked->not_found("There is no such user.");
            return;
        }
        if (found.row->account.empty()) {
            asked->refuse(409, "erased", "This account is gone already.");
            return;
        }
        const auto user = found.row->id;
        at.board.erase(
            {.user = same<lobby::user_id>(user),
             .name = found.row->name,
             .audit = audit_of(at, *asked, "erase user", "user " + id_text(user))},
            [asked](const storage::change* done) {
                if (done == nullptr) {
                    asked->unavailable();
                    return;
                }
                const auto& change = std::get<storage::erase_user>(*done);
                if (!change.erased) {
                    asked->refuse(409, "erased", "This account is gone already.");
                    return;
                }
                asked->answer(erasure{.receipt = change.receipt,
                                      .user = id_text(change.user),
                                      .at = change.at,
                                      .sealed_until = change.sealed_until});
            },
            at.now());
    });
}

void ban_user(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    const auto order = id ? asked->order<ban_order>() : std::nullopt;
    if (!order) {
        return;
    }
    if (order->days && order->for_ever.value_or(false)) {
        asked->refuse(400, "bad_field", "A ban has days or is for ever, not both.", "days");
        return;
    }
    std::optional<std::chrono::milliseconds> term;
    if (order->days) {
        term = std::chrono::hours{24} * *order->days;
    } else if (order->for_ever.value_or(false)) {
        term = std::chrono::milliseconds{0};
    }
    onechat::ban_order what{
        .user = lobby::user_id{*id},
        .reason = asked->why,
        .by = asked->who,
        .term = term,
        .audit = audit_of(at, *asked, "ban user", "user " + std::to_string(*id))};
    at.board.ban(
        std::move(what),
        [asked](const storage::ban_person* given) {
            if (given == nullptr) {
                asked->unavailable();
            } else if (!given->known) {
                asked->not_found("There is no such user, or nobody can tell who it was.");
            } else {
                asked->answer(banned{.until = given->until, .level = given->level});
            }
        },
        at.now());
}

void lift_ban(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    if (!id) {
        return;
    }
    at.board.lift_ban(
        lobby::user_id{*id},
        [asked](const storage::lift_ban* taken_back) {
            if (taken_back == nullptr) {
                asked->unavailable();
            } else if (!taken_back->known) {
                asked->not_found("There is no such user, or nobody can tell who it was.");
            } else {
                asked->answer(lifted{.bans = taken_back->lifted});
            }
        },
        at.now(), audit_of(at, *asked, "lift ban", "user " + std::to_string(*id)));
}

void list_access(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    const auto limit = id ? asked->limit() : std::nullopt;
    const auto before = limit ? asked->before(INT64_MAX) : std::nullopt;
    if (!before) {
        return;
    }
    storage::list_access what{
        .user = storage::user_id{*id}, .before = *before, .limit = *limit, .rows = {}};
    read_record(at, asked, "read access", "user " + std::to_string(*id), std::move(what),
                [asked](const storage::list_access& found) {
                    access_page page;
                    for (const storage::access_row& row : found.rows) {
                        page.entries.push_back(told(row));
                    }
                    if (found.more) {
                        page.next = page.entries.back().id;
                    }
                    asked->answer(page);
                });
}

}  // namespace onechat::admin
