// What the handlers work with. Not an owner of any of it. Loop thread.
#pragma once

#include "server/admin/tokens.hpp"
#include "server/backup_runs.hpp"
#include "server/keys.hpp"
#include "server/switchboard.hpp"

#include <cstdint>
#include <functional>

namespace onechat::admin {

struct desk {
    switchboard& board;
    const keys& secrets;
    admin::tokens& tokens;
    backup_runs& backups;
    std::function<lobby::moment()> now;
    std::int64_t started = 0;  // Unix ms
};

}  // namespace onechat::admin
