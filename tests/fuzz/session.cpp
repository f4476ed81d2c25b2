// Whole sessions over fake connections: who comes, says what, goes, how late the store answers and
// when the process dies, each is a byte. What must hold whatever happens is in witness.hpp (for one
// connection) and town.hpp (for all).
#include "tests/fuzz/town.hpp"

#include <openssl/rand.h>

#include <random>

using namespace onechat;
using namespace onechat::fuzz;

namespace {

std::mt19937 chance;

// $p a pair, $c a cid, $n a number, $t a text, $k a token, $x a word; $r a request number, or none.
constexpr std::array<std::string_view, 30> templates{
    R"({"t":"hello","v":1,"login":{"provider":"guest"}$r})",
    R"({"t":"hello","v":1,"token":"$k"$r})",
    R"({"t":"hello","v":1,"token":"$k","held":$h$r})",
    R"({"t":"hello","v":1,"token":"$k","held":{"pair":"$p","seq":$n,"epoch":$e}})",
    R"({"t":"find"$r})",
    R"({"t":"find","topics":["$x"]$r})",
    R"({"t":"find","topics":["$x","$x"],"nickname":"$t","avatar":"fox"})",
    R"({"t":"cancel"$r})",
    R"({"t":"say","cid":$c,"text":"$t"$r})",
    R"({"t":"say","cid":$c,"text":"$t"$r})",
    R"({"t":"say","cid":$c,"text":"$t","pair":"$p"$r})",
    R"({"t":"say","cid":$n,"text":"$t"})",
    R"({"t":"typing","on":true})",
    R"({"t":"typing","on":false,"pair":"$p"})",
    R"({"t":"seen","seq":$n})",
    R"({"t":"recall","seq":$n$r})",
    R"({"t":"leave"$r})",
    R"({"t":"leave","pair":"$p"$r})",
    R"({"t":"next"$r})",
    R"({"t":"next","pair":"$p","topics":["$x"]$r})",
    R"({"t":"away"})",
    R"({"t":"history","pair":"$p","before":$n,"limit":$n$r})",
    R"({"t":"pairs","limit":$n$r})",
    R"({"t":"clear","pair":"$p"$r})",
    R"({"t":"block","pair":"$p"$r})",
    R"({"t":"unblock","pair":"$p"$r})",
    R"({"t":"report","pair":"$p","reason":"spam","note":"$t"$r})",
    R"({"t":"export"$r})",
    R"({"t":"erase","confirm":true$r})",
    R"({"t":"logout"$r})"};
constexpr std::array<std::string_view, 3> plain{R"({"t":"ping"$r})",
                                                R"({"t":"history","pair":"$p"$r})",
                                                R"({"t":"notify","templates":["$x"]$r})"};

switchboard_options options_of(unsigned flags) {
    switchboard_options options;
    options.rate_limits = (flags & 1U) != 0;
    options.lobby.match_round = (flags & 2U) != 0 ? 0ms : 200ms;
    options.topics = {{"a", "A", ""}, {"b", "B", "hint"}};
    if ((flags & 4U) != 0) {
        options.limits.blocks_max = 1;
        options.limits.store_requests_max = 1;
        options.lobby.people_max = 3;
    }
    if ((flags & 8U) != 0) {
        options.messages = lobby::rate{5, 1s, 8};
        options.reports = lobby::rate{1, 1s, 1};
        options.guest_logins = lobby::rate{1, 1s, 2};
        options.lobby.texts = lobby::rate{1, 1s, 3};
        options.lobby.finds = lobby::rate{1, 1s, 2};
    }
    options.lobby.away_time = (flags & 16U) != 0 ? 0ms : 20s;
    options.lobby.rematch_after = 1s;
    return options;
}

class player {
public:
    explicit player(std::string_view bytes) : left_{bytes}, scene_{options_of(left_.byte())} {}

    void play() {
        for (int step = 0; step < steps_max && left_.any(); ++step) {
            act(left_.byte());
            scene_.end_turn();
        }
        scene_.wind_up();
    }

private:
    static constexpr int steps_max = 400;
    static constexpr std::size_t lines_max = 8;

    void act(unsigned what) {
        if (what < 128) {
            return say(templates[(what >> 2) % templates.size()], what & 3U);
        }
        const std::array<std::chrono::milliseconds, 8> times{1ms,    100ms, 200ms, 1s,
                                                             3100ms, 11s,   21s,   121s};
        switch (what & 15U) {
            case 0:
                return come(left_.byte());
            case 1:
            case 2:
                return scene_.pass(times[left_.byte() % times.size()]);
            case 3:
                return scene_.commit(left_.byte());
            case 4:
                return scene_.answer(left_.byte() != 255);
            case 5:
                return scene_.hear_of_commit();
            case 6:
                return scene_.hear_of_answer();
            case 7:
            case 8:
                scene_.settle();
                return scene_.pass(200ms);
            case 9:
                return say(plain[left_.byte() % plain.size()], what >> 4 & 3U);
            case 10:
                return trouble(left_.byte());
            case 11:
                return with_line(what >> 4, [this](int id, witness&) { scene_.drop(id); });
            case 12:
                return with_line(what >> 4, [this](int id, witness& line) {
                    line.reads = !line.reads;
                    scene_.drain(id);
                });
            case 13:
                return with_line(what >> 4, [this](int id, witness&) {
                    const auto size = left_.byte();
                    scene_.say(id, left_.take(size));
                });
            case 14:
                return with_line(what >> 4, [this](int, witness& line) { flood(line); });
            default:
                return scene_.settle();
        }
    }

    void come(unsigned who) {
        if (scene_.lines.size() == lines_max) {
            scene_.drop(scene_.lines.begin()->first);
        }
        who_ = who % scene_.people.size();
        scene_.connect(who_);
        const bool known = !scene_.people[who_].token.empty();
        const bool held = scene_.people[who_].held.has_value();
        if ((who & 64U) == 0) {
            scene_.say(scene_.lines.rbegin()->first,
                       filled(templates[known ? held ? 2 : 1 : 0], *scene_.lines.rbegin()->second));
        }
    }

    void trouble(unsigned what) {
        switch (what % 8) {
            case 0:
                return scene_.disk_full(!scene_.is_disk_full());
            case 1:
                scene_.store.reads_fit = !scene_.store.reads_fit;
                return;
            case 2:
                return scene_.start();
            case 3:
                return scene_.lose_disk(left_.byte());
            case 4:
                scene_.board->drain();
                scene_.settle();
                return scene_.start();
            case 5:
                return scene_.pass(1s, std::chrono::hours{static_cast<int>(left_.byte()) - 128});
            case 6:
                scene_.store.state = lobby::store_state::busy;
                return;
            default:
                return with_line(what >> 4, [this](int id, witness&) {
                    scene_.board->dismiss(static_cast<lobby::session_id>(id),
                                          protocol::close_code::idle, scene_.now);
                });
        }
    }

    // Many long texts, so that pages, frames and outboxes fill.
    void flood(witness& line) {
        const unsigned count = left_.byte();
        const std::string text(left_.byte() * 8U, (count & 1U) != 0 ? 'x' : ' ');
        for (unsigned n = 0; n < count / 8; ++n) {
            std::string json = R"({"t":"say","cid":)" + next_cid(line, 1) + R"(,"text":)";
            protocol::json::write_string(json, text);
            scene_.say(id_of(line), json + "}");
        }
    }

    template <class F>
    void with_line(std::size_t which, F&& f) {
        if (!scene_.lines.empty()) {
            auto line = scene_.lines.begin();
            std::advance(line, which % scene_.lines.size());
            f(line->first, *line->second);
        }
    }
    int id_of(const witness& line) const {
        return std::ranges::find_if(scene_.lines,
                                    [&](const auto& one) { return one.second.get() == &line; })
            ->first;
    }

    void say(std::string_view what, std::size_t which) {
        with_line(which, [&](int id, witness& line) { scene_.say(id, filled(what, line)); });
    }

    // ---- what stands for a $ ----

    std::string filled(std::string_view what, const witness& line) {
        std::string out;
        for (std::size_t at = what.find('$'); at != what.npos; at = what.find('$')) {
            out.append(what.substr(0, at)).append(value(what[at + 1], line));
            what.remove_prefix(at + 2);
        }
        return out.append(what);
    }
    std::string value(char kind, const witness& line) {
        const town::person& me = scene_.people[who_];
        switch (kind) {
            case 'p':
                return pair(left_.byte(), line);
            case 'c':
                return next_cid(line, left_.byte());
            case 'n':
                return number(left_.byte());
            case 't':
                return text(left_.byte());
            case 'k':
                return me.token;
            case 'h': {
                std::string held;
                protocol::write_fields(held, me.held.value_or(protocol::client::held_position{}));
                return held;
            }
            case 'e':
                return std::to_string(line.epoch + left_.byte() - 128);
            case 'x':
                return std::string(1, static_cast<char>('a' + left_.byte() % 3));
            default:
                return (left_.byte() & 1U) != 0 ? R"(,"rid":7)" : "";
        }
    }
    std::string pair(unsigned which, const witness& line) const {
        if (line.paired && which < 128) {
            return *line.paired;
        }
        std::set<std::string> known;
        for (const auto& [id, other] : scene_.lines) {
            for (const auto& [name, view] : other->views) {
                known.insert(name);
            }
        }
        if (known.empty()) {
            return "nobody";
        }
        auto one = known.begin();
        std::advance(one, which % known.size());
        return *one;
    }
    std::string next_cid(const witness& line, unsigned step) {
        std::uint64_t last = 0;
        if (line.user && line.paired) {
            last = scene_.all.people[*line.user].last_cid[*line.paired];
        }
        return std::to_string(step < 128 ? last + step % 4
                                         : last - std::min<std::uint64_t>(last, step - 128U));
    }
    static std::string number(unsigned which) {
        constexpr std::array<std::string_view, 8> odd{
            "-1",  "4294967295",           "4294967296", "9007199254740991", "9007199254740992",
            "5.0", "18446744073709551616", "null"};
        return which < 248 ? std::to_string(which) : std::string{odd[which - 248]};
    }
    std::string text(unsigned size) {
        if (size == 255) {
            return std::string(2000, 'y');
        }
        return std::string{left_.take(size % 8)};
    }

    decisions left_;
    town scene_;
    std::size_t who_ = 0;  // who came last
};

}  // namespace

// Chance that comes again, so that an input does each time what it did when it was found. It takes
// the place of libcrypto's for this whole program.
extern "C" int RAND_bytes(unsigned char* to, int count) {
    std::generate_n(to, count, [] { return static_cast<unsigned char>(chance()); });
    return 1;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chance.seed(1);
    player{text_of(data, size)}.play();
    return 0;
}
