#include "server/checksum.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

using namespace onechat;
using onechat::test::temp_dir;

TEST_CASE("a checksum is the SHA-256 of a file's bytes") {
    const temp_dir dir;
    std::ofstream{dir / "a"} << "abc";  // FIPS 180-2, appendix B.1
    std::ofstream{dir / "empty"};
    CHECK(checksum_of(dir / "a") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(checksum_of(dir / "empty") ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_THROWS_AS(checksum_of(dir / "none"), std::runtime_error);
}
