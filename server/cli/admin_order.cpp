#include "server/cli/admin_order.hpp"

#include "server/admin/bodies.hpp"
#include "server/cli/admin_print.hpp"
#include "server/cli/flags.hpp"
#include "server/net/http_client.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <system_error>

namespace onechat::cli {

namespace {

constexpr std::size_t depth_max = 8;

template <class T>
std::string show_one(const std::string& body) {
    const auto read = protocol::parse_fields<T>(body, depth_max);
    return read ? list_of(*read) : std::string{};
}

// A page: its list as a table, and how the next one is asked for.
template <class Page, auto entries>
std::string show_page(const std::string& body) {
    const auto read = protocol::parse_fields<Page>(body, depth_max);
    if (!read) {
        return {};
    }
    std::string out = table_of((*read).*entries);
    if constexpr (requires { read->next; }) {
        out += read->next ? "\nmore: --before " + visible(*read->next) + "\n" : "";
    }
    return out;
}

// Where a server that was started by hand has its data, else where the package's has.
const char* usual_data() {
    constexpr const char* packaged = "/var/lib/onechat";
    std::error_code unknown;
    const bool elsewhere =
        !std::filesystem::exists("data", unknown) && std::filesystem::exists(packaged, unknown);
    return elsewhere ? packaged : "data";
}

// As lists, since a text may be long.
std::string show_records(const std::string& body) {
    const auto read = protocol::parse_fields<admin::export_page>(body, depth_max);
    if (!read) {
        return {};
    }
    std::string out;
    for (const auto& record : read->records) {
        out += list_of(record) + "\n";
    }
    return out.empty() ? "\n" : out;
}

std::string rest_of_export(const std::string& body) {
    const auto read = protocol::parse_fields<admin::export_page>(body, depth_max);
    return read && read->next ? "?after=" + admin_encoded(*read->next) : std::string{};
}

std::string json_string(const std::string& text) {
    std::string out;
    protocol::json::write_string(out, text);
    return out;
}

// What an id is; the empty text says that it is one.
std::string is_number(const std::string& text) {
    const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
    return digits && !text.empty() && text.size() <= 18 ? "" : "\"" + text + "\" is no number";
}

// The parts of a command line that several commands share, and the commands.
class commands {
public:
    explicit commands(admin_reading& into)
        : flags_{"Asks a running server's operator API. The token comes from "
                 "ONECHAT_ADMIN_TOKEN or a file, never from the command line.",
                 "onechat admin"},
          into_{into} {
        const auto from_environment = [](const char* name, const char* otherwise) {
            const char* value = std::getenv(name);
            return std::string{value == nullptr || *value == '\0' ? otherwise : value};
        };
        into.settings.url = from_environment("ONECHAT_ADMIN_URL", "");
        into.settings.token_file = from_environment("ONECHAT_DATA", usual_data()) + "/admin.token";
        flags_.add_option("--url", into.settings.url,
                          "Where --admin-listen listens; else as the server says in admin.address "
                          "beside the token file");
        flags_.add_option("--token-file", into.settings.token_file, "The file that holds a token")
            ->capture_default_str();
        flags_.add_flag("--json", into.settings.json, "The answer as it comes, for programs");
        flags_.require_subcommand(1);
        flags_.fallthrough();
        figures();
        users();
        records();
        reports();
        upkeep();
        backups();
        tokens();
    }

    [[nodiscard]] CLI::App& flags() { return flags_; }

private:
    using finish = std::function<void(admin_order&)>;

    // The reason where none was given and none is demanded.
    static void by_default(admin_order& to) {
        if (to.why.empty()) {
            to.why = "by the command line";
        }
    }
    CLI::App* add(CLI::App& under, const char* name, const char* meaning, finish done) {
        CLI::App* one = under.add_subcommand(name, meaning);
        one->fallthrough();
        one->final_callback([this, done = std::move(done)] { done(into_.order); });
        return one;
    }
    CLI::App* group(const char* name, const char* meaning) {
        CLI::App* one = flags_.add_subcommand(name, meaning);
        one->fallthrough();
        one->require_subcommand(1);
        return one;
    }
    void id(CLI::App* to, const char* name, std::string& into) {
        to->add_option(name, into, "Its number")->required()->check(is_number);
    }
    void why(CLI::App* to) {
        to->add_option("--why", into_.order.why, "The reason, for the audit")->required();
    }
    // What concerns nobody's record says for itself why it is done.
    void why_if_asked(CLI::App* to) {
        to->add_option("--why", into_.order.why, "The reason, for the audit")
            ->default_str("by the command line");
    }
    void page(CLI::App* to) {
        to->add_option("--limit", limit_, "How many")->check(CLI::Range(1, 100));
        to->add_option("--before", before_, "As the page before says");
    }
    void state(CLI::App* to, std::vector<std::string> words) {
        to->add_option("--state", state_, "Only those")->check(CLI::IsMember(std::move(words)));
    }
    [[nodiscard]] std::string query() const {
        std::string out;
        const auto add = [&out](const char* name, const std::string& value) {
            if (!value.empty()) {
                out += std::string{out.empty() ? "?" : "&"} + name + "=" + admin_encoded(value);
            }
        };
        add("state", state_);
        add("limit", limit_);
        add("before", before_);
        return out;
    }

    void figures() {
        add(flags_, "stats", "What the server does just now", [](admin_order& to) {
            to.path = "/stats";
            to.show = show_one<admin::stats>;
        });
    }

    void users() {
        auto* list = add(
            flags_, "users", "Users, newest first, or those a word names", [this](admin_order& to) {
                to.show = show_page<admin::user_page, &admin::user_page::users>;
                to.path = "/users" + query();
                if (word_.empty()) {
                    return;
                }
                to.method = "POST";
                to.path = "/users/search";
                to.body = "{\"query\":" + json_string(word_);
                to.body += state_.empty() ? "" : ",\"state\":" + json_string(state_);
                to.body += limit_.empty() ? "" : ",\"limit\":" + limit_;
                to.body += before_.empty() ? "" : ",\"before\":" + json_string(before_);
                to.body += "}";
            });
        list->add_option("QUERY", word_, "A user's id, alias or OpenID, whole");
        state(list, {"active", "banned", "muted", "erased"});
        page(list);

        auto* one = add(flags_, "user", "One user", [this](admin_order& to) {
            to.path = "/users/" + id_;
            to.show = show_one<admin::user>;
        });
        id(one, "USER", id_);

        auto* account = add(flags_, "account", "A user's OpenID", [this](admin_order& to) {
            to.path = "/users/" + id_ + "/account";
            to.show = show_one<admin::platform_account>;
        });
        id(account, "USER", id_);
        why(account);

        auto* access =
            add(flags_, "access", "A user's logins, newest first", [this](admin_order& to) {
                to.path = "/users/" + id_ + "/access" + query();
                to.show = show_page<admin::access_page, &admin::access_page::entries>;
            });
        id(access, "USER", id_);
        why(access);
        page(access);

        auto* whole = add(flags_, "export", "What the server knows of a user, for them",
                          [this](admin_order& to) {
                              to.path = "/users/" + id_ + "/export";
                              to.show = show_records;
                              to.rest = rest_of_export;
                          });
        id(whole, "USER", id_);
        why(whole);

        auto* ban = add(flags_, "ban", "Bans a person", [this](admin_order& to) {
            to.method = "POST";
            to.path = "/users/" + id_ + "/ban";
            to.body = days_.empty() ? for_ever_ ? R"({"for_ever":true})" : "{}"
                                    : "{\"days\":" + days_ + "}";
            to.show = show_one<admin::banned>;
        });
        id(ban, "USER", id_);
        why(ban);
        auto* days = ban->add_option("--days", days_, "How long; else as the server's terms say")
                         ->check(CLI::Range(1, 36500));
        ban->add_flag("--for-ever", for_ever_, "Without an end")->excludes(days);

        auto* unban = add(flags_, "unban", "Ends a person's bans", [this](admin_order& to) {
            to.method = "DELETE";
            to.path = "/users/" + id_ + "/ban";
            to.show = show_one<admin::lifted>;
        });
        id(unban, "USER", id_);
        why(unban);
    }

    void records() {
        auto* pairs = add(flags_, "pairs", "Whom a user has met", [this](admin_order& to) {
            to.path = "/users/" + id_ + "/pairs" + query();
            to.show = show_page<admin::pair_page, &admin::pair_page::pairs>;
        });
        id(pairs, "USER", id_);
        why(pairs);
        page(pairs);

        auto* events = add(flags_, "events", "What happened in a pair", [this](admin_order& to) {
            to.path = "/pairs/" + id_ + "/events" + query();
            to.show = show_page<admin::record, &admin::record::events>;
        });
        id(events, "PAIR", id_);
        why(events);
        page(events);

        auto* removal = group("delete", "Erases a user, or takes texts away");
        auto* user =
            add(*removal, "user", "As if the user had asked for it", [this](admin_order& to) {
                to.method = "DELETE";
                to.path = "/users/" + id_;
                to.show = show_one<admin::erasure>;
            });
        id(user, "USER", id_);
        why(user);
        auto* texts =
            add(*removal, "events", "One text of a pair, or all", [this](admin_order& to) {
                if (seq_.empty() && !all_) {
                    throw CLI::ValidationError{"delete events", "name one SEQ, or say --all"};
                }
                to.method = "DELETE";
                to.path = "/pairs/" + id_ + "/events" + (seq_.empty() ? "" : "/" + seq_);
                to.show = show_one<admin::removed>;
                to.until_done = seq_.empty();
            });
        id(texts, "PAIR", id_);
        auto* seq = texts->add_option("SEQ", seq_, "Of the one text")->check(is_number);
        texts->add_flag("--all", all_, "All texts of the pair")->excludes(seq);
        why(texts);
    }

    void reports() {
        auto* list = add(flags_, "reports", "Reports, newest first", [this](admin_order& to) {
            to.path = "/reports" + query();
            to.show = show_page<admin::report_page, &admin::report_page::reports>;
        });
        state(list, {"open", "resolved"});
        page(list);
        auto* flagged = add(flags_, "flags", "What moderation flagged", [this](admin_order& to) {
            to.path = "/flags" + query();
            to.show = show_page<admin::flag_page, &admin::flag_page::flags>;
        });
        page(flagged);
        auto* one = add(flags_, "report", "One report with its evidence", [this](admin_order& to) {
            to.path = "/reports/" + id_;
            to.show = show_one<admin::report>;
        });
        id(one, "REPORT", id_);
        why(one);
        auto* resolve =
            add(flags_, "resolve", "Notes that somebody has looked", [this](admin_order& to) {
                to.method = "POST";
                to.path = "/reports/" + id_ + "/resolve";
                to.body = all_ ? R"({"person":true})" : "{}";
                to.show = show_one<admin::resolved>;
            });
        id(resolve, "REPORT", id_);
        why(resolve);
        resolve->add_flag("--person", all_, "All open ones about the same person");
    }

    void upkeep() {
        auto* audit = add(flags_, "audit", "What operators did and read", [this](admin_order& to) {
            to.path = "/audit" + query();
            to.show = show_page<admin::audit_page, &admin::audit_page::entries>;
        });
        page(audit);
        auto* erasure =
            add(flags_, "erasure", "How far an erasure has come", [this](admin_order& to) {
                to.path = "/erasures/" + admin_encoded(word_);
                to.show = show_one<admin::erasure>;
            });
        erasure->add_option("RECEIPT", word_, "As the user was told")->required();
        auto* close = add(flags_, "close", "Closes a connection", [this](admin_order& to) {
            to.method = "POST";
            to.path = "/sessions/" + id_ + "/close";
            to.show = show_one<admin::done>;
        });
        id(close, "SESSION", id_);
        why(close);
    }

    void backups() {
        add(flags_, "backups", "The backups that are there", [](admin_order& to) {
            to.path = "/backups";
            to.show = show_page<admin::backup_list, &admin::backup_list::backups>;
        });
        auto* one =
            add(flags_, "backup", "Begins a backup of the running server", [this](admin_order& to) {
                to.method = "POST";
                to.path = "/backup";
                to.body = keep_.empty() ? "{}" : "{\"keep\":" + keep_ + "}";
                to.show = show_one<admin::backup>;
            });
        one->add_option("--keep", keep_, "How many are kept; the oldest are removed")
            ->check(CLI::Range(1, 1000));
        why(one);
    }

    void tokens() {
        auto* token = group("token", "Who may use the API");
        add(*token, "list", "All tokens", [](admin_order& to) {
            to.path = "/tokens";
            to.show = show_page<admin::token_list, &admin::token_list::tokens>;
        });
        auto* made =
            add(*token, "add", "Makes one and shows it, this once", [this](admin_order& to) {
                by_default(to);
                to.method = "POST";
                to.path = "/tokens";
                to.body =
                    "{\"name\":" + json_string(word_) + ",\"role\":" + json_string(role_) + "}";
                to.show = show_one<admin::new_token>;
            });
        made->add_option("NAME", word_, "Whose it is")->required();
        made->add_option("--role", role_, "What it may")
            ->required()
            ->check(CLI::IsMember({"viewer", "moderator", "owner"}));
        why_if_asked(made);
        auto* gone = add(*token, "remove", "Makes one worthless", [this](admin_order& to) {
            to.method = "DELETE";
            to.path = "/tokens/" + admin_encoded(word_);
            to.show = show_one<admin::done>;
        });
        gone->add_option("NAME", word_, "Whose it is")->required();
        why(gone);
    }

    CLI::App flags_;
    admin_reading& into_;
    std::string id_;
    std::string seq_;
    std::string word_;
    std::string role_;
    std::string state_;
    std::string limit_;
    std::string before_;
    std::string days_;
    std::string keep_;
    bool for_ever_ = false;
    bool all_ = false;
};

}  // namespace

std::string admin_encoded(const std::string& text) {
    return net::percent_encoded(text);
}

admin_reading read_admin_order(int argc, char** argv) {
    admin_reading read;
    commands known{read};
    read.status = read_flags(known.flags(), argc, argv);
    return read;
}

}  // namespace onechat::cli
