#include "server/platform/subscribe_messages.hpp"

#include "protocol/json.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace onechat::platform {
namespace asio = boost::asio;

namespace {

constexpr std::int64_t wechat_no_consent = 43101;
constexpr std::int64_t qq_no_consent = 46001;
constexpr std::int64_t qq_refused_by_person = 46003;

void write_member(std::string& out, std::string_view name, std::string_view value) {
    protocol::json::write_string(out, name);
    out += ':';
    protocol::json::write_string(out, value);
}

}  // namespace

void subscribe_messages::notify(account whom, done finished) {
    asio::co_spawn(line_.around().http.executor(), send(std::move(whom), std::move(finished)),
                   asio::detached);
}

net::loop_task<void> subscribe_messages::send(account whom, done finished) {
    const auto got = co_await calls_.ask(question_for(whom));
    finished(judged(got));
}

// Not described as a struct: the fields are the template's.
api_caller::question subscribe_messages::question_for(const account& whom) const {
    api_caller::question asked;
    asked.method = "POST";
    asked.target = line_.platform() == platform_name::wechat
                       ? "/cgi-bin/message/subscribe/send"
                       : "/api/json/subscribe/SendSubscriptionMessage";
    asked.repeatable = false;
    std::string& body = asked.body;
    body = "{";
    write_member(body, "touser", whom.openid());
    body += ',';
    write_member(body, "template_id", template_.id);
    if (!template_.page.empty()) {
        body += ',';
        write_member(body, "page", template_.page);
    }
    body += ",\"data\":{";
    for (const auto& [name, value] : template_.values) {
        if (body.back() != '{') {
            body += ',';
        }
        protocol::json::write_string(body, name);
        body += ":{";
        write_member(body, "value", value);
        body += '}';
    }
    body += "}}";
    return asked;
}

notice_outcome subscribe_messages::judged(const api_caller::reply& got) {
    if (got.what == call_outcome::done) {
        return notice_outcome::sent;
    }
    if (got.what != call_outcome::refused) {
        return got.may_be_done ? notice_outcome::failed : notice_outcome::not_sent;
    }
    const bool none = got.errcode == wechat_no_consent || got.errcode == qq_no_consent ||
                      got.errcode == qq_refused_by_person;
    return none ? notice_outcome::no_consent : notice_outcome::refused;
}

}  // namespace onechat::platform
