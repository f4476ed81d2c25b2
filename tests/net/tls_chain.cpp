#include "server/net/tls_chain.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/certificate.hpp"

#include <cstdlib>

using namespace onechat;

TEST_CASE("a certificate that nobody here knows is not believed, and its names are told") {
    const test::certificate made{{.name = "chat.example.org"}};

    const auto chain = net::look_at_chain(made.certificate_file());

    CHECK(chain.names == std::vector<std::string>{"chat.example.org"});
    CHECK_THAT(chain.trouble, Catch::Contains("self"));
}

TEST_CASE("a certificate of an authority of this machine is believed until it ends") {
    const test::certificate made;
    const test::certificate ended{{.begins = -7200, .ends = -3600}};
    for (const auto& [one, trouble] : {std::pair{&made, ""}, {&ended, "certificate has expired"}}) {
        ::setenv("SSL_CERT_FILE", one->certificate_file().c_str(), 1);

        CHECK(net::look_at_chain(one->certificate_file()).trouble == trouble);

        ::unsetenv("SSL_CERT_FILE");
    }
}

TEST_CASE("what is no certificate is refused with a sentence") {
    const test::certificate made;

    CHECK_THROWS_WITH(net::look_at_chain(made.key_file()), Catch::Contains("cannot be read"));
    CHECK_THROWS_WITH(net::look_at_chain("/nowhere/chain.pem"), Catch::Contains("cannot be read"));
}
