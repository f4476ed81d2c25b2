#include "server/cli/outgoing.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::cli {

namespace client = protocol::client;

void outgoing::add(std::string text) {
    assert(!full());
    texts_.push_back({std::move(text), 0});
}

bool outgoing::waits() const {
    return std::ranges::any_of(texts_, [](const entry& one) { return one.cid == 0; });
}

std::vector<client::say> outgoing::due(time_point now) {
    std::vector<client::say> out;
    if (now < held_until_) {
        return out;
    }
    const auto is_said = [](const entry& one) { return one.cid != 0; };
    const auto first = std::ranges::find_if_not(texts_, is_said);
    // A refused text goes first again only when all that followed it has been answered, too.
    if (std::any_of(first, texts_.end(), is_said)) {
        return out;
    }
    const auto said = static_cast<std::size_t>(first - texts_.begin());
    const auto room =
        protocol::limits::in_flight_max - std::min(said, protocol::limits::in_flight_max);
    for (auto one = first; one != texts_.end() && out.size() < room; ++one) {
        one->cid = ++last_cid_;
        out.push_back({.cid = one->cid, .text = one->text, .pair = pair_});
    }
    return out;
}

std::optional<outgoing::time_point> outgoing::wake(time_point now) const {
    return held_until_ > now && waits() ? std::optional{held_until_} : std::nullopt;
}

std::vector<client::say> outgoing::again(std::uint64_t last_cid) {
    last_cid_ = std::max(last_cid_, last_cid);
    std::vector<client::say> out;
    for (const entry& one : texts_) {
        if (one.cid != 0) {
            out.push_back({.cid = one.cid, .text = one.text, .pair = pair_});
        }
    }
    return out;
}

bool outgoing::stored(std::uint64_t cid) {
    return refused(cid).has_value();
}

std::optional<std::string> outgoing::refused(std::uint64_t cid) {
    const auto found = find(cid);
    if (found == texts_.end()) {
        return std::nullopt;
    }
    std::string text = std::move(found->text);
    texts_.erase(found);
    return text;
}

void outgoing::postponed(std::uint64_t cid, time_point until) {
    if (const auto found = find(cid); found != texts_.end()) {
        found->cid = 0;
        held_until_ = std::max(held_until_, until);
    }
}

std::vector<std::string> outgoing::give_up() {
    std::vector<std::string> left;
    for (entry& one : std::exchange(texts_, {})) {
        left.push_back(std::move(one.text));
    }
    return left;
}

outgoing::entries::iterator outgoing::find(std::uint64_t cid) {
    return cid == 0 ? texts_.end() : std::ranges::find(texts_, cid, &entry::cid);
}

}  // namespace onechat::cli
