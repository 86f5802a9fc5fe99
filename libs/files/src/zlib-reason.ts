/**
 * Why zlib refused data, in words for a user.
 * @param bytes that were allowed to come out
 */
export function zlibReason(error: unknown, bytes: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_BUFFER_TOO_LARGE' ? `more than the ${bytes} bytes announced` : message;
}
