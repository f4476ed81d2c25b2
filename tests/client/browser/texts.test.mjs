// Many texts, long texts, and texts that are meant to do harm.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Person } from '../../end_to_end/support/person.mjs';
import { misfits } from './support/layout.mjs';
import { longRecord } from './support/long_record.mjs';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';

const stage = setStage();
const jumpMax = 1; // a pixel is rounding

// Goes near the top and follows the row that is read, frame by frame, while older ones come in
// above it. Returns by how much it moved at most, and whether there was anything older.
function readUp(visitor) {
  return visitor.page.evaluate(() => new Promise((resolve) => {
    const log = [...document.querySelectorAll('.log')].find((one) => one.checkVisibility());
    const rows = () => [...log.querySelectorAll('.row')];
    const top = (row) => row.getBoundingClientRect().top;
    log.scrollTop = 150;
    const read = rows().find((row) => top(row) > top(log) + 40);
    const [first, at, began] = [rows()[0].id, top(read), performance.now()];
    let moved = 0;
    let left = 5; // frames to look at after the older ones came
    const look = () => {
      if (read.isConnected) moved = Math.max(moved, Math.abs(top(read) - at));
      else moved = Infinity;
      if (rows()[0].id !== first) --left;
      const older = rows()[0].id !== first;
      if (left && performance.now() - began < 1500) requestAnimationFrame(look);
      else resolve({ moved, older });
    };
    requestAnimationFrame(look);
  }));
}

test('A record of 1000 texts is read up to its first, and the place never jumps.', async () => {
  const texts = Array.from({ length: 1000 }, (_, n) => `第 ${n + 1} 条${'。'.repeat(n % 40)}`);
  const { token, partner } = await longRecord(stage.server.url, texts);
  const reader = await stage.visitor({ storage: { agreed: 1, 'onechat:token': token } });
  await reader.isInChat();
  await reader.sees('.words', '第 1000 条');
  let jump = 0;
  for (let pages = 0; ; pages++) {
    const { moved, older } = await readUp(reader);
    if (!older) break;
    jump = Math.max(jump, moved);
    assert.ok(pages < 100, 'it comes to an end');
  }
  assert.ok(jump <= jumpMax, `the place jumped by ${jump} px`);
  const first = reader.find('.words').first();
  assert.match(await first.innerText(), /^第 1 条/);
  await first.scrollIntoViewIfNeeded();
  await partner.text('还在看吗');
  await reader.sees('.pill', '1 条新消息');
  assert.ok(await first.isVisible());
  await reader.press('.pill');
  await reader.hears('还在看吗');
  assert.deepEqual(await misfits(reader), []);
});

test('A text of 2000 characters goes through, and one more is not taken.', async () => {
  const [one, two] = await stage.couple();
  const long = '长'.repeat(2000);
  const draft = one.find('textarea.draft');
  await draft.fill(`${long}长`);
  await one.sees('.rest', '还多 1 字');
  assert.ok(await one.find('.send').isDisabled());
  await draft.fill(long);
  await one.sees('.rest', '还能写 0 字');
  await one.press('.send');
  await one.isSent(long);
  await two.hears(long);
  assert.deepEqual(await two.texts(), [long]);
  for (const visitor of [one, two]) assert.deepEqual(await misfits(visitor), []);
});

const hostile = [
  '<img src=x onerror="document.title=1">',
  '<script>document.title=1</script>&lt;b&gt;{{rows}}',
  '\u202Egnp.exe \u2067abc\u2066 之后的字',
  `a${'\u0301'.repeat(1999)}`,
  'x'.repeat(500),
  'a-path/without-blanks/'.repeat(20),
  '一\n\n\n\n二   三',
  '\uFDFD\uFDFD\uFDFD𒐫𒐫𒐫',
];

test('Hostile texts are shown as what they are, and break nothing.', async () => {
  const villain = await Person.arrive(stage.server.url);
  villain.say({ t: 'find', nickname: `\u202E<img src=x>${'\u0301'.repeat(10)}` });
  const victim = await stage.visitor();
  await victim.arrive();
  await victim.isInChat();
  await villain.matched();
  await villain.text('普通的一句话');
  await victim.hears('普通的一句话');
  const title = await victim.page.title();
  for (const text of hostile) await villain.text(text);
  await until('all are shown', async () => (await victim.texts()).length === hostile.length + 1);
  const shown = await victim.find('.words').allTextContents();
  assert.deepEqual(shown.slice(1), hostile);
  assert.equal(await victim.page.locator('.words :not(br)').count(), 0, 'no element of theirs');
  assert.equal(await victim.page.title(), title);
  assert.deepEqual(await misfits(victim), []);

  // The same in the list of records and in the record itself.
  await victim.leaveChat();
  await victim.press('.to-topics');
  await victim.back();
  await victim.press('.to-records');
  await victim.sees('.entry');
  assert.deepEqual(await misfits(victim), []);
  await victim.press('.entry .open');
  await victim.hears('普通的一句话');
  assert.deepEqual(await misfits(victim), []);
  await villain.leaveForGood();
});

test('A heap of marks does not grow over the text above it.', async () => {
  const [one, two] = await stage.couple();
  const marks = `a${'\u0301'.repeat(1999)}`;
  await one.say('上面的一句');
  await one.say(marks);
  await two.hears(marks);
  await two.seesNot('#toast');
  const above = two.find('.bubble').first();
  const before = await above.screenshot();
  // Whether marks are put on top of each other is up to the font; a shadow is there for certain.
  await two.find('.words').last().evaluate(({ style }) => {
    style.textShadow = '0 -40px red, 0 -50px red, 0 -60px red';
  });
  assert.ok(before.equals(await above.screenshot()), 'the text above looks as before');
});
