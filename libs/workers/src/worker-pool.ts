/** Several workers of one service. */
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Operation, Payload, Result } from './service.ts';
import { workerModule } from './start-worker.ts';

/** A fixed number of equal workers. */
export class WorkerPool<Service> {
  private constructor(private readonly connections: readonly Connection<Service>[]) {}

  /**
   * Starts `size` workers of `entry` (see `startWorker`), each with the same options.
   * @throws RangeError when size is not a positive integer
   */
  static async start<Service>(
    entry: URL,
    size: number,
    options: WorkerOptions = {},
  ): Promise<WorkerPool<Service>> {
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`${size} workers asked for; expected 1 or more`);
    const module = await workerModule(entry);
    const start = () => connect<Service>(new Worker(module, options));
    return new WorkerPool(Array.from({ length: size }, start));
  }

  /** Number of workers. */
  get size(): number {
    return this.connections.length;
  }

  /** Calls an operation in every worker; results in worker order. */
  broadcast<Name extends Operation<Service>>(
    name: Name,
    payload: Payload<Service, Name>,
  ): Promise<Result<Service, Name>[]> {
    return Promise.all(this.connections.map((connection) => connection.call(name, payload)));
  }

  /**
   * Calls an operation once per payload, each worker taking the next payload when it is free; results in payload
   * order. Payloads may be made as they are taken. The first error stops the handing out and rejects.
   * @param told is handed each result as it comes
   */
  async map<Name extends Operation<Service>>(
    name: Name,
    payloads: Iterable<Payload<Service, Name>> | AsyncIterable<Payload<Service, Name>>,
    told: (result: Result<Service, Name>, payload: Payload<Service, Name>) => Promise<void> | void = () =>
      undefined,
  ): Promise<Result<Service, Name>[]> {
    const results: Result<Service, Name>[] = [];
    const queue = numbered(payloads);
    let failed = false;
    const work = async (connection: Connection<Service>) => {
      try {
        for await (const [position, payload] of queue) {
          if (failed) return;
          results[position] = await connection.call(name, payload);
          await told(results[position], payload);
        }
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    await Promise.all(this.connections.map(work));
    return results;
  }

  /** Stops every worker. */
  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
  }
}

async function* numbered<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<readonly [number, T]> {
  let position = 0;
  for await (const item of items) yield [position++, item];
}
