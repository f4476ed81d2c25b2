// The language that the device asks for, as WeChat names it, and the runtime's own few words.
export const language = /^zh/i.test(navigator.language) ? 'zh_CN' : 'en';

export const words = language === 'en'
  ? { back: 'Back', ok: 'OK', cancel: 'Cancel', copied: 'Copied' }
  : { back: '返回', ok: '确定', cancel: '取消', copied: '内容已复制' };
