#include "server/step_size.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace std::chrono_literals;

TEST_CASE("steps grow while they are short, up to a limit") {
    step_size size;
    const auto first = size.rows();
    CHECK(size.rest_after(1ms) == step_size::rest_min);
    CHECK(size.rows() == 2 * first);
    for (int n = 0; n < 20; ++n) {
        static_cast<void>(size.rest_after(1ms));
    }
    CHECK(size.rows() == step_size::rows_max);
}

TEST_CASE("steps shrink when they are long, and the rest is four times as long") {
    step_size size;
    const auto first = size.rows();
    CHECK(size.rest_after(30ms) == 120ms);
    CHECK(size.rows() == first / 2);
    for (int n = 0; n < 20; ++n) {
        static_cast<void>(size.rest_after(1s));
    }
    CHECK(size.rows() == step_size::rows_min);
}

TEST_CASE("a step that takes neither long nor short stays as it is") {
    step_size size;
    const auto first = size.rows();
    CHECK(size.rest_after(20ms) == 80ms);
    CHECK(size.rows() == first);
}
