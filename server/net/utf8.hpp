// Whether bytes are well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above
// U+10FFFF. Whole or in pieces. Decodes nothing. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace onechat::net {

class utf8_validator {
public:
    // False as soon as no continuation could make it well-formed; don't feed any more then.
    [[nodiscard]] bool feed(std::string_view bytes);
    // Whether the text may end here.
    [[nodiscard]] bool complete() const { return awaited_ == 0; }

private:
    std::uint8_t awaited_ = 0;  // continuation bytes still to come
    std::uint8_t low_ = 0x80;   // what the next of them may be
    std::uint8_t high_ = 0xBF;
};

[[nodiscard]] bool is_utf8(std::string_view bytes);

}  // namespace onechat::net
