// The client of onechat: all that a mini program or a page requires. Described in onechat.d.ts.
"use strict";

const browser = require("./browser.js");
const client = require("./client.js");
const errors = require("./errors.js");
const platform = require("./platform.js");
const protocol = require("./protocol.js");

module.exports = {
  createClient: client.createClient,
  platform: platform.platform,
  followPlatform: platform.followPlatform,
  browser: browser.browser,
  followBrowser: browser.followBrowser,
  OnechatError: errors.OnechatError,
  protocol: protocol,
};
