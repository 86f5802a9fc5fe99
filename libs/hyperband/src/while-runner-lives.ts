import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '@hep/files';

const LOOK_AGAIN_MILLISECONDS = 100;

/**
 * Work of a process that a `LocalRunner` started. When the runner's process is gone, this one is asked to stop by SIGTERM;
 * the work begins when an earlier process, left over from such an end, has stopped. Elsewhere (batch systems, by hand)
 * the work is done at once.
 * @param path what only one process at a time may work at
 */
export async function whileRunnerLives<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  if (process.send === undefined) return work(); // never had a channel to a runner
  const stop = () => process.kill(process.pid, 'SIGTERM');
  process.once('disconnect', stop);
  if (!process.connected) stop(); // the runner went while this process started
  process.channel?.unref();
  for (;;) {
    const done = await withLock(path, work);
    if (done !== undefined) return done.result;
    await sleep(LOOK_AGAIN_MILLISECONDS);
  }
}
