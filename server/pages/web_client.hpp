// Serves the web client: one page and the files it names. Answers HTTP requests without touching a
// socket or a disk. Loop thread only.
#pragma once

#include "server/net/http.hpp"
#include "server/pages/asset.hpp"

#include <span>

namespace onechat::pages {

class web_client {
public:
    // The bytes must outlive it.
    explicit web_client(std::span<const asset> assets) : assets_{assets} {}

    // For GET and HEAD of "/" and what is below "/assets/".
    [[nodiscard]] net::http_answer answer(const net::http_request& request) const;

private:
    std::span<const asset> assets_;
};

}  // namespace onechat::pages
