#include "server/cli/bench_scan.hpp"

#include <charconv>
#include <system_error>

namespace onechat::cli {

namespace {

class cursor {
public:
    explicit cursor(std::string_view message) : rest_{message} {}

    bool literal(std::string_view expected) {
        if (!rest_.starts_with(expected)) {
            return false;
        }
        rest_.remove_prefix(expected.size());
        return true;
    }
    bool number(std::uint64_t& into) {
        const auto [stop, trouble] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), into);
        rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
        return trouble == std::errc{};
    }
    // Up to the closing quote, which is taken too.
    bool plain(std::string_view& into) {
        const auto end = rest_.find('"');
        if (end == std::string_view::npos) {
            return false;
        }
        into = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return into.find('\\') == std::string_view::npos;
    }
    [[nodiscard]] bool ended() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

}  // namespace

std::optional<scanned_ack> scan_ack(std::string_view message) {
    cursor at{message};
    scanned_ack read;
    std::uint64_t when = 0;
    const bool fits = at.literal("{\"t\":\"ack\",\"pair\":\"") && at.plain(read.pair) &&
                      at.literal(",\"cid\":") && at.number(read.cid) && at.literal(",\"seq\":") &&
                      at.number(read.seq) && at.literal(",\"at\":") && at.number(when) &&
                      at.literal("}") && at.ended();
    return fits ? std::optional{read} : std::nullopt;
}

std::optional<scanned_text> scan_partner_text(std::string_view message) {
    cursor at{message};
    scanned_text read;
    std::uint64_t when = 0;
    const bool fits = at.literal("{\"t\":\"event\",\"pair\":\"") && at.plain(read.pair) &&
                      at.literal(",\"seq\":") && at.number(read.seq) && at.literal(",\"at\":") &&
                      at.number(when) &&
                      at.literal(",\"from\":\"partner\",\"kind\":\"text\",\"text\":\"") &&
                      at.plain(read.text) && at.literal("}") && at.ended();
    return fits ? std::optional{read} : std::nullopt;
}

}  // namespace onechat::cli
