// A backup takes as long as reading the database does, so it is begun here and looked for later.
#include "server/admin/errand.hpp"
#include "server/admin/route.hpp"
#include "server/backup_files.hpp"

#include <utility>

namespace onechat::admin {

namespace {

constexpr std::size_t shown_max = 100;
constexpr std::uint32_t kept_by_default = 1000;  // a schedule may keep more than we would

backup told(const backup_task& task, backup_state state) {
    return {.called = name_of_moment(task.at), .state = state, .made = task.at};
}

}  // namespace

void list_backups(const desk& at, const call_ptr& asked) {
    backup_list list;
    if (const auto& task = at.backups.under_way()) {
        list.backups.push_back(told(*task, backup_state::under_way));
    }
    if (const auto& last = at.backups.failed()) {
        list.backups.push_back(told(last->task, backup_state::failed));
        list.backups.back().trouble = last->trouble;
    }
    for (auto& one : at.backups.found(shown_max)) {
        list.backups.push_back(
            {.called = std::move(one.name), .made = one.made, .bytes = one.bytes});
    }
    asked->answer(list);
}

// Its place is kept first, so that of two who ask at once one is refused and leaves no row.
void begin_backup(const desk& at, const call_ptr& asked) {
    const auto order = asked->order<backup_order>();
    if (!order) {
        return;
    }
    const backup_task task{.at = at.now().unix_ms,
                           .kept_max = order->keep.value_or(kept_by_default)};
    if (!at.backups.reserve(task)) {
        asked->refuse(409, "under_way", "A backup is under way, or was made this second.");
        return;
    }
    at.board.commission(
        storage::add_audit{
            audit_of(at, *asked, "make backup", "backup " + name_of_moment(task.at))},
        [at, asked, task](const storage::change* noted) {
            if (noted == nullptr) {
                at.backups.release();
                asked->unavailable();
                return;
            }
            at.backups.begin();
            asked->answer(told(task, backup_state::under_way), 202);
        },
        at.now());
}

}  // namespace onechat::admin
