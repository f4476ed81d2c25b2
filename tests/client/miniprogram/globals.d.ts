// QQ's own name for what it also offers as `wx`; there is none in WeChat.
declare const qq: WechatMiniprogram.Wx;
