// Leads somebody through every page and state that people see, and stops at each.

// `stop(visitor, name)` is called where there is something to look at.
export async function tour(stage, options, stop, words = chinese) {
  const guest = await stage.visitor(options);
  const host = await stage.visitor({ locale: options.locale });
  const at = (name) => stop(guest, name);

  await guest.sees('.confirm');
  await at('chat');
  await guest.press('.confirm');
  await guest.press('.tick-row');
  await at('agreement');
  await guest.press('.agree');
  await guest.sees('.topic');
  await guest.find('.topic').nth(1).click();
  await at('userConsole');
  await guest.press('.go');
  await guest.sees('.search .pool', /./);
  await at('chattt-search');

  await host.confirm(words.name);
  await host.find('.topic').nth(1).click();
  await host.press('.go');
  await guest.isInChat();
  await talk(guest, host, words.said);
  await at('chattt');
  await guest.press('.emoji');
  await guest.sees('.panel');
  await at('chattt-emoji');
  await guest.press('.emoji');
  await guest.press('.head .more');
  await guest.page.locator('dialog').waitFor();
  await at('chattt-menu');
  await guest.answer(words.report);
  await guest.answer(words.reason);
  await guest.page.locator('dialog input').fill(words.note);
  await at('chattt-report');
  await guest.page.keyboard.press('Escape');
  await guest.say(words.help);
  await guest.sees('.card.help');
  await at('chattt-help');
  await guest.press('.help-close');
  await host.leaveChat();
  await guest.sees('.over');
  await at('chattt-over');

  await guest.press('.to-topics');
  await guest.back();
  await guest.press('.to-records');
  await guest.sees('.entry');
  await at('records');
  await guest.press('.entry .open');
  await guest.sees('.said');
  await at('record');
  await guest.back();
  await guest.sees('.entry');
  await guest.back();
  await guest.press('.to-privacy');
  await guest.sees('.erase');
  await at('privacy');
  await guest.press('.erase');
  await guest.find('.erase-word').fill(words.erase);
  await at('privacy-erase');
  await guest.press('.erase-do');
  await guest.sees('.receipt');
  await at('privacy-receipt');
}

async function talk(guest, host, said) {
  for (const [at, text] of said.entries()) {
    const [from, to] = at % 2 ? [guest, host] : [host, guest];
    await from.say(text);
    await to.hears(text);
  }
}

export const chinese = {
  name: '小满',
  said: ['你好，晚上好！', '晚上好。你也睡不着吗？',
    '刚看完一部老电影，讲一个摄影师在冬天的城市里找一只走丢的猫。', '最后找到了吗？', '找到了 🐱'],
  help: '有时候觉得活着没意思，想自杀',
  report: '举报', reason: '广告、刷屏', note: '一直发同一个链接',
  erase: '删除',
};

export const english = {
  name: 'Robin',
  said: ['Good evening!', 'Evening. Can’t sleep either?',
    'I just watched an old film, about a photographer who looks for a lost cat in a winter city.',
    'Did he find it?', 'He did 🐱'],
  help: 'I want to die',
  report: 'Report', reason: 'Spam, advertising', note: 'The same link again and again',
  erase: 'DELETE',
};
