// Any text as a message of either direction: what is accepted keeps the limits of its table, by a
// walk of its own over that table, and says the same when it is written and read again; what is
// refused is refused in words that the other side can read.
#include "protocol/codec.hpp"

#include "tests/fuzz/target.hpp"

#include <algorithm>

using namespace onechat::protocol;
using namespace onechat::fuzz;

namespace {

// ---- does a value keep its limit? ----

void check_text(std::string_view text) {
    must(judge_utf8(text).whole && text.find('\0') == text.npos, "a text is Unicode without NUL");
}
void check_limit(std::string_view, unlimited) {}
void check_limit(std::string_view text, code_points limit) {
    const auto count = judge_utf8(text).count;
    must(count >= limit.min && count <= limit.max, "a text has as many code points as it may");
}
void check_limit(std::string_view text, bytes limit) {
    must(text.size() >= limit.min && text.size() <= limit.max, "an id has a length");
}
void check_limit(std::string_view text, one_of limit) {
    must(std::ranges::count(limit.values, text) == 1, "a word is one of those listed");
}
void check_limit(std::int64_t value, at_least limit) {
    must(value >= limit.min, "a number is not too small");
}
void check_limit(std::int64_t value, between limit) {
    must(value >= limit.min && value <= limit.max, "a number is in its range");
}
void check_limit(std::int64_t value, exactly limit) {
    must(value == limit.value, "a number is the one that it must be");
}
void check_limit(std::int64_t, unlimited) {}

template <class Limit>
void check(const std::string& text, const Limit& limit) {
    check_text(text);
    check_limit(text, limit);
}
template <wire_integer T, class Limit>
void check(T value, const Limit& limit) {
    constexpr std::int64_t exact = (std::int64_t{1} << 53) - 1;
    must(value <= static_cast<T>(exact) && static_cast<std::int64_t>(value) >= -exact,
         "JavaScript can hold a number");
    check_limit(static_cast<std::int64_t>(value), limit);
}
template <class Limit>
void check(bool value, const Limit&) {
    must(!std::same_as<Limit, must_be_true> || value, "what must be true is");
}
template <described_enum Enum>
void check(Enum value, unlimited) {
    must(static_cast<std::size_t>(value) < words_of<Enum>.size(), "a word is one of its list");
}
template <described T>
void check(const T& value, unlimited);
template <class T>
void check(const std::vector<T>& list, unlimited) {
    for (const T& each : list) {
        check(each, unlimited{});
    }
}
inline void check(const std::vector<std::string>& list, const items& limit) {
    must(list.size() <= limit.max, "a list is not too long");
    for (const std::string& each : list) {
        check(each, limit.each);
    }
}
template <class T, class Limit>
void check(const std::optional<T>& value, const Limit& limit) {
    if (value) {
        check(*value, limit);
    }
}
template <described T>
void check(const T& value, unlimited) {
    for_each_field<T>([&](const auto& field) {
        check(value.*field.member, field.limit);
        return true;
    });
}

// ---- what was said, and the same written and read again ----

template <class Envelope>
std::string written(const Envelope& said) {
    std::string out;
    write(out, said.message, said.rid);
    return out;
}

template <class Envelope, class Parse>
void check_accepted(const Envelope& said, std::string_view text, Parse parse_again) {
    must(text.find('\0') == text.npos && judge_utf8(text).whole, "a message is UTF-8");
    std::visit([](const auto& message) { check(message, unlimited{}); }, said.message);
    check(said.rid, unlimited{});

    const std::string once = written(said);
    const auto again = parse_again(once);
    must(again.has_value(), "what is written is read");
    must(written(*again) == once, "what is read is written as it was");
    must(again->rid == said.rid, "a request keeps its number");
}

void check_request(const request& said, std::string_view text) {
    check_accepted(said, text, [](std::string_view one) { return parse(one); });
    must(parse(written(said))->message == said.message, "a request means the same again");
    if (const auto* hello = std::get_if<client::hello>(&said.message)) {
        must(hello->login || hello->token, "a hello says who it is");
    }
    const auto* spoken = std::get_if<client::say>(&said.message);
    if (spoken == nullptr) {
        return;
    }
    if (text.find('\\') == text.npos) {
        must(text.find('"' + spoken->text + '"') != text.npos, "a text is what was said");
    }
    server::event told;
    told.text = spoken->text;
    std::string frame;
    write(frame, told);
    const auto heard = parse_server(frame);
    must(std::get<server::event>(heard->message).text == spoken->text,
         "a text arrives byte for byte");
    must(frame.size() <= limits::server_frame_bytes_max, "a text fits a frame");
}

void check_refused(const reject& why) {
    must(why.code == refusal::bad_json || why.code == refusal::unknown_type ||
             why.code == refusal::bad_field || why.code == refusal::too_long,
         "the codec refuses by its own codes only");
    const bool of_a_field = why.code == refusal::bad_field || why.code == refusal::too_long;
    must(of_a_field == why.field.has_value(), "a field is named when one is to blame");
    must(!why.text.empty() && judge_utf8(why.text).whole, "a refusal has a sentence");
    const answer told{answer_to(why), why.rid};
    const std::string frame = written(told);
    must(frame.size() < limits::kibibyte * 4, "a refusal is short");
    const auto heard = parse_server(frame);
    must(heard.has_value() && heard->rid == why.rid, "a refusal is readable, and answers");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    if (const auto said = parse(text)) {
        check_request(*said, text);
    } else {
        check_refused(said.error());
    }
    if (const auto told = parse_server(text)) {
        check_accepted(*told, text, [](std::string_view one) { return parse_server(one); });
    } else {
        check_refused(told.error());
    }
    return 0;
}
