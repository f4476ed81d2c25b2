// The one switch that lets every test go over TLS: with ONECHAT_TEST_TLS=1 each server shows a
// certificate made once for the process, and every client believes that one alone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const overTls = process.env.ONECHAT_TEST_TLS === '1';

// A self-signed certificate of that name for 127.0.0.1 and localhost, in the folder.
export function certify(folder, name = 'localhost') {
  const certificate = join(folder, 'chain.pem');
  const key = join(folder, 'key.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
    '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', key, '-out', certificate],
  { stdio: 'ignore' });
  return { certificate, key, flags: ['--tls-cert', certificate, '--tls-key', key] };
}

function certifyOnce() {
  const folder = mkdtempSync(join(tmpdir(), 'onechat-tls-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return certify(folder);
}

const ours = overTls ? certifyOnce() : undefined;

// What a server is started with, and what a client connects with.
export const tlsFlags = ours?.flags ?? [];
export const trusting = ours ? { ca: readFileSync(ours.certificate) } : {};

// How a connection ends that is too many of its address: over TLS an answer would cost the
// handshake that the limit is to save, so there is none.
export const cutOff = /ECONNRESET|disconnected before secure TLS connection/;
