// @ts-check
// The one client of the app. Whoever requires it gets the same one.

const onechat = require('../sdk/onechat');
const config = require('../config');

/** What the web client's `wx` has beyond WeChat's: the server that the page came from. */
const web = /** @type {any} */ (wx).onechatServer;

/** @type {'wechat' | 'qq' | 'web'} */
const platform = web ? 'web' : typeof qq === 'undefined' ? 'wechat' : 'qq';

// QQ offers all of it as `wx`, too, but its login belongs to `qq`.
const api = platform === 'qq' ? qq : wx;

/** @type {import('../sdk/onechat').ClientOptions} */
const options = Object.assign({ url: web || config.server }, onechat.platform(api));
if (web) options.login = () => Promise.resolve({ provider: 'guest' });

const client = onechat.createClient(options);

onechat.followPlatform(client, api);

module.exports = { client: client, platform: platform, templates: config.templates[platform] };
