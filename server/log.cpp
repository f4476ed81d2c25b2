#include "server/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace onechat::log {

void start(std::string_view level) {
    auto logger = spdlog::stderr_logger_mt("onechat");
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(std::string{level}));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void debug(std::string_view line) {
    spdlog::debug("{}", line);
}

void info(std::string_view line) {
    spdlog::info("{}", line);
}

void warn(std::string_view line) {
    spdlog::warn("{}", line);
}

void error(std::string_view line) {
    spdlog::error("{}", line);
}

}  // namespace onechat::log
