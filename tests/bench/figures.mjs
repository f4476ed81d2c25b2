// The figures and their bars, and how a round of each is measured. Experiments are measured in
// rounds; each gives some numbers, from which its rows are judged.
import { Server, load, meetingSoon, programs, withServer } from './programs.mjs';

const textBytes = ['--text-bytes', '128'];
const perText = { full: ['full', ' µs'], raw: ['raw', ' µs'], slices: ['slices', 'x'] };

// ---- one measured load each; times in ms, CPU in µs; of slices the median ----

async function full(bench, { flags, serve = meetingSoon, tls = false, filtered = true }) {
  const secure = tls ? await bench.certificate() : undefined;
  const files = secure ? ['--tls-cert', secure.chain, '--tls-key', secure.key] : [];
  if (!filtered) files.push('--moderation-words', await bench.noWords());
  const data = await bench.freshFolder();
  return withServer(Server.serve(data, [...serve, ...files]), async (server) => {
    const url = `${tls ? 'wss' : 'ws'}://${server.address}/ws`;
    const trust = secure ? ['--tls-ca', secure.chain] : [];
    const found = await load(programs.onechat, ['bench', '--url', url, ...trust, '--json',
      '--pid', server.pid, ...bench.times(), ...textBytes, ...flags]);
    return {
      cpu: found.server_cpu_ns_per_text / 1000,
      perSecond: found.acked_per_second,
      cpuSlice: found.slice_server_cpu_ns_per_text / 1000,
      perSecondSlice: found.slice_acked_per_second,
      delivery: found.delivery_us.p99 / 1000,
      ack: found.ack_us.p99 / 1000,
      deliverySlice: found.slice_delivery_p99_us / 1000,
      ackSlice: found.slice_ack_p99_us / 1000,
      match: found.match_us.p99 / 1000,
      matchMedian: found.match_us.p50 / 1000,
      loadPercent: (found.bench_cpu_ms * 100) / found.measured_ms,
      serverPercent: (found.server_cpu_ms * 100) / found.measured_ms,
      overdue: found.overdue,
      resident: found.server_resident_kb * 1024,
    };
  });
}

function relay(bench, flags, program = programs.raw, own = []) {
  return withServer(Server.start(program, own), async (server) => {
    const found = await load(programs.relayLoad, ['--url', `ws://${server.address}/`,
      '--pid', server.pid, ...bench.times(), ...textBytes, ...flags]);
    return {
      cpu: found.server_cpu_ns_per_text / 1000,
      cpuSlice: found.slice_server_cpu_ns_per_text / 1000,
      delivery: found.delivery_p99_us / 1000,
      deliverySlice: found.slice_delivery_p99_us / 1000,
    };
  });
}

const couples = (bench, pairs, inFlight) =>
  ['--pairs', bench.scaled(pairs), '--in-flight', inFlight];
const people = (bench, pairs, inFlight) =>
  ['--people', 2 * bench.scaled(pairs), '--in-flight', inFlight];

// ---- experiments ----

const priceAgainst = (one, other) => ({
  ratio: one.cpu / other.cpu,
  slices: one.cpuSlice / other.cpuSlice,
});

// The bars are those of the service without a word filter, which came later; it is on by default.
const unfiltered = (filtered) => (filtered ? '' : ', no word filter');

const againstRaw = ({ filtered = true, turns = false } = {}) => ({
  rounds: 8,
  rows: [{
    id: 'P1',
    what: `full service against raw, 1000 pairs x 1 in flight${turns ? ', in turns' : ''}` +
      `${unfiltered(filtered)}: server CPU per text`,
    number: 'ratio',
    unit: 'x raw',
    bar: { atMost: 2.5 },
    details: perText,
  }],
  async measure(bench) {
    const manner = turns ? ['--turns'] : [];
    const [one, two] = await bench.inTurns(
      () => full(bench, { flags: [...couples(bench, 1000, 1), ...manner], filtered }),
      () => relay(bench, [...people(bench, 1000, 1), ...manner]));
    return { ...priceAgainst(one, two), full: one.cpu, raw: two.cpu };
  },
});

const againstAnswering = {
  rounds: 8,
  rows: [{
    id: 'P1',
    what: 'full service against raw, 1000 pairs x 1 in flight, in turns: server CPU per text',
    number: 'ratio',
    unit: 'x raw',
    bar: { atMost: 2.5 },
    details: perText,
  }, {
    id: 'P1',
    what: 'the same against a raw relay that also answers each text',
    number: 'answeredRatio',
    unit: 'x',
    details: { answering: ['answering', ' µs'], answeredSlices: ['slices', 'x'] },
  }, {
    id: 'P1',
    what: 'a raw relay that also answers each text against raw: the least that an ack costs',
    number: 'leastRatio',
    unit: 'x raw',
    details: { leastSlices: ['slices', 'x'] },
  }],
  async measure(bench) {
    const flags = [...people(bench, 1000, 1), '--turns'];
    const [one, [two, three]] = await bench.inTurns(
      () => full(bench, { flags: [...couples(bench, 1000, 1), '--turns'] }),
      () => bench.inTurns(
        () => relay(bench, flags), () => relay(bench, flags, programs.raw, ['--answer'])));
    const answered = priceAgainst(one, three);
    const least = priceAgainst(three, two);
    return {
      ...priceAgainst(one, two),
      answeredRatio: answered.ratio,
      answeredSlices: answered.slices,
      leastRatio: least.ratio,
      leastSlices: least.slices,
      full: one.cpu,
      raw: two.cpu,
      answering: three.cpu,
    };
  },
};

const throughput = (filtered) => ({
  rows: [{
    id: 'P2',
    what: `full service, 100 pairs x 16 in flight${unfiltered(filtered)}: texts stored and acked`,
    number: 'perSecond',
    unit: '/s',
    bar: { atLeast: 100_000 },
    details: {
      full: ['full', ' µs'],
      raw: ['raw', ' µs'],
      loadPercent: ['load busy', ' %'],
      perSecondSlice: ['slices', '/s'],
    },
  }],
  async measure(bench) {
    const [one, two] = await bench.inTurns(
      () => full(bench, { flags: couples(bench, 100, 16), filtered }),
      () => relay(bench, people(bench, 100, 16)));
    return { ...one, full: one.cpu, raw: two.cpu };
  },
});

const framing = (pairs, inFlight) => ({
  rows: [{
    id: 'P4',
    what: `framing alone (echo on server/net) against raw, ${2 * pairs} x ${inFlight}: ` +
      'server CPU per text',
    number: 'ratio',
    unit: 'x raw',
    bar: { atMost: 1.3 },
    details: { echo: ['echo', ' µs'], raw: ['raw', ' µs'], slices: ['slices', 'x'] },
  }],
  async measure(bench) {
    const [one, two] = await bench.inTurns(
      () => relay(bench, people(bench, pairs, inFlight), programs.echo),
      () => relay(bench, people(bench, pairs, inFlight), programs.raw, ['--echo']));
    return { ...priceAgainst(one, two), echo: one.cpu, raw: two.cpu };
  },
});

const byTheClock = (bench, rate) =>
  [...couples(bench, 1000, 64), '--rate', bench.scaled(rate)];

const latency = {
  rounds: 5,
  rows: [{
    id: 'P5',
    what: 'delivery p99 at 20,000 texts/s by the clock, full service against raw',
    number: 'ratio',
    unit: 'x raw',
    bar: { atMost: 2 },
    details: { delivery: ['full', ' ms'], raw: ['raw', ' ms'] },
  }, {
    id: 'P5',
    what: 'the same, median of the p99s of slices of 200 ms',
    number: 'sliceRatio',
    unit: 'x raw',
    bar: { atMost: 2 },
    details: { deliverySlice: ['full', ' ms'], rawSlice: ['raw', ' ms'] },
  }, {
    id: 'P6',
    what: 'ack p99 at 20,000 texts/s',
    number: 'ack',
    unit: ' ms',
    bar: { atMost: 50 },
    details: { serverPercent: ['server busy', ' %'], overdue: ['texts said late', ''] },
  }, {
    id: 'P6',
    what: 'the same, median of the p99s of slices of 200 ms',
    number: 'ackSlice',
    unit: ' ms',
    bar: { atMost: 50 },
  }],
  async measure(bench) {
    const [one, two] = await bench.inTurns(
      () => full(bench, { flags: byTheClock(bench, 20_000) }),
      () => relay(bench, ['--people', 2 * bench.scaled(1000), '--rate', bench.scaled(20_000)]));
    return {
      ...one,
      ratio: one.delivery / two.delivery,
      raw: two.delivery,
      sliceRatio: one.deliverySlice / two.deliverySlice,
      rawSlice: two.deliverySlice,
    };
  },
};

const calmLatency = {
  rows: [{
    id: 'P6',
    what: 'ack p99 at 5,000 texts/s',
    number: 'ack',
    unit: ' ms',
    bar: { atMost: 50 },
    details: { delivery: ['delivery p99', ' ms'], serverPercent: ['server busy', ' %'] },
  }],
  measure: (bench) => full(bench, { flags: byTheClock(bench, 5000) }),
};

const memory = {
  rows: [{
    id: 'P7',
    what: 'resident memory per idle session, plain, 10,000 guests welcomed',
    number: 'each',
    unit: ' B',
    bar: { atMost: 1536 },
    details: { mebibytes: ['the process', ' MiB'] },
  }],
  async measure(bench) {
    const idle = bench.scaled(10_000);
    const withIdle = (count) => full(bench, { flags: ['--pairs', 1, '--idle', count] });
    const [some, none] = await bench.inTurns(() => withIdle(idle), () => withIdle(0));
    return { each: (some.resident - none.resident) / idle, mebibytes: some.resident / 2 ** 20 };
  },
};

const matching = {
  rows: [{
    id: 'P8',
    what: '`find` to `matched`, 1000 people a second, rounds of 200 ms: p99',
    number: 'match',
    unit: ' ms',
    bar: { atMost: 250 },
    details: { matchMedian: ['median', ' ms'] },
  }],
  measure: (bench) => full(bench, {
    flags: [...couples(bench, 1000, 1), '--searching', bench.trial ? 0.1 : 2],
    serve: [],
  }),
};

const overTls = (pairs, inFlight) => ({
  rows: [{
    id: 'P9',
    what: `TLS against plain, ${pairs} pairs x ${inFlight} in flight: server CPU per text`,
    number: 'ratio',
    unit: 'x plain',
    bar: { atMost: 1.6 },
    details: { tls: ['TLS', ' µs'], plain: ['plain', ' µs'], slices: ['slices', 'x'] },
  }],
  async measure(bench) {
    const flags = couples(bench, pairs, inFlight);
    const [one, two] = await bench.inTurns(
      () => full(bench, { flags, tls: true }), () => full(bench, { flags }));
    return { ...priceAgainst(one, two), tls: one.cpu, plain: two.cpu };
  },
});

const arrivals = {
  rows: [{
    id: 'P10',
    what: 'accept, upgrade and hello of a known token',
    number: 'perSecond',
    unit: '/s',
    bar: { atLeast: 8000 },
    details: {
      cpu: ['server', ' µs each'],
      p99: ['p99', ' ms'],
      serverPercent: ['server busy', ' %'],
      loadPercent: ['load busy', ' %'],
    },
  }],
  async measure(bench) {
    const { data, people: known } = await bench.filled({ people: 1000, texts: 20_000 });
    return withServer(Server.serve(data), async (server) => {
      const found = await load(programs.logins, ['--url', server.address, '--data', data,
        '--people', known, '--pid', server.pid, ...bench.times()]);
      return {
        perSecond: found.logins_per_second,
        cpu: found.server_cpu_ns_per_login / 1000,
        p99: found.login_p99_us / 1000,
        serverPercent: found.server_cpu_percent,
        loadPercent: found.load_cpu_percent,
      };
    });
  },
};

const longRecords = {
  rows: [{
    id: 'P11',
    what: 'a page of 20 events among 10 M texts, warm, through the front door: p99',
    number: 'p99',
    unit: ' ms',
    bar: { atMost: 2 },
    details: { p50: ['median', ' ms'], most: ['most', ' ms'] },
  }],
  async measure(bench) {
    const { data, people: known, texts } =
      await bench.filled({ people: 1000, texts: 10_000_000, warm: true });
    return withServer(Server.serve(data), async (server) => {
      const found = await load(programs.longRecord, ['ask', '--data', data, '--people', known,
        '--texts', texts, '--url', `ws://${server.address}/ws`, '--warm-up', bench.scaled(2000),
        '--pages', bench.scaled(20_000)]);
      return {
        p50: found.page_p50_us / 1000,
        p99: found.page_p99_us / 1000,
        most: found.page_max_us / 1000,
      };
    });
  },
};

export const experiments = [
  againstRaw(), againstRaw({ filtered: false }), againstAnswering,
  againstRaw({ filtered: false, turns: true }),
  throughput(true), throughput(false), framing(1000, 1), framing(100, 16), latency,
  calmLatency, memory, matching, overTls(1000, 1), overTls(100, 16), arrivals, longRecords,
];
