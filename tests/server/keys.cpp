#include "server/keys.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <fstream>
#include <numeric>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace onechat;
using onechat::test::temp_dir;

namespace {

const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

token_claims some_claims() {
    return {1, random_subject(), 1'700'000'000'000, 1'700'000'600'000};
}

std::string content_of(const std::filesystem::path& file) {
    std::ostringstream content;
    content << std::ifstream{file}.rdbuf();
    return content.str();
}

void write(const std::filesystem::path& file, const std::string& content, mode_t mode = 0600) {
    std::ofstream{file} << content;
    ::chmod(file.c_str(), mode);
}

}  // namespace

// ---- tokens ----

TEST_CASE("a token says what was signed, and whoever holds other keys can't read it") {
    const keys ours = keys::random();
    const token_claims claims = some_claims();

    const auto token = ours.sign(claims);

    CHECK(ours.verify(token, claims.issued) == claims);
    CHECK_FALSE(keys::random().verify(token, claims.issued));
}

// Whoever holds a token keeps it while the server is replaced by the next version.
TEST_CASE("what a token and a person look like stays the same") {
    const temp_dir folder;
    write(folder / "keys",
          "token 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
          "person 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n");
    const keys ours = keys::open(folder / "keys");
    token_claims claims{2, {}, 1'700'000'000'000, 1'700'000'600'000};
    std::iota(claims.name.begin(), claims.name.end(), std::uint8_t{100});
    const std::string token =
        "AQJkZWZnaGlqa2xtbm9wcXJzAAABi8_laAAAAAGLz-6PwLAsT75PKsQGx2NiuMUmMrF49Ji1EfuWfGvq-IlaNrZw";

    CHECK(ours.sign(claims) == token);
    CHECK(ours.verify(token, claims.issued) == claims);
    CHECK(hex_of(ours.person(1, "openid")) == "be313680ede13469fce926d02ef65955");
}

TEST_CASE("a token ends at its time and not before") {
    const keys ours = keys::random();
    const token_claims claims = some_claims();
    const auto token = ours.sign(claims);

    CHECK(ours.verify(token, claims.expires - 1));
    CHECK_FALSE(ours.verify(token, claims.expires));
    CHECK_FALSE(ours.verify(token, claims.expires + 1));
}

TEST_CASE("one flipped bit anywhere is refused") {
    const keys ours = keys::random();
    const auto token = ours.sign(some_claims());

    for (std::size_t place = 0; place < token.size(); ++place) {
        for (unsigned bit = 0; bit < 6; ++bit) {
            std::string flipped = token;
            flipped[place] = alphabet[alphabet.find(token[place]) ^ (1U << bit)];
            INFO("place " << place << ", bit " << bit);
            REQUIRE_FALSE(ours.verify(flipped, 1'700'000'000'000));
        }
    }
}

TEST_CASE("another spelling of the same token is refused") {
    const keys ours = keys::random();
    std::string token;
    do {  // one that base64 and base64url write differently
        token = ours.sign(some_claims());
    } while (token.find('-') == std::string::npos);
    std::string plus = token;
    std::ranges::replace(plus, '-', '+');

    CHECK_FALSE(ours.verify(plus, 0));
    CHECK_FALSE(ours.verify(token + "=", 0));
    CHECK_FALSE(ours.verify(token + "==", 0));
    CHECK_FALSE(ours.verify(token + "A", 0));
    CHECK_FALSE(ours.verify(" " + token, 0));
    CHECK_FALSE(ours.verify(token + "\n", 0));
    CHECK_FALSE(ours.verify(token.substr(0, token.size() - 1), 0));
    CHECK_FALSE(ours.verify("", 0));
    CHECK(ours.verify(token, 0));
}

TEST_CASE("of two tokens no mixture is good") {
    const keys ours = keys::random();
    const auto one = ours.sign(some_claims());
    const auto two = ours.sign(some_claims());

    for (std::size_t cut = 4; cut + 4 < one.size(); cut += 4) {
        const auto mixed = one.substr(0, cut) + two.substr(cut);
        CHECK((mixed == one || mixed == two || !ours.verify(mixed, 0)));
    }
}

// ---- persons and names ----

TEST_CASE("the same account is the same person, another provider's or server's is not") {
    const keys ours = keys::random();

    CHECK(ours.person(1, "openid") == ours.person(1, "openid"));
    CHECK(ours.person(1, "openid") != ours.person(2, "openid"));
    CHECK(ours.person(1, "openid") != ours.person(1, "openie"));
    CHECK(ours.person(1, "openid") != keys::random().person(1, "openid"));
}

TEST_CASE("names are 16 characters that may stand in a URL, and never the same") {
    std::set<std::string> names;
    for (int n = 0; n < 2000; ++n) {
        const auto name = random_name();
        CHECK(name.size() == 16);
        CHECK(name.find_first_not_of(alphabet) == std::string::npos);
        names.insert(name);
    }
    CHECK(names.size() == 2000);
    for (const auto& name : names) {
        CHECK(is_random_name(name));
    }
    for (const auto* other : {"", "AAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAA%"}) {
        CHECK_FALSE(is_random_name(other));
    }
}

TEST_CASE("a subject in hex has 32 digits and says all of it") {
    subject name{};
    name[0] = 0x0f;
    name[15] = 0xa0;

    CHECK(hex_of(name) == "0f0000000000000000000000000000a0");
}

// ---- the file ----

TEST_CASE("keys are made once, for their owner only, and are the same when opened again") {
    const temp_dir folder;
    const auto file = folder / "keys";

    const keys made = keys::open(file);
    const keys again = keys::open(file);

    struct stat about {};
    REQUIRE(::stat(file.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0600U);
    const token_claims claims = some_claims();
    CHECK(again.verify(made.sign(claims), claims.issued) == claims);
    CHECK(again.person(1, "x") == made.person(1, "x"));
    CHECK_FALSE(std::filesystem::exists(folder / "keys.new"));
}

TEST_CASE("two folders have different keys") {
    const temp_dir one;
    const temp_dir two;

    CHECK(keys::open(one / "keys").person(1, "x") != keys::open(two / "keys").person(1, "x"));
}

TEST_CASE("a key file that others can read is refused, and the sentence says what to do") {
    const temp_dir folder;
    const auto file = folder / "keys";
    static_cast<void>(keys::open(file));

    for (const mode_t mode : {0640U, 0604U, 0644U, 0620U}) {
        ::chmod(file.c_str(), mode);
        CHECK_THROWS_WITH(keys::open(file), Catch::Contains("chmod 600"));
    }
    ::chmod(file.c_str(), 0600);
    CHECK_NOTHROW(keys::open(file));
}

TEST_CASE("a damaged key file is refused and left as it is") {
    const temp_dir folder;
    const auto file = folder / "keys";
    static_cast<void>(keys::open(file));
    const auto good = content_of(file);

    std::string other_digit = good;
    other_digit[10] = 'z';
    for (const auto& content : {std::string{}, good.substr(0, good.size() / 2), other_digit,
                                good.substr(0, good.size() - 5), good.substr(good.find('\n') + 1),
                                std::string{"token\nperson\n"}}) {
        write(file, content);
        CHECK_THROWS_WITH(keys::open(file), Catch::Contains("damaged"));
        CHECK(content_of(file) == content);
    }
}

TEST_CASE("keys of somebody else are not called damaged") {
    if (::geteuid() != 0) {
        return;  // whoever is not root can't make them
    }
    const temp_dir folder;
    const auto file = folder / "keys";
    static_cast<void>(keys::open(file));
    REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);

    REQUIRE(::seteuid(65534) == 0);
    std::string sentence;
    try {
        static_cast<void>(keys::open(file));
    } catch (const std::runtime_error& refused) {
        sentence = refused.what();
    }
    REQUIRE(::seteuid(0) == 0);

    CHECK_THAT(sentence, Catch::Contains("can't be read: Permission denied"));
}

TEST_CASE("keys that can't be written are a sentence with the file's name") {
    const temp_dir folder;

    CHECK_THROWS_WITH(keys::open(folder / "missing/keys"),
                      Catch::Contains("missing/keys") && Catch::Contains("can't be written"));
}

TEST_CASE("what an interrupted start left behind does not hinder the next") {
    const temp_dir folder;
    write(folder / "keys.new", "token 00");

    CHECK_NOTHROW(keys::open(folder / "keys"));
    CHECK_NOTHROW(keys::open(folder / "keys"));
}
