#include "server/admin/tokens.hpp"

#include "server/keys.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace onechat::admin {

namespace {

constexpr std::int64_t use_noted_every_ms = 60'000;
constexpr std::string_view first_name = "first";

std::vector<storage::admin_token_row> stored(storage::store& from) {
    storage::question asked = storage::list_admin_tokens{};
    if (!from.reader().answer(asked)) {
        throw std::runtime_error{"The operator's tokens can't be read: " + from.why() + "."};
    }
    return std::get<storage::list_admin_tokens>(std::move(asked)).tokens;
}

}  // namespace

bool is_token_name(std::string_view text) {
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !text.empty() && text.size() <= 32 && plain(text.front()) &&
           std::ranges::all_of(
               text, [&](char c) { return plain(c) || c == '.' || c == '_' || c == '-'; });
}

const storage::admin_token_row* tokens::find(std::string_view token) const {
    const auto digest = digest_of(token);
    const storage::admin_token_row* found = nullptr;
    for (const auto& one : known_) {
        found = same_digest(one.digest, digest) ? &one : found;
    }
    return found;
}

void tokens::drop(std::string_view name) {
    std::erase_if(known_, [&](const auto& one) { return one.name == name; });
}

bool tokens::note_use(std::string_view name, std::int64_t at) {
    const auto found = std::ranges::find(known_, name, &storage::admin_token_row::name);
    if (found == known_.end() || at < found->used + use_noted_every_ms) {
        return false;
    }
    found->used = at;
    return true;
}

tokens open_tokens(storage::store& from, const std::filesystem::path& file, std::int64_t at) {
    auto known = stored(from);
    const auto is_owner = [](const auto& one) { return one.role == storage::admin_role::owner; };
    if (std::ranges::any_of(known, is_owner)) {
        return tokens{std::move(known)};
    }
    std::string token;
    try {
        token = read_or_make_secret(file);
    } catch (const std::runtime_error&) {
        if (std::filesystem::exists(file)) {
            throw;  // it is there, and is none of ours
        }
        return tokens{std::move(known)};
    }
    storage::admin_token_row first{.name = std::string{first_name},
                                   .role = storage::admin_role::owner,
                                   .digest = digest_of(token),
                                   .created = at};
    while (std::ranges::count(known, first.name, &storage::admin_token_row::name) > 0) {
        first.name += "-again";
    }
    storage::change asked = storage::add_admin_token{.token = first};
    if (from.commit({&asked, 1}) == storage::commit_result::done &&
        std::get<storage::add_admin_token>(asked).result == storage::token_change::done) {
        known.push_back(std::move(first));
    }
    return tokens{std::move(known)};  // with a full disk nobody can come in before the next start
}

}  // namespace onechat::admin
