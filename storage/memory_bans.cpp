#include "storage/escalation.hpp"
#include "storage/memory_store.hpp"

#include <algorithm>

namespace onechat::storage {

void memory_store::apply(ban_person& asked) {
    if (!users_.contains(asked.user) || is_forgotten(asked.user)) {
        return;
    }
    restore_on_refusal(bans_);
    asked.known = true;
    asked.person = person(asked.user);
    const auto counts = std::ranges::count_if(bans_, [&](const ban& one) {
        return one.person == asked.person && one.row.until > asked.counted_from && !one.row.lifted;
    });
    asked.level = static_cast<std::uint32_t>(counts) + 1;
    bans_.push_back({asked.person,
                     {.user = asked.user,
                      .reason = asked.reason,
                      .by = asked.by,
                      .since = asked.at,
                      .until = ban_end(asked.at, asked.level, asked.terms),
                      .level = asked.level}});
    asked.until = banned_until(asked.person);
}

void memory_store::apply(lift_ban& asked) {
    if (!users_.contains(asked.user) || is_forgotten(asked.user)) {
        return;
    }
    restore_on_refusal(bans_);
    asked.known = true;
    asked.person = person(asked.user);
    for (ban& one : bans_) {
        if (one.person == asked.person && one.row.until > asked.at) {
            one.row.until = asked.at;
            one.row.lifted = true;
            asked.lifted += 1;
        }
    }
}

void memory_store::apply(resolve_reports& asked) {
    if (!users_.contains(asked.user) || is_forgotten(asked.user)) {
        return;
    }
    restore_on_refusal(reports_);
    asked.known = true;
    asked.person = person(asked.user);
    for (report_row& one : reports_) {
        if (one.person == asked.person && !one.resolved) {
            one.resolved = true;
            one.resolved_at = asked.at;
            asked.resolved += 1;
        }
    }
}

bool memory_store::mutes(const report_row& report, const add_report& asked) const {
    if (asked.mute_after == 0 || is_muted(report.person)) {
        return false;
    }
    std::set<person_key> reporters;
    for (const report_row& one : reports_) {
        const user_row& reporter = users_.at(one.reporter);
        if (one.person == report.person && !one.resolved && one.at > asked.mute_since &&
            reporter.from != provider::guest && reporter.person != person_key{}) {
            reporters.insert(reporter.person);
        }
    }
    return reporters.size() >= asked.mute_after;
}

unix_ms memory_store::banned_until(const person_key& person) const {
    unix_ms until = 0;
    for (const ban& one : bans_) {
        until = one.person == person ? std::max(until, one.row.until) : until;
    }
    return until;
}

bool memory_store::is_muted(const person_key& person) const {
    return std::ranges::any_of(reports_, [&](const report_row& one) {
        return one.person == person && one.mutes && !one.resolved;
    });
}

void memory_store::fill(find_bans& asked) {
    for (auto one = bans_.rbegin(); one != bans_.rend() && asked.bans.size() < asked.limit; ++one) {
        if (one->row.user == asked.user) {
            asked.bans.push_back(one->row);
        }
    }
}

void memory_store::fill(find_standing& asked) {
    asked.banned_until = banned_until(asked.person);
    asked.muted = is_muted(asked.person);
}

void memory_store::fill(count_standings& asked) {
    std::set<person_key> banned;
    std::set<person_key> muted;
    for (const ban& one : bans_) {
        if (one.row.until > asked.now) {
            banned.insert(one.person);
        }
    }
    for (const report_row& one : reports_) {
        if (one.mutes && !one.resolved) {
            muted.insert(one.person);
        }
    }
    asked.banned = banned.size();
    asked.muted = muted.size();
}

}  // namespace onechat::storage
