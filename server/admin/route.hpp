// The operator's API as one table: who may ask what, how, and who answers. Requests are matched by
// it, and docs/openapi.json is written from it. Constants: any thread; handlers on the loop.
#pragma once

#include "server/admin/call.hpp"
#include "server/admin/desk.hpp"

#include <span>
#include <string_view>

namespace onechat::admin {

// A name in the query that a route knows, or in its path.
struct parameter {
    std::string_view name;
    std::string_view doc;
    std::string_view schema;  // JSON Schema
};

using collect = std::string_view (*)(protocol::model::collector&);

template <protocol::described T>
std::string_view body_of(protocol::model::collector& all) {
    return all.add<T>();
}

struct route {
    std::string_view method;
    std::string_view path;       // below /admin/api/v1; {id} stands for one segment
    std::string_view operation;  // its name for programs
    role needed = role::viewer;
    bool needs_reason = false;  // reads a record, or changes something
    std::string_view doc;
    std::span<const parameter> query;
    collect asked = nullptr;  // the body, if any
    collect answered = nullptr;
    void (*handle)(const desk&, const call_ptr&) = nullptr;
    unsigned success = 200;  // 202: it goes on after the answer
};

inline constexpr std::string_view api_root = "/admin/api/v1";

[[nodiscard]] std::span<const route> routes();

// What stands in the path for {...}; nothing when it does not fit.
[[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view pattern,
                                                            std::string_view path);

// The document that tells programs of it, OpenAPI 3.1.
[[nodiscard]] std::string openapi();

// ---- users.cpp ----
void list_users(const desk& at, const call_ptr& asked);
void search_users(const desk& at, const call_ptr& asked);
void show_user(const desk& at, const call_ptr& asked);
void show_account(const desk& at, const call_ptr& asked);
void erase_user(const desk& at, const call_ptr& asked);
void ban_user(const desk& at, const call_ptr& asked);
void lift_ban(const desk& at, const call_ptr& asked);

// ---- export_route.cpp ----
void export_user(const desk& at, const call_ptr& asked);

// ---- pairs.cpp ----
void list_pairs(const desk& at, const call_ptr& asked);
void list_access(const desk& at, const call_ptr& asked);
void show_events(const desk& at, const call_ptr& asked);
void remove_event(const desk& at, const call_ptr& asked);
void remove_events(const desk& at, const call_ptr& asked);

// ---- reports.cpp ----
void list_reports(const desk& at, const call_ptr& asked);
void show_report(const desk& at, const call_ptr& asked);
void resolve_report(const desk& at, const call_ptr& asked);
void list_flags(const desk& at, const call_ptr& asked);

// ---- upkeep.cpp ----
void show_stats(const desk& at, const call_ptr& asked);
void list_audit(const desk& at, const call_ptr& asked);
void show_erasure(const desk& at, const call_ptr& asked);
void close_session(const desk& at, const call_ptr& asked);

// ---- backup_routes.cpp ----
void list_backups(const desk& at, const call_ptr& asked);
void begin_backup(const desk& at, const call_ptr& asked);

// ---- token_routes.cpp ----
void list_tokens(const desk& at, const call_ptr& asked);
void add_token(const desk& at, const call_ptr& asked);
void drop_token(const desk& at, const call_ptr& asked);

}  // namespace onechat::admin
