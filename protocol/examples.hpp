// One good example of each message, for the reference and the tests. The names and ids in them are
// made up. Any thread.
#pragma once

#include "protocol/client_messages.hpp"
#include "protocol/server_messages.hpp"

#include <vector>

namespace onechat::protocol {

// In the order of the variants, one of each type.
[[nodiscard]] std::vector<client_message> client_examples();
[[nodiscard]] std::vector<server_message> server_examples();

}  // namespace onechat::protocol
