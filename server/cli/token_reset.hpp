// `onechat admin token reset`: for whoever has lost the last token of an owner. It needs no token,
// but the data folder of a stopped server. Main thread.
#pragma once

namespace onechat::cli {

// argv[0] is "reset".
int reset_tokens(int argc, char** argv);

}  // namespace onechat::cli
