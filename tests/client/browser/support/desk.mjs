// An operator before the page at the admin listener.
import { Operator } from '../../../end_to_end/support/operator.mjs';
import { Visitor, until } from './visitor.mjs';

export const wide = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };
export const narrow = { viewport: { width: 390, height: 780 }, locale: 'en-GB' };

export class Desk extends Visitor {
  // The browser tells of refusals, too; some are meant.
  forgives(text) {
    return super.forgives(text) || /status of (400|401|403|404|409|429)/.test(text);
  }

  async signIn(token) {
    await this.find('#token').fill(token);
    await this.page.keyboard.press('Enter');
    await this.sees('.frame');
  }

  async go(address, selector = 'h1') {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await this.sees(selector);
  }

  // Past the question why.
  async says(reason) {
    await this.find('.gate input').fill(reason);
    await this.page.keyboard.press('Enter');
    await this.seesNot('.gate');
  }

  button(name, within = 'body') {
    return this.find(within).getByRole('button', { name, exact: true });
  }

  // A number that the overview shows.
  async figure(name) {
    return Number(await this.find(`[data-figure=${name}] .value`).innerText());
  }

  shows(name, value) {
    return until(`${name}: ${value}`, async () => await this.figure(name) === value);
  }

  // The rows of the list, each as one line.
  async rows() {
    const all = await this.find('tbody tr').allInnerTexts();
    return all.map((row) => row.replace(/\s+/g, ' ').trim());
  }
}

// Opens the page; with a token, signs in.
export async function openDesk(stage, { token, path = '', prepare, ...options } = {}) {
  const context = await stage.browser.newContext({ ...wide, ...options });
  context.setDefaultTimeout(20000);
  const desk = await Desk.open(context, `${stage.server.adminHome}/${path}`, { prepare });
  stage.visitors.push(desk);
  if (token) await desk.signIn(token);
  return desk;
}

// An operator of each role, who ask by themselves, too.
export async function operators(stage) {
  const owner = await Operator.of(stage.server);
  return { owner, moderator: await owner.admits('mo', 'moderator'),
    viewer: await owner.admits('vi', 'viewer') };
}
