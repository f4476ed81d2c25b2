// What the operator, or enough of those who met them, decided about people: bans and mutes. Never
// changes anything; lives on the thread of its connection, and a failure sticks to that.
#pragma once

#include "storage/sqlite.hpp"
#include "storage/store.hpp"

namespace onechat::storage {

class standing_queries {
public:
    explicit standing_queries(database& db);

    void bans(find_bans& asked);
    void find(find_standing& asked);
    void count(count_standings& asked);

private:
    statement bans_;
    statement standing_;
    statement count_;
};

}  // namespace onechat::storage
