import { spawn } from 'node:child_process';

/** How a program ended; code -1 when it could not be started or was killed. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. `onLine` gets every line of its standard output as it comes. */
export function runCommand(
  command: string,
  parameters: readonly string[],
  {
    environment = {},
    onLine,
  }: { environment?: Record<string, string>; onLine?: (line: string) => void } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let pending = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = (pending + text).split('\n');
      pending = lines.pop()!;
      lines.forEach((line) => onLine?.(line));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => resolve({ code: -1, stdout, stderr: error.message }));
    child.on('close', (code) => {
      if (pending !== '') onLine?.(pending);
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}
