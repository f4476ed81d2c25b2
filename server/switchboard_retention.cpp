// What is due for its age is deleted, step by step, and rows of access are made. Deleting waits
// while the clock can't be trusted, for a person to look, and while the store has trouble of its
// own.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <utility>

namespace onechat {

bool switchboard::may_delete() const {
    return !clock_.jumped() && epoch_stored_ && store_.state() == lobby::store_state::open;
}

storage::unix_ms switchboard::sealed_until() {
    return clock_.at(now_) + options_.limits.seal_time.count();
}

void switchboard::delete_due(moment now) {
    const auto at = clock_.at(now);  // first: it notices when the clock has jumped
    if (!may_delete()) {
        return;
    }
    if (auto step = retention_.next_purge(now.steady, at)) {
        write(0, std::move(*step));
    }
    if (auto step = retention_.next_cut(now.steady, at)) {
        write(0, *step);
    }
}

void switchboard::settle_purge(storage::purge&& step, bool done) {
    counts_.purged_rows += done ? step.rows : 0;
    retention_.purged(std::move(step), done, now_.steady);
}

void switchboard::settle_cut(const storage::cut_records& step, bool done) {
    counts_.cut_rows += done ? step.rows : 0;
    retention_.cut(step, done, now_.steady);
}

// ---- who came from where ----

// A guest without a row is nobody yet; the row is being made when this is called again.
void switchboard::note_login(session& who) {
    const auto guest = guests_.find(who.claims.name);
    const bool nobody = guest != guests_.end() && !guest->second.storing;
    if (options_.limits.keep_access && !who.came && !nobody) {
        who.came = true;
        note_access(who, storage::access_action::login);
    }
}

void switchboard::note_access(const request& asked, storage::access_action what) {
    if (const session* who = find(asked.from)) {
        note_access(*who, what);
    }
}

// Nobody waits for it: when the disk is full it is lost, and counted.
void switchboard::note_access(const session& who, storage::access_action what) {
    if (options_.limits.keep_access) {
        write(0, storage::add_access{{.user = same<storage::user_id>(who.user),
                                      .address = who.address,
                                      .port = who.port,
                                      .at = now_.unix_ms,
                                      .action = what}});
    }
}

}  // namespace onechat
