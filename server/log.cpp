#include "server/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace onechat::log {
namespace {

// Set once, before anything else runs.
form wording_chosen = form::text;
std::shared_ptr<spdlog::logger> announcer;  // writes where the default one does, at every level

std::string worded(std::string_view event, fields about) {
    return wording_chosen == form::json ? as_members(event, about) : as_text(event, about);
}

void write(spdlog::level::level_enum level, std::string_view event, fields about) {
    if (spdlog::should_log(level)) {
        spdlog::log(level, "{}", worded(event, about));
    }
}

}  // namespace

void start(std::string_view level, form wording) {
    wording_chosen = wording;
    auto logger = spdlog::stderr_logger_mt("onechat");
    logger->set_pattern(wording == form::json
                            ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                            : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                        spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(std::string{level}));
    logger->flush_on(spdlog::level::debug);
    announcer = std::make_shared<spdlog::logger>("onechat", logger->sinks().front());
    announcer->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void debug(std::string_view event, fields about) {
    write(spdlog::level::debug, event, about);
}

void info(std::string_view event, fields about) {
    write(spdlog::level::info, event, about);
}

void warn(std::string_view event, fields about) {
    write(spdlog::level::warn, event, about);
}

void error(std::string_view event, fields about) {
    write(spdlog::level::err, event, about);
}

void announce(std::string_view event, fields about) {
    if (wording_chosen == form::json) {
        announcer->info("{}", worded(event, about));
    } else {
        std::fprintf(stderr, "%s\n", as_text(event, about).c_str());
    }
}

void failure(std::string_view sentence) {
    if (wording_chosen == form::json) {
        error("failure", {{"reason", sentence}});
    } else {
        std::fprintf(stderr, "onechat: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
    }
}

}  // namespace onechat::log
