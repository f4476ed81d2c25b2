// A chat lives on whatever becomes of sockets, servers, networks and tabs.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';
import { Wire } from './support/wire.mjs';

const stage = setStage();
const silence = 40_000; // a heartbeat and the wait for its answer

// With a wire in the hand and, if wanted, a clock as well.
function held({ clock = false } = {}) {
  const wire = new Wire();
  const prepare = async (page) => {
    if (clock) await page.clock.install();
    await wire.attach(page);
  };
  return [wire, { prepare }];
}

async function sameTexts(one, two, texts) {
  await until('both show the same', async () => {
    const [mine, theirs] = await Promise.all([one.texts(), two.texts()]);
    return mine.length === texts.length && mine.join('|') === theirs.join('|');
  });
  assert.deepEqual((await one.texts()).sort(), [...texts].sort());
}

test('A socket that dies without a word is noticed, and nothing is lost.', async () => {
  const [wire, options] = held({ clock: true });
  const [one, two] = await stage.couple(options);
  await one.say('之前');
  await two.hears('之前');
  wire.goDead();
  await one.say('我说的');
  await two.say('对方说的');
  await one.sees('.mark.sending');
  await one.page.clock.runFor(silence);
  await one.hears('对方说的');
  await one.isSent('我说的');
  await sameTexts(one, two, ['之前', '对方说的', '我说的']);
  assert.equal(wire.links.length, 2);
});

test('A close with 1000 "interrupted" is no end: the page comes back by itself.', async () => {
  const [wire, options] = held();
  const [one, two] = await stage.couple(options);
  await wire.interrupt();
  await two.say('你还在吗');
  await one.say('在');
  await one.hears('你还在吗');
  await two.hears('在');
  await two.sees('.presence.here');
  assert.equal(wire.links.length, 2);
});

test('The server is killed and comes back while both type.', async () => {
  const both = await stage.couple();
  const [one, two] = both;
  for (const visitor of both) visitor.lossIsFine = true;
  const said = [];
  const talk = async (from, to) => {
    for (let n = from; n < to; n++) {
      said.push(`甲${n}`, `乙${n}`);
      await Promise.all([one.say(`甲${n}`), two.say(`乙${n}`)]);
    }
  };
  const talking = talk(0, 7);
  await one.isSent('甲1');
  await stage.kill();
  await talking;
  await one.sees('.mark.sending');
  for (const visitor of both) await visitor.find('textarea.draft').fill('写到一半');
  await stage.restart();
  for (const visitor of both) {
    await until('every text is sent', async () =>
      (await visitor.find('.mark.sent, .mark.seen').count()) === 7);
    assert.equal(await visitor.find('textarea.draft').inputValue(), '写到一半');
    await visitor.seesNot('.banner');
  }
  await sameTexts(one, two, said);
});

test('Without a network the page says so, and goes on when it is back.', async () => {
  const [wire, options] = held({ clock: true });
  const [one, two] = await stage.couple(options);
  one.lossIsFine = true;
  wire.goDead();
  await one.context.setOffline(true);
  await one.page.clock.runFor(5000);
  await one.sees('.banner', /网络断开了|正在连接/);
  await one.say('离线时说的');
  await one.sees('.mark.sending');
  await one.context.setOffline(false);
  await one.page.clock.runFor(1000);
  await one.isSent('离线时说的');
  await two.hears('离线时说的');
  await one.seesNot('.banner');
});

test('Of two tabs of one person the older is told, and can take the chat back.', async () => {
  const [old, two] = await stage.couple();
  await old.say('在第一个标签页');
  await old.isSent('在第一个标签页');
  const young = await stage.tab(old.context);
  await young.isInChat();
  await young.sees('.said.mine .words', '在第一个标签页');
  await old.sees('.banner', '已在另一处打开，这里已断开');
  await two.say('你在哪');
  await young.hears('你在哪');
  await old.press('.banner .link');
  await young.sees('.banner', '已在另一处打开');
  await old.hears('你在哪');
  await old.seesNot('.banner');
});

test('A tab opened with ?guest=new is another person, also after a reload.', async () => {
  const one = await stage.visitor();
  const other = await stage.tab(one.context, { path: '?guest=new' });
  await stage.meet([one, other]);
  await one.say('你是我吗');
  await other.hears('你是我吗');
  await other.page.reload();
  await other.isInChat();
  await other.hears('你是我吗');
  await one.seesNot('.banner');
});

test('A reload in the middle of a chat leads back into it, with what was on its way.', async () => {
  const [wire, options] = held();
  const [one, two] = await stage.couple(options);
  await one.say('早就说过');
  await two.hears('早就说过');
  wire.goDead();
  await one.say('正要说的');
  await one.sees('.mark.sending');
  await one.page.reload();
  await one.isInChat();
  await one.isSent('正要说的');
  await two.hears('正要说的');
  await sameTexts(one, two, ['早就说过', '正要说的']);
});
