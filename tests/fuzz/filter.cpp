// Any bytes as a text that is judged, and any text as rules: the filter neither crashes nor changes
// its mind, what it masks keeps its code points and loses some to `*` only, and invisible letters
// or another width hide nothing that was found.
#include "server/platform/filter/filter.hpp"

#include "tests/fuzz/target.hpp"

using namespace onechat::platform;
using namespace onechat::fuzz;

namespace {

void check_mask(std::string_view text, std::string_view shown) {
    const utf8 before = judge_utf8(text);
    if (!before.whole) {
        return;  // the codec lets none of it through
    }
    const utf8 after = judge_utf8(shown);
    must(after.whole && after.count == before.count, "a mask keeps the code points");
    must(shown != text, "a mask hides something");
    while (!text.empty()) {
        const std::size_t size = detail::code_point_at(text);
        const bool kept = shown.substr(0, size) == text.substr(0, size);
        must(kept || shown.front() == '*', "a code point stays or becomes a star");
        shown.remove_prefix(kept ? size : 1);
        text.remove_prefix(size);
    }
}

void check_verdict(const filter& judge, std::string_view text) {
    const verdict found = judge.judge(text);
    must(judge.judge(text) == found, "a verdict is the same again");
    must(found.masked.empty() || found.what == decision::mask, "only a mask shows something else");
    if (found.what == decision::mask) {
        check_mask(text, found.masked);
    }
    const verdict name = judge.judge(text, subject::nickname);
    must(name.what != decision::mask, "a nickname is not masked");
    must(name.what == decision::reject || found.what == decision::pass,
         "a nickname is judged no more kindly than a text");
    const verdict note = judge.judge(text, subject::note);
    must(note.what == decision::pass, "a note is never refused");
    must(note.flagged || (found.what == decision::pass && !found.flagged),
         "a note is flagged for whatever is found");
}

// Put behind each code point, nobody sees it.
void check_invisible(const filter& judge, std::string_view text) {
    if (!judge_utf8(text).whole) {
        return;
    }
    std::string with;
    for (std::string_view left = text; !left.empty();) {
        const std::size_t size = detail::code_point_at(left);
        with += left.substr(0, size);
        with += "\u200b";
        left.remove_prefix(size);
    }
    must(judge.judge(with).what == judge.judge(text).what, "what is invisible hides nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const filter standard;
    const std::string_view text = text_of(data, size);
    check_verdict(standard, text);
    check_invisible(standard, text);
    // Up to a line of equals signs these are rules, and what follows is judged by them.
    const auto end = text.find("\n=\n");
    if (end != std::string_view::npos) {
        const rule_list list = parse_rules(text.substr(0, end));
        for (const rule_problem& one : list.problems) {
            must(!one.sentence.empty(), "a mistake has a sentence");
        }
        if (list.problems.empty()) {
            check_verdict(filter{list}, text.substr(end + 3));
        }
    }
    return 0;
}
