import type { CliOutput } from '@hep/options';
import { interruptible } from '@hep/training';

/** Exit codes of a command that was asked to stop; what shells give for the signals. */
const STOPPED = { SIGINT: 130, SIGTERM: 143 } as const;

/** How a piece of work ended. */
export type WorkEnd = 'finished' | 'interrupted';

/**
 * Does work that Ctrl-C or SIGTERM asks to stop through `signal`; the second one ends the process at once.
 * @param advice what may be done after the first signal
 * @returns the exit code: 0, or that of the signal when the work ended because of it
 */
export async function stoppable(
  { out }: Pick<CliOutput, 'out'>,
  work: (signal: AbortSignal) => Promise<WorkEnd>,
  advice = 'Ctrl-C again to stop at once',
): Promise<number> {
  return interruptible(
    async (signal) =>
      (await work(signal)) === 'finished' ? 0 : STOPPED[signal.reason as keyof typeof STOPPED],
    () => out(`stopping after the running batches; ${advice}`),
  );
}
