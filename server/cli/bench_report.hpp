// What a bench has found, for people and for programs. Main thread.
#pragma once

#include "server/cli/bench_crowd.hpp"
#include "server/cli/bench_options.hpp"

#include <string>

namespace onechat::cli {

[[nodiscard]] std::string bench_report(const bench_options& asked, const bench_crowd& crowd);
// One line with one JSON object.
[[nodiscard]] std::string bench_report_json(const bench_options& asked, const bench_crowd& crowd);

}  // namespace onechat::cli
