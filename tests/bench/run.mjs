// Measures the figures of docs/benchmarks.md and prints them next to their bars. Ends with 0
// however slow the machine is, and with 1 when something does not work or a text is lost.
// See scripts/bench.
import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { Bench } from './bench.mjs';
import { describeMachine } from './machine.mjs';
import { experiments } from './figures.mjs';
import { asMarkdown, asText, judge } from './report.mjs';
import { programs, show } from './programs.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
    markdown: { type: 'boolean' },
    micro: { type: 'boolean' },
    trial: { type: 'boolean' },
  },
});

const positive = (name) => {
  const number = Number(options[name]);
  if (options[name] !== undefined && !(number > 0)) {
    console.error(`scripts/bench: --${name} takes a number above 0.`);
    process.exit(2);
  }
  return options[name] === undefined ? undefined : number;
};
const rounds = positive('rounds');
const seconds = positive('seconds');
const only = options.only?.toUpperCase().split(',');

const known = new Set(experiments.flatMap((one) => one.rows.map((row) => row.id)));
const unknown = only?.filter((id) => !known.has(id)) ?? [];
if (unknown.length > 0) {
  console.error(`scripts/bench: there is no ${unknown.join(', ')}; only ${[...known].join(', ')}.`);
  process.exit(2);
}

async function micro() {
  if (!existsSync(programs.micro)) {
    console.error('scripts/bench: onechat_micro was not built: libbenchmark-dev is missing.');
    return 1;
  }
  const brief = ['--benchmark_min_time=0.001', '--benchmark_filter=-/[0-9]{6,}'];
  return show(0, programs.micro, options.trial ? brief : []);
}

async function measureAll(bench) {
  const chosen = experiments
    .map((one) => ({ ...one, rows: one.rows.filter((row) => !only || only.includes(row.id)) }))
    .filter((one) => one.rows.length > 0);
  const machine = describeMachine(bench.folder, options);
  const rows = [];
  const measureOne = async ({ rounds: wanted = 3, rows: of, measure }) => {
    const measured = [];
    for (let round = 0; round < (rounds ?? (options.trial ? 1 : wanted)); ++round) {
      bench.round = round;
      measured.push(await measure(bench));
      if (options.trial) continue;
      const numbers = of.map((row) => `${row.id} ${measured.at(-1)[row.number].toPrecision(4)}`);
      console.error(`round ${round + 1}: ${numbers.join(', ')}`);
    }
    // So little of everything says nothing about speed.
    return of.map((row) => judge(options.trial ? { ...row, bar: undefined } : row, measured));
  };
  if (!options.markdown) console.log(`${machine.join('\n')}\n`);
  if (options.trial) {
    const ended = await Promise.allSettled(chosen.map(measureOne));
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    rows.push(...ended.flatMap((one) => one.value));
    console.log(rows.map(asText).join(''));
  } else {
    for (const one of chosen) {
      const judged = await measureOne(one);
      rows.push(...judged);
      if (!options.markdown) console.log(judged.map(asText).join(''));
    }
  }
  if (options.markdown) console.log(`${asMarkdown(rows)}\n\n${machine.join('\n')}`);
}

const bench = await Bench.begin({ seconds, trial: options.trial ?? false });
let status = 0;
try {
  if (options.trial || !options.micro) await measureAll(bench);
  if (options.micro) status = await micro();
} finally {
  await bench.end();
}
process.exitCode = status;
