#include "server/metrics.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;

TEST_CASE("a counter and a gauge are written as Prometheus reads them") {
    metrics_text say;
    say.counter("onechat_texts_total", "Texts accepted.", std::uint64_t{18446744073709551615U});
    say.gauge("onechat_store_queue_ratio", "How full.", 0.25);

    CHECK(std::move(say).take() ==
          "# HELP onechat_texts_total Texts accepted.\n"
          "# TYPE onechat_texts_total counter\n"
          "onechat_texts_total 18446744073709551615\n"
          "# HELP onechat_store_queue_ratio How full.\n"
          "# TYPE onechat_store_queue_ratio gauge\n"
          "onechat_store_queue_ratio 0.25\n");
}

TEST_CASE("the values of a label follow one head") {
    metrics_text say;
    say.counter_head("onechat_closes_total", "Closes.");
    say.value("reason", "slow", std::uint64_t{2});
    say.value("reason", "idle", std::uint64_t{0});

    CHECK(std::move(say).take() ==
          "# HELP onechat_closes_total Closes.\n"
          "# TYPE onechat_closes_total counter\n"
          "onechat_closes_total{reason=\"slow\"} 2\n"
          "onechat_closes_total{reason=\"idle\"} 0\n");
}

TEST_CASE("several labels are told apart by commas") {
    metrics_text say;
    say.counter_head("onechat_platform_calls_total", "Calls.");
    say.value({{"platform", "qq"}, {"call", "login"}}, std::uint64_t{2});

    CHECK(std::move(say).take() ==
          "# HELP onechat_platform_calls_total Calls.\n"
          "# TYPE onechat_platform_calls_total counter\n"
          "onechat_platform_calls_total{platform=\"qq\",call=\"login\"} 2\n");
}

TEST_CASE("a distribution counts each class with all below it") {
    histogram seconds;
    seconds.add(-0.5);
    seconds.add(0.001);
    seconds.add(0.3);
    seconds.add(9);
    metrics_text say;
    say.distribution("onechat_commit_seconds", "How long.", seconds);

    const auto text = std::move(say).take();

    CHECK_THAT(text, Catch::StartsWith("# HELP onechat_commit_seconds How long.\n"
                                       "# TYPE onechat_commit_seconds histogram\n"
                                       "onechat_commit_seconds_bucket{le=\"0.001\"} 2\n"
                                       "onechat_commit_seconds_bucket{le=\"0.0025\"} 2\n"));
    CHECK_THAT(text, Catch::EndsWith("onechat_commit_seconds_bucket{le=\"1\"} 3\n"
                                     "onechat_commit_seconds_bucket{le=\"5\"} 3\n"
                                     "onechat_commit_seconds_bucket{le=\"+Inf\"} 4\n"
                                     "onechat_commit_seconds_sum 9.301\n"
                                     "onechat_commit_seconds_count 4\n"));
}
