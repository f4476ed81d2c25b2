// The topics that people can ask for: the operator's, or a built-in Chinese set. Not who waits for
// them (lobby counts). Constant after the start: any thread.
#pragma once

#include "server/lobby/ids.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace onechat {

struct topic {
    std::string id;     // what `find` names; 1 to 32 code points, in NFKC
    std::string title;  // what people read; 1 to 32 code points
    std::string hint;   // a line under it; at most 100 code points
    bool operator==(const topic&) const = default;
};

class topics {
public:
    // The welcome lists them all, so their number is bounded.
    static constexpr std::size_t count_max = 100;
    // With escapes and all else that a welcome says it stays below the frame's 64 KiB.
    static constexpr std::size_t bytes_max = std::size_t{8} * 1024;

    // Throws std::runtime_error with a sentence when one is malformed or an id occurs twice.
    explicit topics(std::vector<topic> offered);

    static std::vector<topic> built_in();

    // "id=title" or "id=title|hint", as configured. Throws like the constructor.
    static topic parse(std::string_view text);

    [[nodiscard]] const std::vector<topic>& all() const { return all_; }

    // By id, however it is composed: full-width letters and compatibility forms are the same.
    [[nodiscard]] std::optional<lobby::topic_id> find(std::string_view id) const;

private:
    std::vector<topic> all_;
    std::unordered_map<std::string, lobby::topic_id> by_id_;
};

}  // namespace onechat
