// How a handler asks the store: a question, a change with its audit row, or a record, which is read
// only once it is stored who reads it and why. What the store doesn't do is answered 503 here, so
// that handlers are the story of what goes well. Loop thread.
#pragma once

#include "server/admin/call.hpp"
#include "server/admin/desk.hpp"

#include <string>
#include <utility>

namespace onechat::admin {

[[nodiscard]] storage::audit_row audit_of(const desk& at, const call& asked, std::string act,
                                          std::string target);

template <class Question, class Then>
void consult(const desk& at, const call_ptr& asked, Question what, Then then) {
    at.board.consult(std::move(what), [asked, then = std::move(then)](storage::question* found) {
        if (found == nullptr) {
            asked->unavailable();
        } else {
            then(std::get<Question>(*found));
        }
    });
}

template <class Change, class Then>
void commission(const desk& at, const call_ptr& asked, Change what, Then then) {
    at.board.commission(
        std::move(what),
        [asked, then = std::move(then)](const storage::change* done) {
            if (done == nullptr) {
                asked->unavailable();
            } else {
                then(std::get<Change>(*done));
            }
        },
        at.now());
}

// The row is on disk before the first byte is read.
template <class Question, class Then>
void read_record(const desk& at, const call_ptr& asked, std::string act, std::string target,
                 Question what, Then then) {
    storage::add_audit note{audit_of(at, *asked, std::move(act), std::move(target))};
    commission(at, asked, std::move(note),
               [at, asked, what = std::move(what), then = std::move(then)](
                   const storage::add_audit&) { consult(at, asked, what, then); });
}

}  // namespace onechat::admin
