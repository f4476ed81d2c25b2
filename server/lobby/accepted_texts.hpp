// Which of one side's texts were accepted lately: what makes saying a text again safe.
// Knows numbers and digests, not texts. Loop thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace onechat::lobby {

class accepted_texts {
public:
    struct mark {
        std::uint64_t cid = 0;
        std::uint64_t seq = 0;
        std::int64_t at = 0;       // Unix ms
        std::uint64_t digest = 0;  // 0: retention has cut the text
        bool operator==(const mark&) const = default;
    };

    // protocol.md, "Delivery": a cid below the last 64 accepted ones is stale.
    static constexpr std::size_t marks_max = 64;

    // The mark of an accepted text, or null. Valid until the next accept.
    [[nodiscard]] const mark* find(std::uint64_t cid) const;

    // The highest cid accepted so far, 0 when there is none.
    [[nodiscard]] std::uint64_t last_cid() const { return marks_.empty() ? 0 : newest().cid; }

    // Requires that cid is higher than every one before. The oldest mark makes room.
    void accept(mark accepted);

    // Oldest first.
    [[nodiscard]] std::vector<mark> marks() const;

private:
    [[nodiscard]] const mark& newest() const;
    [[nodiscard]] const mark& nth(std::size_t oldest_first) const {
        return marks_[(start_ + oldest_first) % marks_.size()];
    }

    std::vector<mark> marks_;  // a ring once it is full
    std::size_t start_ = 0;    // where the oldest stands
};

}  // namespace onechat::lobby
