// Which form of a file a client wants to have (RFC 9110, 12.5.3). Pure.
#pragma once

#include "server/net/http.hpp"

#include <optional>

namespace onechat::pages {

enum class content_coding { identity, gzip, brotli };

// Of the forms that there are, the one that the request likes most; of equals the smallest. The
// plain form is always there. Nothing when the request refuses all of them.
[[nodiscard]] std::optional<content_coding> chosen_coding(const net::http_request& request,
                                                          bool has_brotli, bool has_gzip);

}  // namespace onechat::pages
