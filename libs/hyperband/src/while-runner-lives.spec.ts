import { join } from 'node:path';
import { jest } from '@jest/globals';
import { temporaryFolder } from '@hep/test-support';
import { whileRunnerLives } from './index.ts';

const folder = await temporaryFolder();
const own = { send: process.send, connected: process.connected };
const kill = jest.spyOn(process, 'kill');

/** As if this process had been started with a channel that is open, or has been closed since. */
function withChannel(connected: boolean): void {
  Object.assign(process, { send: () => true, connected });
}

beforeEach(() => kill.mockReset().mockReturnValue(true));
afterEach(() => {
  Object.assign(process, own);
  process.removeAllListeners('disconnect');
});
afterAll(() => kill.mockRestore());

it('works at once where there was never a runner', async () => {
  Object.assign(process, { send: undefined, connected: false });
  expect(await whileRunnerLives(join(folder, 'alone'), () => Promise.resolve(1))).toBe(1);
  expect(kill).not.toHaveBeenCalled();
});

it('is asked to stop when the runner goes', async () => {
  withChannel(true);
  await whileRunnerLives(join(folder, 'beside'), () => Promise.resolve(process.emit('disconnect')));
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGTERM');
});

it('is asked to stop when the runner went while the process started', async () => {
  withChannel(false);
  await whileRunnerLives(join(folder, 'late'), () => Promise.resolve());
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGTERM');
});
