// A store of each kind with four users: what the contract's cases begin with.
#pragma once

#include "storage/memory_store.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/temp_dir.hpp"

#define EACH_STORE(name)                                                \
    TEMPLATE_TEST_CASE(name, "[store]", onechat::storage::memory_store, \
                       onechat::storage::sqlite_store)

namespace onechat::storage::test {

inline void add_four_users(store& where) {
    for (std::int64_t id = 1; id <= 4; ++id) {
        done(where, make_user{user(id)});
    }
}

template <typename Store>
struct world;

template <>
struct world<memory_store> {
    memory_store store;

    world() { add_four_users(store); }
};

template <>
struct world<sqlite_store> {
    onechat::test::temp_dir dir;
    sqlite_store store{dir / "chat.db", durability::normal};

    world() { add_four_users(store); }
};

}  // namespace onechat::storage::test
