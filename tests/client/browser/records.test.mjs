// What one may do with what is kept: read, delete, block, report, export, leave for good.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Person } from '../../end_to_end/support/person.mjs';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';

const stage = setStage({ flags: ['--rematch-after', '0s'] });

// A chat in which both have said something, left by the first one.
async function pastChat(nickname) {
  const [one, two] = await Promise.all([stage.visitor(), stage.visitor()]);
  await Promise.all([one.arrive(nickname), two.arrive()]);
  await Promise.all([one.isInChat(), two.isInChat()]);
  await one.say('我的话');
  await two.hears('我的话');
  await two.say('你的话');
  await one.hears('你的话');
  await one.leaveChat();
  await two.sees('.over');
  return [one, two];
}

async function home(visitor) {
  await visitor.press('.to-topics');
  await visitor.back();
  await visitor.sees('.to-records');
}

async function openRecords(visitor) {
  await visitor.press('.to-records');
  await visitor.sees('.entry, .empty');
}

async function choose(visitor, entry) {
  await visitor.press('.entry .more');
  await visitor.answer(entry);
}

test('A past chat is read again, and deleted for oneself alone.', async () => {
  const both = await pastChat();
  const [one, two] = both;
  for (const visitor of both) {
    await home(visitor);
    await openRecords(visitor);
    await visitor.sees('.entry .last', '你的话');
  }
  await one.press('.entry .open');
  await one.hears('你的话');
  assert.deepEqual(await one.texts(), ['我的话', '你的话']);
  assert.equal(await one.find('textarea').count(), 0);
  await one.back();
  await choose(one, '删除');
  await one.page.locator('dialog .cancel').click();
  await one.sees('.entry');
  await choose(one, '删除');
  await one.page.locator('dialog .confirm').click();
  await one.sees('.empty', '还没有遇到过谁');
  await two.press('.entry .open');
  await two.hears('我的话');
});

test('Who blocks a partner never meets them again, until they unblock.', async () => {
  const [one, two] = await stage.couple();
  await one.press('.head .more');
  await one.answer('拉黑');
  await one.page.locator('dialog .confirm').click();
  await one.sees('#toast', '已拉黑');
  await two.sees('.over-title', '对方离开了');
  for (const visitor of [one, two]) {
    await visitor.press('.again');
    await visitor.sees('.search');
  }
  // Would the two have met, nobody were left for a third.
  const third = await Person.arrive(stage.server.url);
  third.say({ t: 'find' });
  await third.matched();
  await one.isInChat();
  await one.leaveChat();
  await home(one);
  await openRecords(one);
  const blocked = one.find('.entry').filter({ has: one.page.locator('.tag.failed-mark') });
  await blocked.locator('.tag').getByText('已拉黑').waitFor();
  await blocked.locator('.more').click();
  await one.answer('解除拉黑');
  await one.page.locator('dialog .confirm').click();
  await one.sees('#toast', '已解除');
  await one.seesNot('.tag');
  await one.back();
  await one.arrive();
  await Promise.all([one.isInChat(), two.isInChat()]);
  await one.sees('.line', '又相遇了');
  await third.leaveForGood();
});

test('A partner is reported, in a chat and from its record.', async () => {
  const said = [];
  const prepare = (page) => page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => said.push(JSON.parse(payload))));
  const [one] = await stage.couple({ prepare });
  const reports = () => said.filter(({ t }) => t === 'report')
    .map(({ reason, note }) => [reason, note]);
  await one.press('.head .more');
  await one.answer('举报');
  await one.answer('广告、刷屏');
  await one.page.locator('dialog input').fill('一直发链接');
  await one.answer('举报');
  await one.sees('#toast', '已举报，谢谢你');
  assert.deepEqual(reports(), [['spam', '一直发链接']]);
  await one.press('.head .more');
  await one.answer('举报');
  await one.answer('其他');
  await one.answer('取消');
  assert.equal(reports().length, 1, 'there is a way back');
  await one.leaveChat();
  await home(one);
  await openRecords(one);
  await choose(one, '举报');
  await one.page.locator('dialog').getByText('为什么举报？').waitFor();
  await one.answer('辱骂、骚扰');
  await one.answer('举报');
  await one.sees('#toast', '已举报，谢谢你');
  // The words on the screen may still be those about the first one.
  await until('the second is said', () => reports().length === 2);
  assert.deepEqual(reports()[1], ['abuse', undefined]);
});

test('An export holds the own texts and none of the partner.', async () => {
  const [one] = await pastChat();
  await home(one);
  await one.press('.to-privacy');
  await one.press('.export');
  const exported = await one.find('.export-text').innerText();
  assert.match(exported, /我的话/);
  assert.doesNotMatch(exported, /你的话/);
  await one.press('.export-copy');
  await one.sees('#toast', '内容已复制');
  await one.press('.export-close');
  await one.seesNot('.exported');
});

test('An account is deleted only after its word was typed, and then everywhere.', async () => {
  const [one, two] = await pastChat('从前的名字');
  await home(one);
  await one.press('.to-privacy');
  await one.press('.erase');
  await one.find('.erase-word').fill('删');
  assert.ok(await one.find('.erase-do').isDisabled());
  await one.find('.erase-word').fill('删除');
  await one.press('.erase-do');
  await one.sees('.receipt', '账号已删除');
  assert.match(await one.find('.receipt-id').innerText(), /\S{6,}/);
  await home(two);
  await openRecords(two);
  await two.press('.entry .open');
  await two.sees('.note', '对方删除了这条消息');
  assert.deepEqual(await two.texts(), ['你的话']);
  await one.press('.start-again');
  await one.sees('.confirm');
  assert.equal(await one.find('.nickname').inputValue(), '');
  const nickname = await one.page.evaluate(() => window.getCurrentPages()[0].data.nickname);
  assert.equal(nickname, '', 'nor is it kept unseen');
  await openRecords(one);
  await one.sees('.empty');
});

test('Who logs out ends the chat, and is somebody new afterwards.', async () => {
  const [one, two] = await stage.couple();
  await one.back();
  await one.sees('.going');
  await one.back();
  await one.press('.to-privacy');
  await one.press('.logout');
  await one.page.locator('dialog .confirm').click();
  await two.sees('.over-title', '对方离开了');
  await one.sees('.confirm');
  await one.arrive();
  await one.press('.cancel');
  await one.back();
  await openRecords(one);
  await one.sees('.empty');
});
