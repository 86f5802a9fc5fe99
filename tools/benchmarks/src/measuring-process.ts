/** The comparing side of the protocol with a measuring process; see README. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { JobSpec } from './benchmark.ts';

/** How to start one side. */
export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One measured run. */
export interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** What the work returned, such as the loss. */
  readonly result: number;
}

const TAIL_CHARACTERS = 2000;

/** A process that does the same work whenever it is told to. */
export class MeasuringProcess {
  /** What does the work; known once started. */
  engine = '';
  /** Time from the start of the process until it can measure. */
  setupMs = 0;
  private readonly messages: AsyncIterator<string>;
  private readonly ended: Promise<void>;
  private errors = '';

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.messages = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (text) => (this.errors = `${this.errors}${text}`.slice(-TAIL_CHARACTERS)));
    child.stdin.on('error', () => undefined); // the missing answer tells why
    child.on('error', (error) => (this.errors += error.message));
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  /** Starts the process and waits until it is ready. */
  static async start(
    { command, arguments: rest, environment }: Launch,
    spec: JobSpec,
  ): Promise<MeasuringProcess> {
    const startedAt = performance.now();
    const child = spawn(command, [...rest, JSON.stringify(spec)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    const measuring = new MeasuringProcess(child);
    const { engine } = await measuring.message<{ engine: string }>();
    return Object.assign(measuring, { engine, setupMs: performance.now() - startedAt });
  }

  /** Does the work once. */
  async measure(): Promise<Run> {
    this.child.stdin.write('measure\n');
    return this.message<Run>();
  }

  /** Peak memory of the process, after its last run. */
  async finish(): Promise<{ readonly peakRssMiB: number }> {
    const summary = await this.message<{ peakRssMiB: number }>();
    await this.ended;
    return summary;
  }

  /** Ends the process if it still runs. */
  async stop(): Promise<void> {
    this.child.kill();
    await this.ended;
  }

  /** The next message; anything else that libraries print is skipped. */
  private async message<Message>(): Promise<Message> {
    for (;;) {
      const { value, done } = await this.messages.next();
      if (done) break;
      if (value.startsWith('{"')) return JSON.parse(value) as Message;
    }
    await this.ended;
    throw new Error(`${this.child.spawnfile} stopped: ${lastError(this.errors)}`);
  }
}

/** The line that names the error, in what a process wrote about its failure. */
function lastError(text: string): string {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines[lines.length - 1];
}
