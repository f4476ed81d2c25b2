#include "server/admin/errand.hpp"
#include "server/admin/route.hpp"
#include "server/admin/tell.hpp"

#include <utility>

namespace onechat::admin {

namespace {

// A token that nobody was told of: it lets nobody in, and its name may be given again.
void drop_unheard(const desk& at, const call& asked, const std::string& name) {
    storage::drop_admin_token what{.name = name};
    what.audit = audit_of(at, asked, "remove token", "token " + name);
    what.audit->why = "the answer that told it came too late";
    at.board.commission(
        std::move(what), [](const storage::change*) {}, at.now());
}

}  // namespace

void list_tokens(const desk& at, const call_ptr& asked) {
    token_list list;
    for (const storage::admin_token_row& row : at.tokens.all()) {
        list.tokens.push_back(told(row));
    }
    asked->answer(list);
}

void add_token(const desk& at, const call_ptr& asked) {
    const auto order = asked->order<token_order>();
    if (!order) {
        return;
    }
    if (!is_token_name(order->called)) {
        asked->refuse(400, "bad_field", "A name has small letters, digits, `.`, `_` and `-`.",
                      "name");
        return;
    }
    const std::string secret = random_secret();
    storage::add_admin_token what;
    what.token = {.name = order->called,
                  .role = static_cast<storage::admin_role>(order->role),
                  .digest = digest_of(secret),
                  .created = at.now().unix_ms};
    what.audit = audit_of(at, *asked, "add token " + std::string{protocol::name_of(order->role)},
                          "token " + order->called);
    commission(at, asked, std::move(what),
               [at, asked, secret](const storage::add_admin_token& made) {
                   switch (made.result) {
                       case storage::token_change::done:
                           if (asked->given_up(at.now().steady)) {
                               drop_unheard(at, *asked, made.token.name);
                               return;
                           }
                           at.tokens.add(made.token);
                           asked->answer(new_token{.called = made.token.name,
                                                   .role = static_cast<role>(made.token.role),
                                                   .token = secret});
                           return;
                       case storage::token_change::taken:
                           asked->refuse(409, "name_taken",
                                         "There is a token of this name already.", "name");
                           return;
                       default:
                           asked->refuse(409, "too_many", "There are as many tokens as are kept.");
                   }
               });
}

void drop_token(const desk& at, const call_ptr& asked) {
    const std::string& name = asked->places.at(0);
    if (!is_token_name(name)) {
        asked->refuse(400, "bad_id", "A token's name has small letters, digits, `.`, `_`, `-`.");
        return;
    }
    storage::drop_admin_token what{.name = name};
    what.audit = audit_of(at, *asked, "remove token", "token " + name);
    commission(at, asked, std::move(what), [at, asked](const storage::drop_admin_token& gone) {
        switch (gone.result) {
            case storage::token_change::done:
                at.tokens.drop(gone.name);
                asked->answer(done{.target = "token " + gone.name});
                return;
            case storage::token_change::last_owner:
                asked->refuse(409, "last_owner", "Nobody could add a token any more.");
                return;
            default:
                asked->not_found("There is no token of this name.");
        }
    });
}

}  // namespace onechat::admin
