#include "server/admin/route.hpp"

#include <array>

namespace onechat::admin {

namespace {

constexpr parameter page_limit{"limit", "How many; 20 when absent.",
                               R"({"type": "integer", "minimum": 1, "maximum": 100})"};
constexpr parameter page_before{"before", "The `next` of the page before.",
                                R"({"type": "string", "pattern": "^(0|[1-9][0-9]{0,17})$"})"};

constexpr std::array page{page_before, page_limit};

constexpr std::array user_query{
    parameter{
        "query",
        "A user's id, alias or OpenID, whole. An OpenID is better asked for by POST, and finds "
        "nobody for viewers.",
        R"({"type": "string", "minLength": 1, "maxLength": 128})"},
    parameter{"state", "Only users in this state.", R"({"$ref": "#/components/schemas/Standing"})"},
    page_before, page_limit};

constexpr std::array report_query{parameter{"state", "Only reports in this state.",
                                            R"({"$ref": "#/components/schemas/ReportState"})"},
                                  page_before, page_limit};

constexpr std::array export_query{
    parameter{"after", "The `next` of the page before.",
              R"({"type": "string", "pattern": "^[0-9]{1,18}[.][0-9]{1,18}$"})"}};

constexpr std::span<const parameter> nothing{};

constexpr bool with_reason = true;
constexpr bool without_reason = false;

const std::array table{
    route{"GET", "/stats", "stats", role::viewer, without_reason, "What the server does just now.",
          nothing, nullptr, body_of<stats>, show_stats},

    route{"GET", "/users", "listUsers", role::viewer, without_reason,
          "Users, newest first: all, or those that `query` names.", user_query, nullptr,
          body_of<user_page>, list_users},
    route{"POST", "/users/search", "searchUsers", role::viewer, without_reason,
          "The same with its words in the body, so that no proxy's log holds an OpenID.", nothing,
          body_of<search_order>, body_of<user_page>, search_users},
    route{"GET", "/users/{id}", "user", role::viewer, without_reason, "One user.", nothing, nullptr,
          body_of<user>, show_user},
    route{"GET", "/users/{id}/account", "account", role::owner, with_reason,
          "Who the user is for the platform: the one place that tells an OpenID.", nothing, nullptr,
          body_of<platform_account>, show_account},
    route{"GET", "/users/{id}/export", "exportUser", role::owner, with_reason,
          "What the server knows of the user, for somebody who can't log in to ask for it.",
          export_query, nullptr, body_of<export_page>, export_user},
    route{"DELETE", "/users/{id}", "eraseUser", role::owner, with_reason,
          "Erases the account as its owner would, for somebody who can't log in.", nothing, nullptr,
          body_of<erasure>, erase_user},
    route{"POST", "/users/{id}/ban", "ban", role::moderator, with_reason,
          "Bans the person: at once, and whatever account they come with.", nothing,
          body_of<ban_order>, body_of<banned>, ban_user},
    route{"DELETE", "/users/{id}/ban", "liftBan", role::moderator, with_reason,
          "Ends all running bans of the person, as if they had not been.", nothing, nullptr,
          body_of<lifted>, lift_ban},
    route{"GET", "/users/{id}/pairs", "pairs", role::moderator, with_reason,
          "Whom the user has met, newest first.", page, nullptr, body_of<pair_page>, list_pairs},

    route{
        "GET", "/users/{id}/access", "access", role::owner, with_reason,
        "When the user logged in and out from where, newest first, as far as `--keep-access` keeps "
        "it; of an erased one, too.",
        page, nullptr, body_of<access_page>, list_access},

    route{"GET", "/pairs/{id}/events", "events", role::moderator, with_reason,
          "What happened in a pair, the newest page first.", page, nullptr, body_of<record>,
          show_events},
    route{"DELETE", "/pairs/{id}/events", "removeEvents", role::moderator, with_reason,
          "Takes all texts of a pair away, the oldest 500 at once; not while the two talk.",
          nothing, nullptr, body_of<removed>, remove_events},
    route{"DELETE", "/pairs/{id}/events/{seq}", "removeEvent", role::moderator, with_reason,
          "Takes one text away from both phones.", nothing, nullptr, body_of<removed>,
          remove_event},

    route{"GET", "/reports", "listReports", role::viewer, without_reason,
          "Reports, newest first, without words.", report_query, nullptr, body_of<report_page>,
          list_reports},
    route{"GET", "/reports/{id}", "report", role::moderator, with_reason,
          "One report with its evidence.", nothing, nullptr, body_of<report>, show_report},
    route{"POST", "/reports/{id}/resolve", "resolveReport", role::moderator, with_reason,
          "Notes that somebody has looked; what the report muted is heard again.", nothing,
          body_of<resolve_order>, body_of<resolved>, resolve_report},

    route{"GET", "/flags", "listFlags", role::moderator, without_reason,
          "Texts that moderation wants a person to look at, newest first, without words.", page,
          nullptr, body_of<flag_page>, list_flags},

    route{"GET", "/audit", "audit", role::owner, without_reason,
          "What operators did and read, newest first.", page, nullptr, body_of<audit_page>,
          list_audit},
    route{"GET", "/erasures/{receipt}", "erasure", role::viewer, without_reason,
          "How far the erasure of an account has come.", nothing, nullptr, body_of<erasure>,
          show_erasure},
    route{"POST", "/sessions/{id}/close", "closeSession", role::moderator, with_reason,
          "Closes a connection, which may come back.", nothing, nullptr, body_of<done>,
          close_session},

    route{"GET", "/backups", "listBackups", role::owner, without_reason,
          "The backups that are there, and the one under way or failed last.", nothing, nullptr,
          body_of<backup_list>, list_backups},
    route{"POST", "/backup", "backUp", role::owner, with_reason,
          "Begins a backup, as `onechat backup` makes them; the list tells when it is there.",
          nothing, body_of<backup_order>, body_of<backup>, begin_backup, 202},

    route{"GET", "/tokens", "listTokens", role::owner, without_reason, "Who may use this API.",
          nothing, nullptr, body_of<token_list>, list_tokens},
    route{"POST", "/tokens", "addToken", role::owner, with_reason,
          "Makes a token, which is shown this once.", nothing, body_of<token_order>,
          body_of<new_token>, add_token},
    route{"DELETE", "/tokens/{name}", "removeToken", role::owner, with_reason,
          "Makes a token worthless at once. The last owner's stays.", nothing, nullptr,
          body_of<done>, drop_token},
};

}  // namespace

std::span<const route> routes() {
    return table;
}

// Segments are compared as they came: nothing is decoded, so there is one spelling of each path.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> places;
    for (;;) {
        if (pattern.empty() || path.empty()) {
            return pattern.empty() && path.empty() ? std::optional{std::move(places)}
                                                   : std::nullopt;
        }
        if (path.front() != '/') {
            return std::nullopt;
        }
        const auto take = [](std::string_view& from) {
            from.remove_prefix(1);
            const auto segment = from.substr(0, from.find('/'));
            from.remove_prefix(segment.size());
            return segment;
        };
        const auto expected = take(pattern);
        const auto found = take(path);
        if (expected.starts_with('{') && !found.empty()) {
            places.emplace_back(found);
        } else if (expected != found) {
            return std::nullopt;
        }
    }
}

}  // namespace onechat::admin
