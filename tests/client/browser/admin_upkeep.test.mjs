// What moderation flagged, and backups.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { couple } from '../../end_to_end/support/person.mjs';
import { openDesk, operators } from './support/desk.mjs';
import { setStage } from './support/stage.mjs';

const folder = await mkdtemp(join(tmpdir(), 'onechat-words-'));
const words = join(folder, 'words.txt');
await writeFile(words, 'flag borrowed\n');
after(() => rm(folder, { recursive: true }));

let who;
const stage = setStage({ flags: ['--moderation-words', words], opened: async (open) => {
  who = await operators(open);
} });

test('a flag leads to its text, among others, after a reason', async () => {
  const [ann] = await couple(stage.server.url);
  for (let n = 0; n < 40; n += 1) await ann.text(`before ${n}`);
  const { seq } = await ann.text('never borrowed a cent');
  for (let n = 0; n < 40; n += 1) await ann.text(`after ${n}`);
  const desk = await openDesk(stage, { token: who.moderator.token, path: '#/flags' });
  await desk.sees('tbody', `text ${seq}`);
  assert.ok(!(await desk.find('main').innerText()).includes('borrowed'));
  await desk.press(`tbody a >> text=text ${seq}`);
  await desk.says('the flags');
  await desk.sees('.text.sought', 'never borrowed a cent');
  assert.ok(await desk.page.evaluate(() => document.activeElement.matches('.sought')));
  const said = await desk.find('.text p.said').allInnerTexts();
  assert.ok(said.includes('before 39') && said.includes('after 5') && !said.includes('after 30'));
  await desk.press('text=To the newest');
  await desk.says('the flags');
  await desk.sees('.text', 'after 39');
});

test('a backup is begun with a reason, and shown when it is there', async () => {
  const desk = await openDesk(stage, { token: who.owner.token, path: '#/backups' });
  await desk.sees('.empty', 'There is no backup yet');
  await desk.button('Back up now').click();
  await desk.sees('.make .hint.bad');
  // A small one may be there before anybody looks; then nobody would have to look again.
  let looks = 0;
  await desk.page.route('**/admin/api/v1/backups', async (route) => {
    looks += 1;
    if (looks > 1) return route.continue();
    const backups = [{ name: 'soon', state: 'under_way', made: Date.now() }];
    return route.fulfill({ json: { backups } });
  });
  await desk.find('.make input').first().fill('before the update');
  await desk.button('Back up now').click();
  await desk.sees('.toast', 'is under way');
  await desk.sees('tbody .tag.good', 'there');
  assert.ok(looks > 1);
  const [name] = await readdir(join(stage.server.data, 'backups'));
  await desk.sees('tbody', name);
  const { entries: [row] } = await who.owner.get('/audit?limit=1');
  assert.deepEqual([row.act, row.why], ['make backup', 'before the update']);
});
