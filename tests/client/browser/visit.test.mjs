// A visit as the paper tells it, by two people in two browsers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { PlayedServer } from './support/played_server.mjs';
import { setStage } from './support/stage.mjs';

const stage = setStage({ flags: ['--rematch-after', '0s'] });

test('Two people agree, choose who they are, find each other, talk and part.', async () => {
  const [ming, an] = await Promise.all([stage.visitor(), stage.visitor({ locale: 'en-US' })]);
  await ming.find('.nickname').fill('小明');
  await ming.page.getByRole('radio', { name: '企鹅' }).click();
  await ming.press('.confirm');
  assert.ok(await ming.find('.agree').isDisabled(), 'nobody agrees by mistake');
  await ming.agree();
  await ming.sees('.topic');
  await ming.find('.topic').first().click();
  await ming.sees('.summary', '已选 1 个话题');
  await ming.press('.go');
  await ming.sees('#toast', '登录成功');
  await ming.sees('.search .heading', '正在找人');
  await ming.sees('.pool', '现在只有你在等');

  await an.confirm('An');
  await an.sees('.waiting', '1-4 waiting');
  await an.find('.topic').first().click();
  await an.press('.go');
  await Promise.all([ming.isInChat(), an.isInChat()]);
  await ming.sees('.head .name', 'An');
  await an.sees('.head .name', '小明');
  await ming.sees('.line', '你们都选了');

  await ming.say('你好 👋');
  await an.hears('你好 👋');
  await an.say('Hello\tthere');
  await ming.hears('Hello');
  await ming.isSent('你好');
  await ming.sees('.mark.seen');
  await an.find('textarea.draft').pressSequentially('I am');
  await ming.sees('.presence.typing', '正在输入…');
  await an.find('textarea.draft').fill('');
  await ming.sees('.presence.here', '在这里');

  await an.hidden(true);
  await ming.sees('.presence.away', '暂时离开');
  await an.hidden(false);
  await ming.sees('.presence.here', '在这里');

  await an.leaveChat();
  await an.sees('.over-title', 'You left');
  await ming.sees('.over-title', '对方离开了');
  await ming.sees('.presence.left', '已离开');
  await ming.press('.to-topics');
  await ming.sees('.topic.on');
});

test('A text is taken back within two minutes, and is gone on both sides.', async () => {
  const [one, two] = await stage.couple();
  await one.say('说错了');
  await two.hears('说错了');
  await one.isSent('说错了');
  await one.find('.said.mine .bubble').click({ button: 'right' });
  await one.answer('撤回');
  await one.sees('.note', '你撤回了一条消息');
  await two.sees('.note', '对方撤回了一条消息');
  assert.deepEqual([await one.texts(), await two.texts()], [[], []]);
});

test('A text that is older than two minutes can only be copied.', async () => {
  const server = new PlayedServer({
    say: ({ cid, pair }) =>
      server.say({ t: 'ack', pair, cid, seq: 2, at: Date.now() - 121_000 }),
  });
  const one = await stage.visitor({ prepare: server.attach });
  await one.arrive();
  server.match();
  await one.isInChat();
  await one.say('已经很久了');
  await one.isSent('已经很久了');
  await one.press('.mark.sent, .mark.seen');
  await one.page.locator('dialog').getByRole('button', { name: '复制' }).waitFor();
  assert.equal(await one.page.locator('dialog').getByText('撤回').count(), 0);
});

test('Who meets again finds the record above a line that says when.', async () => {
  const both = await stage.couple();
  const [one, two] = both;
  await one.say('上次说的');
  await two.hears('上次说的');
  await two.leaveChat();
  await one.sees('.over');
  await Promise.all([one.press('.again'), two.press('.again')]);
  await Promise.all([one.isInChat(), two.isInChat()]);
  for (const visitor of both) {
    await visitor.sees('.line', /以上是以前的聊天 · .*\d+:\d\d.* 又相遇了/);
    const rows = await visitor.find('.row').allInnerTexts();
    const said = rows.findIndex((row) => row.includes('上次说的'));
    assert.ok(said >= 0 && said < rows.findIndex((row) => row.includes('又相遇了')));
  }
  await two.say('又见面了');
  await one.hears('又见面了');
});

test('The next one is looked for only after a question.', async () => {
  const [one, two] = await stage.couple();
  await one.press('.next');
  await one.page.locator('dialog .cancel').click();
  await one.isInChat();
  await one.press('.next');
  await one.answer('下一个');
  await one.sees('.search');
  await two.sees('.over-title', '对方离开了');
  await one.press('.cancel');
  await one.sees('.go');
});

test('In English the names that the server gives are English, and the apostrophe is narrow.',
  async () => {
    const both = await Promise.all([1, 2].map(() => stage.visitor({ locale: 'en-US' })));
    const [one, two] = both;
    await one.confirm();
    const topics = await one.find('.topic').allInnerTexts();
    assert.match(topics.join(), /Music/);
    assert.doesNotMatch(topics.join(), /[\u4e00-\u9fff]/);
    await one.press('.go');
    await two.arrive();
    for (const visitor of both) {
      await visitor.isInChat();
      assert.match(await visitor.find('.head .name').innerText(), /^[A-Z][a-z-]+ [A-Z][a-z]+$/);
    }
    await one.say('I’m');
    await two.hears('I’m');
    const widths = await two.find('.words').last().evaluate((element) => {
      const range = document.createRange();
      const [text] = element.childNodes;
      return [0, 1, 2].map((at) => {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().width;
      });
    });
    assert.ok(widths[1] < widths[2] / 2, `the apostrophe is ${widths[1]} px wide`);
  });
