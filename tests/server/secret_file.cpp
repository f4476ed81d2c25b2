#include "server/secret_file.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <sys/stat.h>

using namespace onechat;

namespace {

class secret_in_file {
public:
    explicit secret_in_file(const std::string& content, mode_t mode = 0600) {
        std::ofstream{path()} << content;
        ::chmod(path().c_str(), mode);
    }
    [[nodiscard]] std::string path() const { return folder_ / "secret"; }

private:
    test::temp_dir folder_;
};

}  // namespace

TEST_CASE("a secret is the first line of its file") {
    CHECK(read_secret(secret_in_file{"0a1b"}.path()) == "0a1b");
    CHECK(read_secret(secret_in_file{"0a1b\n"}.path()) == "0a1b");
    CHECK(read_secret(secret_in_file{"0a1b\r\nmore\n", 0400}.path()) == "0a1b");
    const std::string longest(secret_bytes_max, 'x');
    CHECK(read_secret(secret_in_file{longest + "\n"}.path()) == longest);
}

TEST_CASE("a secret that others can read is refused, and the sentence says what to do") {
    const secret_in_file shown{"0a1b", GENERATE(mode_t{0640}, mode_t{0604}, mode_t{0620})};
    CHECK_THROWS_WITH(read_secret(shown.path()), Catch::Contains("chmod 600"));
}

TEST_CASE("what is no secret is refused without being repeated") {
    const std::string content =
        GENERATE(std::string{}, std::string{"\n0a1b"}, std::string{"0a 1b"}, std::string{"0a\x01"},
                 std::string(secret_bytes_max + 1, 'x'));
    const secret_in_file wrong{content};
    CHECK_THROWS_WITH(read_secret(wrong.path()),
                      Catch::Contains("is none") && !Catch::Contains("0a"));
    CHECK_THROWS_WITH(read_secret(wrong.path() + ".missing"), Catch::Contains("No such file"));
}
