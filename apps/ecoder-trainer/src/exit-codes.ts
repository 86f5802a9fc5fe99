/** Exit codes of a command that was asked to stop; what shells give for the signals. */
export const STOPPED = { SIGINT: 130, SIGTERM: 143 } as const;
