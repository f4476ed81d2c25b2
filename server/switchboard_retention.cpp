// What is due for its age, worked off in small steps: sealed and erased texts are overwritten,
// records older than their term are cut; and those of access are made. All of it waits while the
// clock can't be trusted, for a person to look, and while the store has trouble of its own.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace onechat {

namespace {

// A step is a few milliseconds of the storage thread: small enough to be no one's wait.
constexpr std::chrono::milliseconds purge_pause{100};
constexpr std::chrono::seconds idle_pause{1};

// Those who parted are not paired again for a while, over a restart as well: their chats are still
// needed for that.
constexpr std::chrono::milliseconds chats_kept_min = 2 * protocol::limits::parted_time;

}  // namespace

bool switchboard::may_delete() const {
    return !clock_.jumped() && epoch_stored_ && store_.state() == lobby::store_state::open;
}

storage::unix_ms switchboard::sealed_until() {
    return clock_.at(now_) + options_.limits.seal_time.count();
}

void switchboard::purge(moment now) {
    const auto until = clock_.at(now);
    if (purging_ || now.steady < next_purge_ || !may_delete()) {
        return;
    }
    purging_ = true;
    next_purge_ = now.steady + idle_pause;
    storage::purge step;
    step.now = until;
    step.bans_before = until - options_.bans.memory.count();
    write(0, std::move(step));
}

void switchboard::settle_purge(storage::purge&& step, bool done) {
    purging_ = false;
    if (!done) {
        return;
    }
    counts_.purged_rows += step.rows;
    std::ranges::move(step.completed, std::back_inserter(completed_));
    if (step.more) {
        next_purge_ = now_.steady + purge_pause;
    }
}

void switchboard::cut(moment now) {
    const auto at = clock_.at(now);
    const auto texts = options_.limits.keep_texts;
    const auto access = options_.limits.keep_access.value_or(std::chrono::milliseconds{0});
    const bool for_ever = texts.count() == 0 && access.count() == 0;
    if (for_ever || cutting_since_ || now.steady < next_cut_ || !may_delete()) {
        return;
    }
    cutting_since_ = now.steady;
    storage::cut_records step;
    step.now = at;
    if (texts.count() > 0) {
        step.before = at - texts.count();
        step.chats_before = at - std::max(texts, chats_kept_min).count();
    }
    if (access.count() > 0) {
        step.access_before = at - access.count();
    }
    step.rows_max = cut_size_.rows();
    write(0, step);
}

void switchboard::settle_cut(const storage::cut_records& step, bool done) {
    const auto took = now_.steady - *std::exchange(cutting_since_, std::nullopt);
    next_cut_ = now_.steady + idle_pause;
    behind_ = done && step.more;
    if (!done) {
        return;
    }
    counts_.cut_rows += step.rows;
    if (step.more) {
        next_cut_ = now_.steady + cut_size_.rest_after(took);
    }
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
