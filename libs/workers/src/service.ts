/** The worker's side: answers named requests. The types here describe both sides. */
import { parentPort } from 'node:worker_threads';
import type { MessagePort, TransferListItem } from 'node:worker_threads';

/** A service is an interface of one-argument functions: `interface Emd { solve(pairs: Pairs): Float64Array }`. */
export type Operation<Service> = keyof Service & string;
/** The argument of an operation. */
export type Payload<Service, Name extends keyof Service> = Service[Name] extends (payload: infer P) => unknown
  ? P
  : never;
/** What an operation gives, without the promise around it. */
export type Result<Service, Name extends keyof Service> = Service[Name] extends (
  ...payload: never[]
) => infer R
  ? Awaited<R>
  : never;

/** A result whose buffers move to the caller instead of being copied. */
export class Transferred<T> {
  constructor(
    readonly value: T,
    readonly transfer: readonly TransferListItem[],
  ) {}
}

/** The functions of a service as its worker implements them: plain or async, optionally transferring. */
export type Handlers<Service> = {
  readonly [Name in keyof Service]: (
    payload: Payload<Service, Name>,
  ) =>
    | Result<Service, Name>
    | Transferred<Result<Service, Name>>
    | Promise<Result<Service, Name> | Transferred<Result<Service, Name>>>;
};

/** A call on its way to the worker. */
export interface Request {
  readonly id: number;
  readonly name: string;
  readonly payload: unknown;
}

/** The answer. Errors travel as data: class identity does not survive a thread boundary. */
export type Response =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: { name: string; message: string; stack?: string };
    };

/**
 * Answers requests in this worker thread until the main thread closes it. Async handlers may overlap.
 * @throws Error when called in the main thread without a port
 */
export function serve<Service>(handlers: Handlers<Service>, port: MessagePort | null = parentPort): void {
  if (port === null) throw new Error('serve() runs in a worker thread; start this module with startWorker()');
  const table = new Map<string, (payload: never) => unknown>(Object.entries(handlers));
  port.on('message', async ({ id, name, payload }: Request) => {
    try {
      const handler = table.get(name);
      if (handler === undefined) throw new Error(`worker has no operation "${name}"`);
      const answer = await handler(payload as never);
      const { value, transfer } = answer instanceof Transferred ? answer : new Transferred(answer, []);
      port.postMessage({ id, ok: true, result: value } satisfies Response, transfer);
    } catch (thrown) {
      const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
      port.postMessage({ id, ok: false, error: { name, message, stack } } satisfies Response);
    }
  });
}
