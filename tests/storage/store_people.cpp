// Whom an account belongs to, on everything that fills the store.
#include "storage/store.hpp"
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

std::optional<subject> subject_of(store& at, provider from, const person_key& person) {
    return answered(at, find_person{.from = from, .person = person}).name;
}

}  // namespace

EACH_STORE("an account leads to its user, at its own platform") {
    world<TestType> at;
    const user_row third = user(3);

    CHECK(subject_of(at.store, provider::wechat, third.person) == third.name);
    CHECK_FALSE(subject_of(at.store, provider::qq, third.person));
    CHECK_FALSE(subject_of(at.store, provider::wechat, user(9).person));
}

EACH_STORE("an erased user's account leads nowhere, and then to who comes with it again") {
    world<TestType> at;
    const user_row third = user(3);
    done(at.store, erase_user{.user = third.id, .receipt = "r", .at = 9000, .sealed_until = 9000});
    CHECK_FALSE(subject_of(at.store, provider::wechat, third.person));
    user_row again = user(7);
    again.account = third.account;
    again.person = third.person;

    done(at.store, make_user{again});

    CHECK(subject_of(at.store, provider::wechat, third.person) == again.name);
}
