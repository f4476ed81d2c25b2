// What the server knows of somebody who can't log in to ask for it: the same records as `exported`
// has, a page at a time.
#include "server/admin/errand.hpp"
#include "server/admin/route.hpp"
#include "server/admin/tell.hpp"
#include "server/record.hpp"

#include <string_view>
#include <utility>

namespace onechat::admin {

namespace {

constexpr std::uint32_t texts_max = 500;
constexpr std::size_t text_bytes_max = std::size_t{256} * 1024;
constexpr std::uint32_t bans_max = 100;

// "3.14": the pair and the seq of the text that ended the page before.
std::optional<storage::find_own_texts> page_after(const call& asked, storage::user_id user) {
    storage::find_own_texts page{
        .user = user, .limit = texts_max, .bytes_max = text_bytes_max, .texts = {}};
    const auto found = asked.query.find("after");
    if (found == asked.query.end()) {
        return page;
    }
    const std::string_view text = found->second;
    const auto dot = text.find('.');
    const auto pair = number_in(text.substr(0, dot));
    const auto seq = dot == std::string_view::npos ? std::nullopt : number_in(text.substr(dot + 1));
    if (!pair || !seq) {
        asked.refuse(400, "bad_query", "It is not the `next` of a page.", "after");
        return std::nullopt;
    }
    page.pair = storage::pair_id{*pair};
    page.seq = static_cast<std::uint64_t>(*seq);
    return page;
}

void tell_page(const call& asked, export_page&& told, const storage::find_own_texts& found) {
    for (const storage::own_text& said : found.texts) {
        told.records.push_back(exported(said));
    }
    if (found.more) {
        told.next = id_text(found.next_pair) + "." + std::to_string(found.next_seq);
    }
    asked.answer(told);
}

}  // namespace

void export_user(const desk& at, const call_ptr& asked) {
    const auto id = asked->id(0);
    const auto texts = id ? page_after(*asked, storage::user_id{*id}) : std::nullopt;
    if (!texts) {
        return;
    }
    storage::describe_user what;
    what.user = texts->user;
    what.bans_max = bans_max;
    const auto show = [at, asked, texts = *texts](const storage::describe_user& found) {
        if (!found.row) {
            asked->not_found("There is no such user.");
            return;
        }
        if (found.row->account.empty()) {
            asked->refuse(409, "erased", "This account is gone already.");
            return;
        }
        export_page begun;
        if (!asked->query.contains("after")) {
            begun.records.push_back(exported(*found.row));
            for (const storage::ban_row& ban : found.bans) {
                begun.records.push_back(exported(ban));
            }
        }
        consult(at, asked, texts,
                [asked, begun = std::move(begun)](const storage::find_own_texts& page) {
                    tell_page(*asked, export_page{begun}, page);
                });
    };
    read_record(at, asked, "export user", "user " + id_text(texts->user), std::move(what), show);
}

}  // namespace onechat::admin
