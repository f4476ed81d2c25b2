// What an operator watches: every figure that the dashboard, the alert rules and the manual name is
// one that the server tells, with those labels.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { couple } from './support/person.mjs';
import { withServer } from './support/server.mjs';
import { certify } from './support/tls.mjs';

const docs = new URL('../../docs/', import.meta.url);
const read = (name) => readFile(new URL(name, docs), 'utf8');
// Added by whoever scrapes, or of a server's own choice.
const foreignLabels = ['job', 'instance', 'le'];

// As the server tells them: name -> label -> values.
async function toldBy(server) {
  const text = await (await fetch(`${server.adminHome}/metrics`)).text();
  const told = new Map();
  for (const [, name] of text.matchAll(/^# TYPE (\w+) histogram$/gm)) told.set(name, new Map());
  for (const line of text.split('\n').filter((each) => each && !each.startsWith('#'))) {
    const [, name, list = ''] = /^(\w+)(?:\{(\w+="[^"]*"(?:,\w+="[^"]*")*)\})? [-+.\deInf]+$/
      .exec(line) ?? assert.fail(`not as Prometheus reads it: ${line}`);
    const labels = told.get(name) ?? new Map();
    for (const [, label, value] of list.matchAll(/(\w+)="([^"]*)"/g)) {
      labels.set(label, [...(labels.get(label) ?? []), value]);
    }
    told.set(name, labels);
  }
  return told;
}

// Every figure that a text names, with what it says of labels.
function namedIn(text) {
  return [...text.matchAll(/\b((?:onechat|process)_[a-z_]+)(?:\{([^}]*)\})?/g)]
    .map(([, name, selector = '']) => ({
      name,
      labels: [...selector.matchAll(/(\w+)(=~?)"([^"]*)"/g)].map(([, label, how, value]) =>
        ({ label, value: how === '=' ? value : undefined })),
    }));
}

function missingFrom(told, text) {
  return namedIn(text).flatMap(({ name, labels }) => {
    if (!told.has(name)) return [name];
    return labels.filter(({ label, value }) => !foreignLabels.includes(label) &&
      (value === undefined ? !told.get(name).has(label)
        : !told.get(name).get(label)?.includes(value)))
      .map(({ label, value }) => `${name}{${label}="${value}"}`);
  });
}

async function withFigures(body) {
  const folder = mkdtempSync(join(tmpdir(), 'onechat-tls-'));
  try {
    const { flags } = certify(folder);
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'not-asked-for-here\n', { mode: 0o600 });
    const platform = ['--wechat-appid', 'wx0123456789abcdef', '--wechat-secret-file', secret];
    await withServer({ flags: [...platform, ...flags] }, async (server) => {
      await body(await toldBy(server), server);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the dashboard shows what there is, and all panels have their place', () =>
  withFigures(async (told) => {
    const dashboard = JSON.parse(await read('examples/grafana.json'));
    const expressions = dashboard.panels.flatMap((panel) => panel.targets ?? [])
      .map((target) => target.expr);
    assert.ok(expressions.length > 20);
    assert.deepEqual(missingFrom(told, expressions.join('\n')), []);
    const ids = dashboard.panels.map((panel) => panel.id);
    assert.equal(new Set(ids).size, ids.length);
    const taken = new Set();
    for (const { title, gridPos: { x, y, w, h } } of dashboard.panels) {
      for (let n = 0; n < w * h; n += 1) {
        const place = `${x + (n % w)},${y + Math.floor(n / w)}`;
        assert.ok(x + w <= 24 && !taken.has(place), `${title} lies on another`);
        taken.add(place);
      }
    }
  }));

test('the dashboard leaves no figure out', () =>
  withFigures(async (told) => {
    const named = new Set(namedIn(await read('examples/grafana.json'))
      .map(({ name }) => name.replace(/_bucket$/, '')));
    const whole = (name) => name.replace(/_(bucket|sum|count)$/, '');
    assert.deepEqual([...told.keys()].filter((name) =>
      !named.has(name) && !named.has(whole(name))), []);
  }));

test('alerts ask for what there is, and each says what to do', () =>
  withFigures(async (told) => {
    const rules = await read('examples/alerts.yml');
    const each = rules.split(/^ {6}- alert: /m).slice(1);
    const headings = [...(await read('operations.md')).matchAll(/^#+ (.*)$/gm)].map(([, it]) => it);
    assert.ok(each.length >= 10);
    assert.deepEqual(missingFrom(told, rules), []);
    for (const rule of each) {
      const name = rule.split('\n', 1)[0];
      assert.match(rule, /^ {8}expr: \S/m, name);
      assert.match(rule, /severity: (page|ticket)/, name);
      assert.match(rule, /^ {10}summary: ".*\."$/m, name);
      const runbook = /^ {10}runbook: "(.*)"$/m.exec(rule)?.[1];
      assert.ok(headings.includes(runbook), `${name}: operations.md has no "${runbook}"`);
    }
  }));

const promtool = (() => {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const withPromtool = { skip: promtool ? false : 'promtool is not installed' };

test('Prometheus reads the alerts', withPromtool, () => {
  execFileSync('promtool', ['check', 'rules', new URL('examples/alerts.yml', docs).pathname]);
});

test('the manual names no figure that is not told', () =>
  withFigures(async (told) => {
    assert.deepEqual(missingFrom(told, await read('operations.md')), []);
  }));

test('a name that is not told would be found', () =>
  withFigures(async (told) => {
    const wrong = 'rate(onechat_texts_totals[5m]) + onechat_closes_total{reason="slow"} + ' +
      'onechat_closes_total{reason="fast"} + onechat_people{side="one"}';
    assert.deepEqual(missingFrom(told, wrong), ['onechat_texts_totals',
      'onechat_closes_total{reason="fast"}', 'onechat_people{side="one"}']);
  }));

test('what people do is counted', () =>
  withServer({ flags: ['--match-round', '20ms'] }, async (server) => {
    const [one] = await couple(server.url);
    await one.text('count me');
    const text = await (await fetch(`${server.adminHome}/metrics`)).text();
    assert.match(text, /^onechat_commit_seconds_count [1-9]\d*$/m);
    assert.match(text, /^onechat_ack_seconds_count 1$/m);
    assert.match(text, /^onechat_loop_late_seconds_count [1-9]\d*$/m);
    assert.match(text, /^onechat_committed_changes_total [1-9]\d*$/m);
    assert.match(text, /^onechat_data_bytes\{file="onechat.db"\} [1-9]\d*$/m);
    assert.match(text, /^onechat_data_free_bytes [1-9]/m);
  }));
