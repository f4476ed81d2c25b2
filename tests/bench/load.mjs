// `onechat bench` with the given flags against a server of its own. See scripts/load_test.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, meetingSoon, programs, show, withServer } from './programs.mjs';

const flags = process.argv.slice(2);
const asked = flags.length > 0 ? flags : ['--lifecycle', '--seconds', '30'];
const serve = (process.env.ONECHAT_SERVE ?? '').split(/\s+/).filter(Boolean);

const data = await mkdtemp(join(tmpdir(), 'onechat-'));
try {
  const starting = Server.serve(data, [...meetingSoon, ...serve]);
  process.exitCode = await withServer(starting, (server) =>
    show(1, programs.onechat,
      ['bench', '--url', `ws://${server.address}/ws`, '--pid', server.pid, ...asked]));
} finally {
  await rm(data, { recursive: true, force: true });
}
