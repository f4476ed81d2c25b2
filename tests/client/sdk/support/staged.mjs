// Keeps the stages of a test file; none of them may have broken a rule of the platform.
import assert from 'node:assert/strict';
import { afterEach } from 'node:test';

export function keepStages() {
  const stages = [];
  afterEach(() => {
    for (const stage of stages.splice(0)) assert.deepEqual(stage.wx.breaches, []);
  });
  return (stage) => {
    stages.push(stage);
    return stage;
  };
}

export const waiting = { t: 'waiting', since: 1, waited_ms: 500, tier: 1, pool: '1-4' };
export const left = { t: 'partner', pair: 'P1', state: 'left', reason: 'left' };

// The server answers the newest message of a type.
export const answer = (stage, type, more) =>
  stage.line.say({ rid: stage.line.last(type).rid, ...more });

// The clock of the device is set back by an hour; what sleeps, sleeps no longer for it.
export function setBack(stage) {
  stage.clock.time -= 3_600_000;
  for (const timer of stage.clock.timers.values()) timer.at -= 3_600_000;
}
