// Serves a page and the files it names: the web client, or the operator's page. Answers HTTP
// requests without touching a socket or a disk. Loop thread only.
#pragma once

#include "server/net/http.hpp"
#include "server/pages/asset.hpp"

#include <span>

namespace onechat::pages {

class site {
public:
    // The bytes must outlive it.
    explicit site(std::span<const asset> assets) : assets_{assets} {}

    // For GET and HEAD of "/" and what is below "/assets/".
    [[nodiscard]] net::http_answer answer(const net::http_request& request) const;

private:
    std::span<const asset> assets_;
};

}  // namespace onechat::pages
