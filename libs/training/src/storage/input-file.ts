import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UserError } from '@hep/options';

/** An input file of a run, identified by its content. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Size and checksum of input files, read as streams.
 * @throws UserError when a file cannot be read
 */
export async function describeInputs(paths: readonly string[]): Promise<InputFile[]> {
  const inputs: InputFile[] = [];
  for (const path of paths) inputs.push(await describeInput(path));
  return inputs;
}

/**
 * Checks that the inputs of a resumed run are those it began with; files may have moved, their order counts.
 * @throws UserError that names the first file that differs
 */
export function requireSameInputs(recorded: readonly InputFile[], now: readonly InputFile[]): void {
  if (recorded.length !== now.length) {
    throw new UserError(
      `the run began with ${recorded.length} input files, now there are ${now.length}; resume with the same files`,
    );
  }
  now.forEach((input, index) => {
    if (input.sha256 === recorded[index].sha256) return;
    throw new UserError(
      `${input.path}: content differs from ${recorded[index].path} that the run began with ` +
        `(sha256 ${input.sha256.slice(0, 12)} instead of ${recorded[index].sha256.slice(0, 12)}); ` +
        `resume with the same file or start a new run`,
    );
  });
}

async function describeInput(path: string): Promise<InputFile> {
  const hash = createHash('sha256');
  const unreadable = ({ message }: Error) => {
    throw new UserError(`${path}: cannot be read, ${message}; check the name and your rights`);
  };
  const found = await stat(path).catch(unreadable);
  await pipeline(createReadStream(path), hash).catch(unreadable);
  return { path, bytes: found.size, sha256: hash.digest('hex') };
}
