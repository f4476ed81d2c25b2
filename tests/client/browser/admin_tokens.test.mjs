// Tokens and the audit, for owners.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Operator } from '../../end_to_end/support/operator.mjs';
import { openDesk, operators } from './support/desk.mjs';
import { setStage } from './support/stage.mjs';

let who;
const stage = setStage({ opened: async (open) => {
  who = await operators(open);
} });

test('a token is made, shown once, works, and is removed after a question', async () => {
  const desk = await openDesk(stage, { token: who.owner.token, path: '#/tokens' });
  await desk.sees('tbody', 'first');
  await desk.find('#token-name').fill('ann');
  await desk.find('#token-role').selectOption('viewer');
  await desk.find('.make .field').last().locator('input').fill('joins the team');
  await desk.button('Make').click();
  const token = await desk.find('.secret').innerText();
  assert.equal((await new Operator(stage.server, token).ask('GET', '/stats')).status, 200);
  await desk.sees('tbody', 'ann');
  await desk.go('#/');
  await desk.go('#/tokens', 'tbody');
  await desk.seesNot('.secret');

  await desk.button('Remove the token ann').click();
  await desk.sees('dialog', 'can’t be undone');
  await desk.find('dialog input').fill('has left');
  await desk.button('Remove', 'dialog').click();
  await desk.sees('.toast', 'The token ann is removed');
  assert.equal((await new Operator(stage.server, token).ask('GET', '/stats')).status, 401);
});

test('what is refused is said in words: a name that is taken, the last owner', async () => {
  const desk = await openDesk(stage, { token: who.owner.token, path: '#/tokens' });
  await desk.sees('tbody', 'first');
  await desk.find('#token-name').fill('mo');
  await desk.find('.make .field').last().locator('input').fill('for a test');
  await desk.button('Make').click();
  await desk.sees('.toast', 'a token of this name already');
  await desk.button('Remove the token first').click();
  await desk.find('dialog input').fill('for a test');
  await desk.button('Remove', 'dialog').click();
  await desk.sees('.toast', 'last owner');
  await desk.page.keyboard.press('Escape');
  await desk.seesNot('dialog');
});

test('the audit tells who did what to whom and why, and leads there', async () => {
  const why = 'a reason with <i>markup</i> and a turn';
  await who.moderator.ask('GET', '/pairs/999/events', { why });
  const desk = await openDesk(stage, { token: who.owner.token, path: '#/audit' });
  await desk.sees('tbody', 'a reason with <i>markup</i>');
  assert.match((await desk.rows())[0], /mo read events Record 999 a reason with/);
  await desk.press('tbody tr:first-child a');
  await desk.sees('h1', 'Record 999');
  await desk.says('looking');
  await desk.sees('.problem', 'no such thing');
});
