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
   * order. The first error stops the handing out and rejects.
   */
  async map<Name extends Operation<Service>>(
    name: Name,
    payloads: Iterable<Payload<Service, Name>>,
  ): Promise<Result<Service, Name>[]> {
    const results: Result<Service, Name>[] = [];
    const queue = [...payloads].entries();
    let failed = false;
    const work = async (connection: Connection<Service>) => {
      for (const [position, payload] of queue) {
        if (failed) return;
        try {
          results[position] = await connection.call(name, payload);
        } catch (error) {
          failed = true;
          throw error;
        }
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
