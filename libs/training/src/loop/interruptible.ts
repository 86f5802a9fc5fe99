/**
 * Runs `work` so that Ctrl-C or SIGTERM asks it to stop instead of killing the process: the first aborts `signal`
 * (its `reason` is the signal's name), the second ends the process at once (exit code 130 or 143). The handlers
 * are removed when the work ends.
 * @param onRequest called at the first signal, to tell the user what is awaited
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onRequest: (signal: 'SIGINT' | 'SIGTERM') => void = () => undefined,
): Promise<T> {
  const controller = new AbortController();
  const handle = (name: 'SIGINT' | 'SIGTERM', exitCode: number) => () => {
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort(name);
    onRequest(name);
  };
  const onInterrupt = handle('SIGINT', 130);
  const onTerminate = handle('SIGTERM', 143);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
  }
}
