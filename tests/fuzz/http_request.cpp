// The head of a request, cut anywhere, and what request smuggling lives on: two readers of the same
// bytes must not disagree where the head ends, how long the body is, or for which host it is.
#include "server/net/http_head.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

using namespace onechat::net;
using namespace onechat::fuzz;
using state = request_head::state;

namespace {

using field = std::pair<std::string, std::string>;

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Line by line, as the simplest proxy would.
std::vector<field> fields_of(std::string_view head) {
    std::vector<field> found;
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.starts_with("\r\n")) {
        const auto line = head.substr(0, head.find("\r\n"));
        const auto colon = line.find(':');
        must(colon != line.npos && colon != 0, "each line of an accepted head is a field");
        const auto name = line.substr(0, colon);
        must(std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; }),
             "a field's name has neither blanks nor controls");
        auto value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        value = value.substr(0, value.find_last_not_of(" \t") + 1);
        found.emplace_back(lower(name), value);
        head.remove_prefix(line.size() + 2);
    }
    return found;
}

void check_accepted(const request_head& head, std::string_view received) {
    const std::size_t skipped = received.starts_with("\r\n") ? 2 : 0;
    must(head.head_bytes == received.find("\r\n\r\n", skipped) + 4,
         "the head ends with the first empty line");
    must(head.head_bytes <= head_bytes_max + skipped, "a head has a limit");
    const auto text = received.substr(skipped, head.head_bytes - skipped);
    must(text.find('\0') == text.npos, "no head holds a NUL");
    for (std::size_t i = 0; i < text.size(); ++i) {
        must(text[i] != '\n' || text[i - 1] == '\r', "no line ends with a line feed alone");
        must(text[i] != '\r' || text[i + 1] == '\n', "a carriage return ends a line");
    }
    const auto line = text.substr(0, text.find("\r\n"));
    must(std::ranges::count(line, ' ') == 2, "a request line has three words");
    must(line.ends_with(head.http_1_1 ? " HTTP/1.1" : " HTTP/1.0") || !head.http_1_1,
         "the version is the one that was said");
    must(line.starts_with(head.request.method + " "), "the method is the one that was said");
    must(head.request.path.starts_with('/'), "a path begins with a slash");
    must(head.request.path.size() + head.request.query.size() <= target_bytes_max + 1,
         "a target has a limit");
    must(head.request.query.find("token=") != 0, "no token stands in a URL");

    const auto fields = fields_of(text);
    must(fields.size() <= headers_max, "the number of fields has a limit");
    must(fields.size() == head.request.headers.size(), "no field is lost or made up");
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    for (const auto& [name, value] : fields) {
        hosts += name == "host" ? 1U : 0U;
        must(name != "transfer-encoding", "no transfer coding is accepted");
        if (name == "content-length") {
            ++lengths;
            must(!value.empty() && value.find_first_not_of("0123456789") == value.npos,
                 "a length is made of digits");
            const auto digits = value.substr(std::min(value.find_first_not_of('0'), value.size()));
            must(std::to_string(head.body_bytes) == (digits.empty() ? "0" : digits),
                 "the body is as long as its length says");
        }
    }
    must(hosts == 1, "exactly one host is named");
    must(lengths <= 1 && (lengths == 1 || head.body_bytes == 0), "one length, or no body");
    must(!head.request.header("Host").empty(), "the host is no empty one");
    static_cast<void>(head.request.lists("Connection", "upgrade"));
    static_cast<void>(head.request.query_value("x"));
}

bool same(const request_head& one, const request_head& other) {
    const auto is = [](const http_header& a, const http_header& b) {
        return a.name == b.name && a.value == b.value;
    };
    return one.what == other.what && one.head_bytes == other.head_bytes &&
           one.body_bytes == other.body_bytes && one.http_1_1 == other.http_1_1 &&
           one.keep_alive == other.keep_alive && one.request.method == other.request.method &&
           one.request.path == other.request.path && one.request.query == other.request.query &&
           std::ranges::equal(one.request.headers, other.request.headers, is);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view received = text_of(data, size - 1);
    cuts cut{data[size - 1]};  // at the end, so that the kept inputs begin like requests

    const auto whole = read_request_head(received);
    if (whole.what == state::complete) {
        check_accepted(whole, received);
    } else if (whole.what == state::refused) {
        constexpr std::array<unsigned, 4> known{400, 414, 431, 501};
        must(std::ranges::count(known, whole.refusal.status) == 1, "a refusal has a known status");
        must(whole.refusal.close, "nothing is read behind what was refused");
        const auto told = write_answer(whole.refusal, false, false);
        const auto heard = read_response_head(told);
        must(heard.what == response_head::state::complete && heard.status == whole.refusal.status &&
                 told.substr(heard.head_bytes) == whole.refusal.body,
             "a client understands a refusal");
    } else {
        must(received.size() <= head_bytes_max + 2, "what is awaited has a limit");
    }

    // As it comes from a socket: the first piece with an answer decides. Which of several faults is
    // named may depend on the cuts, whether there is one may not.
    request_head pieced;
    std::string pieces;
    for (decisions left{received}; left.any() && pieced.what == state::incomplete;) {
        pieces += left.take(cut.next() * 16);
        pieced = read_request_head(pieces);
    }
    must(same(pieced, whole), "the cuts change nothing");

    const auto response = read_response_head(received);
    if (response.what == response_head::state::complete) {
        must(response.head_bytes == received.find("\r\n\r\n") + 4, "an answer ends likewise");
        must(response.status <= 999, "a status has three digits");
    }
    return 0;
}
