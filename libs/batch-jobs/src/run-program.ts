import { spawn } from 'node:child_process';
import { UserError } from '@hep/options';

/** What a program of a batch system answered. */
export interface ProgramAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const ANSWER_SECONDS = 120;

/**
 * Runs a program of a batch system, in English.
 * @param missing what to do when the program is not there
 * @throws UserError when the program is not there or gives no answer within two minutes
 */
export function runProgram(
  program: string,
  argv: readonly string[],
  { cwd, missing }: { readonly cwd?: string | undefined; readonly missing: string },
): Promise<ProgramAnswer> {
  const child = spawn(program, argv, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, LC_ALL: 'C', SLURM_BITSTR_LEN: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += String(bytes)));
  child.stderr.on('data', (bytes: Buffer) => (err += String(bytes)));
  // Not `timeout` of spawn, whose timer goes on after a program was not found.
  const limit = setTimeout(() => child.kill('SIGKILL'), ANSWER_SECONDS * 1000);
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      const isMissing = error.code === 'ENOENT';
      reject(isMissing ? new UserError(`${program}: not found on this machine; ${missing}`) : error);
    });
    child.once('close', (code) => {
      clearTimeout(limit);
      if (code !== null) resolve({ code, out, err });
      else reject(new UserError(`${program}: no answer within ${ANSWER_SECONDS} s; is the batch system up?`));
    });
  });
}

/** @throws UserError with the program's own words when it failed */
export function requireSuccess(program: string, answer: ProgramAnswer): ProgramAnswer {
  if (answer.code !== 0) throw new UserError(`${program}: ${complaint(answer)}`);
  return answer;
}

/** What a program wrote to standard error as one line, without the program's name before each line. */
export function complaint({ out, err, code }: ProgramAnswer): string {
  const lines = (err.trim() || out.trim())
    .split('\n')
    .map((line) => line.replace(/^\w+: (error: )?/, '').trim());
  return lines.filter((line) => line !== '').join('; ') || `exit code ${code}`;
}
