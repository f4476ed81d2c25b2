// The door of the operator's API: who comes from where, with which token, for which route, and why.
// What gets past it fits its route; everything else is refused here with a sentence and changes
// nothing. Not what is answered (the handlers). Loop thread.
#pragma once

#include "server/admin/desk.hpp"
#include "server/admin/route.hpp"
#include "server/keyed_limits.hpp"
#include "server/net/http.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::admin {

class api {
public:
    // `hosts`: names, beside addresses and localhost, under which browsers may know this server.
    api(desk at, std::vector<std::string> hosts) : at_{std::move(at)}, hosts_{std::move(hosts)} {}

    void answer(const net::http_request& request, net::http_respond respond);

    // The refusal of what a page of another site made a browser ask; nothing of all else.
    [[nodiscard]] std::optional<net::http_answer> foreign(const net::http_request& request) const;

    [[nodiscard]] std::uint64_t wrong_tokens() const { return wrong_tokens_; }

private:
    [[nodiscard]] net::http_answer refuse_token(const net::http_request& request);
    [[nodiscard]] const storage::admin_token_row* holder(const net::http_request& request) const;
    void note_use(const storage::admin_token_row& token);
    void let_in(const net::http_request& request, const storage::admin_token_row& token,
                net::http_respond respond);

    desk at_;
    std::vector<std::string> hosts_;
    keyed_limits<address_key, address_hash> failures_;
    std::uint64_t wrong_tokens_ = 0;
};

// For whoever waits longer than net lets them: what they asked for may have been done.
[[nodiscard]] net::http_answer late_answer();

}  // namespace onechat::admin
