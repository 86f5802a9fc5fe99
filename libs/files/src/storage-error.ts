import { UserError } from '@hep/options/user-error';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk; free some space or choose another place',
  EDQUOT: 'disk quota exceeded; free some space or choose another place',
  EFBIG: 'the file would exceed the size limit; raise the limit or choose another place',
  EACCES: 'permission denied; choose a place that you may write to',
  EPERM: 'permission denied; choose a place that you may write to',
  EROFS: 'the file system is read-only; choose another place',
  ENOTDIR: 'a part of the path is a file, not a directory; choose another name',
  EEXIST: 'a file of that name is in the way; choose another name',
  EISDIR: 'a directory of that name is in the way; choose another name',
  ENOENT: 'the directory does not exist or was removed; create it or choose another place',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
};

/**
 * The error of a failed write in the user's words.
 * @returns a `UserError` that names `path` when the cause lies outside of the program (full disk, missing rights, a
 * file in the way), with the original error as `cause`; otherwise the error itself
 */
export function storageError(error: unknown, path: string): unknown {
  const reason = reasons[systemCode(error) ?? ''];
  return reason === undefined
    ? error
    : new UserError(`${path}: cannot be written, ${reason}`, { cause: error });
}

/** Whether an error, or its cause, says that the disk or the quota is full. */
export function isDiskFull(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? systemCode(cause) ?? '');
}

function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
