// The small page at `/` of a program that was built without the web client. Constant.
#pragma once

#include <string_view>

namespace onechat {

// Nothing but the page's own style, and nobody may frame it.
inline constexpr std::string_view front_page_policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

inline constexpr std::string_view front_page = R"(<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>onechat</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 36em; margin: 12vh auto; padding: 0 1.2em; }
h1 { font-size: 1.6em; margin-bottom: .2em; }
code { background: color-mix(in srgb, currentColor 10%, transparent); padding: .1em .35em;
  border-radius: .3em; }
</style>
</head>
<body>
<h1>onechat</h1>
<p>两个陌生人，随机相遇，说说心里话。</p>
<p lang="en">Random one-to-one chat: this server pairs people who are here now. It speaks JSON over
WebSocket at <code>/ws</code>, subprotocol <code>onechat.v1</code>. Its state is at
<a href="/healthz"><code>/healthz</code></a>.</p>
<p lang="en">In a terminal: <code>onechat talk --url ws://this-host/ws</code></p>
</body>
</html>
)";

}  // namespace onechat
