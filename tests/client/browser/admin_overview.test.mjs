// The overview: figures that move while somebody looks, and only then.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Person, couple } from '../../end_to_end/support/person.mjs';
import { openDesk, operators } from './support/desk.mjs';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';

let token;
const stage = setStage({ opened: async (open) => {
  ({ viewer: { token } } = await operators(open));
} });

test('what people do shows within seconds', async () => {
  const desk = await openDesk(stage, { token });
  await desk.shows('people', 0);
  const [ann, ben] = await couple(stage.server.url);
  const cy = await Person.arrive(stage.server.url);
  cy.say({ t: 'find' });
  await desk.shows('people', 3);
  await desk.shows('waiting', 1);
  await desk.shows('chats', 1);
  for (let n = 0; n < 20; n += 1) await ann.text(`text ${n}`);
  await until('texts per second', async () => await desk.figure('rate') > 0);
  await desk.sees('[data-figure=ack] .value', / ms$/);
  await Promise.all([ann, ben, cy].map((one) => one.leaveForGood()));
  await desk.shows('waiting', 0);
});

test('each figure has a chart with a line, and a sentence for who can not see it', async () => {
  const desk = await openDesk(stage, { token });
  const [ann] = await couple(stage.server.url);
  await ann.text('so that there is something');
  const painted = () => desk.find('.chart canvas').evaluateAll((all) => all.map((canvas) =>
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)));
  await until('six charts', async () => (await painted()).filter(Boolean).length === 6);
  const names = await desk.find('.chart').evaluateAll((all) =>
    all.map((one) => [one.getAttribute('role'), one.getAttribute('aria-label')]));
  assert.equal(names.length, 6);
  for (const [role, name] of names) {
    assert.equal(role, 'img');
    assert.match(name, /^.+, the last ten minutes\. Now: /);
  }
});

test('pointing at a chart tells the values of that moment, in all of them', async () => {
  const desk = await openDesk(stage, { token });
  await desk.find('.chart').first().hover();
  await until('six moments', async () => await desk.find('.moment').count() === 6);
  assert.match(await desk.find('.moment').first().innerText(), /^\d\d:\d\d:\d\d$/);
  await desk.find('h1').hover();
  await desk.seesNot('.moment');
});

test('nobody is asked while the page is hidden, and at once when it is seen again', async () => {
  const desk = await openDesk(stage, { token, prepare: (page) => page.clock.install() });
  let asked = 0;
  await desk.shows('waiting', 0);
  await desk.hidden(true);
  // A look that was under way may still end.
  await desk.page.evaluate(() => fetch('/readyz').then((answer) => answer.text()));
  desk.page.on('request', (request) => {
    asked += request.url().endsWith('/stats') ? 1 : 0;
  });
  await desk.page.clock.runFor(20_000);
  await desk.page.evaluate(() => fetch('/readyz').then((answer) => answer.text()));
  assert.equal(asked, 0);
  await desk.hidden(false);
  await until('a look', () => asked > 0);
});

test('an answer that nobody expects is told, and the other sections go on', async () => {
  const desk = await openDesk(stage, { token });
  for (const [asked, address] of [['**/users', '#/users'], ['**/users/7', '#/users/7']]) {
    await desk.page.route(asked, (route) => route.fulfill({ json: {} }));
    await desk.go(address, '.problem');
    await desk.sees('.problem', 'Something else than onechat answered');
  }
  await desk.go('#/', '.figures');
});

test('a server that is away is told, and found again', async () => {
  const desk = await openDesk(stage, { token });
  desk.lossIsFine = true;
  await desk.page.route('**/admin/api/v1/stats', (route) => route.abort());
  await desk.sees('.banner', 'not answering');
  await desk.page.unroute('**/admin/api/v1/stats');
  await desk.seesNot('.banner');
});
