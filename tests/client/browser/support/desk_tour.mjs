// Leads an operator past everything that the page shows, and stops at each.
import { Person, couple } from '../../../end_to_end/support/person.mjs';
import { Operator } from '../../../end_to_end/support/operator.mjs';
import { openDesk } from './desk.mjs';

async function talk(url, said) {
  const [ann, ben] = await couple(url);
  for (const [at, text] of said.entries()) await (at % 2 ? ben : ann).text(text);
  return [ann, ben];
}

async function reports(by, reason, note) {
  by.say({ t: 'report', pair: by.pair, reason, ...(note ? { note } : {}) });
  await by.hears('reported');
}

// Something to look at: people who talk, wait and report, somebody banned, two more tokens.
// Returns what the tour needs to know of them.
export async function furnish(stage, words) {
  const { url } = stage.server;
  const owner = await Operator.of(stage.server);
  const [ann, ben] = await talk(url, words.said);
  const others = await Promise.all(['spam', 'minor', 'other'].map(async (reason) => {
    const two = await talk(url, words.others);
    await reports(two[1], reason);
    return two;
  }));
  await reports(ben, 'fraud', words.note);
  const waiting = await Person.arrive(url);
  waiting.say({ t: 'find' });
  await waiting.hears('waiting');
  const { reports: [newest, ...older] } = await owner.get('/reports');
  await owner.ask('POST', `/users/${older[0].target}/ban`, { why: words.why, body: { days: 7 } });
  await owner.admits('ann', 'moderator');
  await owner.admits('kiosk', 'viewer');
  return { url, owner, report: newest, people: [ann, ben, waiting, ...others.flat()] };
}

const isTalking = (person) => person.pair && !person.isClosed
  && !person.events().some(({ kind }) => kind === 'end');

// Minutes of the page's own clock, in which people come, and talk now more, now less. The page must
// have been opened with its clock in our hands.
export async function minutesPass(desk, { url, people }, looks = 150) {
  for (let n = 0; n < looks; n += 1) {
    if (n % 11 === 0 && n < 120) {
      const one = await Person.arrive(url);
      one.say({ t: 'find' });
      if (n % 3) people.push(one);
      else one.leaveForGood();
    }
    const texts = Math.round(3 + 3 * Math.sin(n / 9) + 2 * Math.sin(n / 2.3));
    for (const person of people.slice(0, texts)) {
      if (isTalking(person)) await person.text(`${n}`);
    }
    const looked = desk.page.waitForResponse(/\/metrics$/);
    await desk.page.clock.runFor(2000);
    await looked;
  }
}

// `stop(desk, name)` is called where there is something to look at.
export async function deskTour(stage, options, stop, words, { owner, report }) {
  const { id, pair, target } = report;
  const desk = await openDesk(stage, options);
  const at = (name) => stop(desk, name);
  await at('login');
  await desk.signIn(owner.token);
  await desk.sees('.figures');
  await at('overview');
  await desk.go('#/reports', 'tbody tr');
  await at('reports');
  await desk.go(`#/reports/${id}`, '.gate');
  await at('gate');
  await desk.says(words.why);
  await desk.sees('.decide');
  await at('report');
  await desk.go('#/flags', 'tbody tr, .empty');
  await at('flags');
  await desk.go('#/users', 'tbody tr');
  await at('users');
  await desk.go(`#/users/${target}`, '.decide');
  await desk.find('.decide button').first().click();
  await desk.sees('tbody tr');
  await at('user');
  await desk.go(`#/pairs/${pair}`, '.gate');
  await desk.page.keyboard.press('Enter');
  await desk.sees('.text');
  await at('record');
  await desk.find('.remove').first().click();
  await desk.page.locator('dialog').waitFor();
  await at('delete');
  await desk.page.keyboard.press('Escape');
  await desk.go('#/audit', 'tbody tr');
  await at('audit');
  await desk.go('#/backups', 'tbody tr, .empty');
  await at('backups');
  await desk.go('#/tokens', 'tbody tr');
  await at('tokens');
  await desk.go('#/elsewhere', '.empty');
  await at('nowhere');
}

export const chinese = {
  said: ['你好，晚上好！', '晚上好。你也睡不着吗？',
    '我认识一个很厉害的老师，跟着他买，一周就能翻倍。', '不用了，谢谢。',
    '真的，先转 500 块试试，稳赚不赔！', '别再说这个了。'],
  others: ['在吗？', '在的。'],
  note: '一开始聊天就让我转账，说是投资。', why: '处理举报',
};

export const english = {
  said: ['Good evening!', 'Evening. Can’t sleep either?',
    'I know a brilliant teacher. Buy what he says and double your money in a week.', 'No, thanks.',
    'Really! Just send 500 to try it, you can’t lose.', 'Please stop that.'],
  others: ['Hello?', 'Hello.'],
  note: 'Asked me for money from the first minute, “an investment”.', why: 'Working on the reports',
};
