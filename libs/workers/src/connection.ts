/** The main thread's side: typed calls to a worker that runs `serve`. */
import type { TransferListItem, Worker } from 'node:worker_threads';
import type { Operation, Payload, Request, Response, Result } from './service.ts';

/** Typed calls to one worker. */
export interface Connection<Service> {
  /**
   * Calls an operation. Rejects with an error of the same name and message as thrown in the worker (its stack
   * included), or when the worker stops before it answers.
   */
  call<Name extends Operation<Service>>(
    name: Name,
    payload: Payload<Service, Name>,
    transfer?: readonly TransferListItem[],
  ): Promise<Result<Service, Name>>;
  /** Stops the worker; calls that are still open reject. */
  close(): Promise<void>;
}

interface OpenCall {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Connects to a worker started with `startWorker`. The worker must not answer anybody else. */
export function connect<Service>(worker: Worker): Connection<Service> {
  const open = new Map<number, OpenCall>();
  let nextId = 0;
  let failure: Error | undefined;

  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of open.values()) reject(failure);
    open.clear();
  };
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('messageerror', fail);
  worker.on('exit', (code) => fail(new Error(`worker stopped with exit code ${code} before it answered`)));
  worker.on('message', (response: Response) => {
    const waiting = open.get(response.id);
    open.delete(response.id);
    if (response.ok) waiting?.resolve(response.result);
    else waiting?.reject(Object.assign(new Error(response.error.message), response.error));
  });

  return {
    call<Name extends Operation<Service>>(
      name: Name,
      payload: Payload<Service, Name>,
      transfer: readonly TransferListItem[] = [],
    ): Promise<Result<Service, Name>> {
      if (failure !== undefined) return Promise.reject(failure);
      return new Promise<unknown>((resolve, reject) => {
        const id = nextId++;
        worker.postMessage({ id, name, payload } satisfies Request, transfer);
        open.set(id, { resolve, reject });
      }) as Promise<Result<Service, Name>>;
    },
    async close() {
      fail(new Error('worker was closed'));
      await worker.terminate();
    },
  };
}
