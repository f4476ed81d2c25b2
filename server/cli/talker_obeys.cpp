// What the person says to a talker.
#include "protocol/limits.hpp"
#include "server/cli/talker.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::cli {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::user_state;

bool talker::wants_lines() const {
    return welcomed_once_ && !finished_ && !quit_by_ && !end_by_ &&
           !(current_ && current_->texts.full());
}

void talker::typed(std::string_view line, time_point now, actions& out) {
    assert(wants_lines());
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    // Counted first: of a line that is far too long only the beginning is read.
    if (protocol::code_points_in(line) > protocol::limits::text_code_points_max) {
        refuse(out, "not sent: a text has at most " +
                        std::to_string(protocol::limits::text_code_points_max) + " characters");
    } else if (!protocol::valid_utf8(line) || line.find('\0') != std::string_view::npos) {
        refuse(out, "not sent: this line is not UTF-8 text");
    } else if (line.empty()) {
        if (!current_ || current_->parts == parting::leave) {
            search(now, out);
        }
    } else if (line.starts_with("//")) {
        say(std::string{line.substr(1)}, out);
    } else if (line.starts_with('/')) {
        command(line, now, out);
    } else {
        say(std::string{line}, out);
    }
    if (!finished_) {
        pump(now, out);
    }
}

void talker::command(std::string_view line, time_point now, actions& out) {
    const auto space = std::min(line.find(' '), line.size());
    const std::string_view name = line.substr(0, space);
    if (name == "/leave") {
        leave(now, out);
    } else if (name == "/next") {
        search(now, out);
    } else if (name == "/find") {
        search_for(line.substr(space), now, out);
    } else if (name == "/topics") {
        list_topics(out);
    } else if (name == "/quit") {
        leave_and_quit(now, out);
    } else if (name == "/help") {
        for (const char* const row :
             {"  a line           is said to your partner; //x says /x",
              "  /leave           leaves the chat, or stops looking",
              "  /next, Enter     looks for somebody else; /next also leaves the chat",
              "  /find [TOPIC]... looks for somebody on these topics, or on any",
              "  /topics          lists the topics", "  /quit, Ctrl-D    leaves and ends"}) {
            tell(out, tone::notice, row);
        }
    } else {
        refuse(out, "no such command: " + visible(name) + "; /help lists them, and //x says /x");
    }
}

void talker::say(std::string text, actions& out) {
    if (!current_) {
        not_sent(out, text, searches_ ? "nobody is here yet" : "nobody is here");
    } else if (current_->parts != parting::none) {
        not_sent(out, text, "you are leaving this chat");
    } else {
        current_->texts.add(std::move(text));
    }
}

void talker::leave(time_point now, actions& out) {
    const bool looked = std::exchange(searches_, false);
    if (current_) {
        if (current_->parts == parting::none) {
            current_->parts = parting::leave;
            ask(now, out);
        } else if (looked && link_ == link::welcomed) {
            request(client::cancel{}, now, out);  // wherever `next` has brought us by now
        }
    } else if (!looked) {
        refuse(out, "you are in no chat");
    } else if (link_ == link::welcomed && (state_ == user_state::waiting || answer_due_)) {
        request(client::cancel{}, now, out);
    } else {
        ask_again_at_.reset();
        search_told_ = false;
        hint(out);
    }
}

void talker::search(time_point now, actions& out) {
    if (searches_ && !topics_changed_) {
        return;  // under way
    }
    searches_ = true;
    if (current_ && current_->parts == parting::leave) {
        return;  // first comes the `idle` of that
    }
    if (current_ && current_->parts == parting::none) {
        current_->parts = parting::next;
    }
    ask(now, out);
}

void talker::search_for(std::string_view topics, time_point now, actions& out) {
    if (current_ && current_->parts == parting::none) {
        refuse(out, "you are in a chat; /next or /leave ends it");
        return;
    }
    std::vector<std::string> wanted;
    while (!topics.empty()) {
        const auto end = std::min(topics.find(' '), topics.size());
        if (end > 0) {
            wanted.emplace_back(topics.substr(0, end));
        }
        topics.remove_prefix(std::min(end + 1, topics.size()));
    }
    if (wanted.size() > protocol::limits::topics_max ||
        std::ranges::any_of(wanted, [](const std::string& id) {
            return id.size() > protocol::limits::id_bytes_max;
        })) {
        refuse(out, "at most " + std::to_string(protocol::limits::topics_max) +
                        " topics, as /topics lists them");
        return;
    }
    options_.topics = std::move(wanted);
    topics_changed_ = true;
    search_told_ = false;
    search(now, out);
}

void talker::list_topics(actions& out) const {
    for (const server::topic_info& topic : topics_) {
        std::string row = "  " + visible(topic.id) + "  " + visible(topic.title);
        if (!topic.hint.empty()) {
            row += ": " + visible(topic.hint);
        }
        tell(out, tone::notice,
             row + " (waiting: " + std::string{protocol::name_of(topic.waiting)} + ")");
    }
}

}  // namespace onechat::cli
