/** `0.4 s`, `12 s`, `3:05`, `2:03:04`; `?` when unknown. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `950 rows/s`, `12.3k rows/s`, `1.2M rows/s`. */
export function rowRate(rowsPerSecond: number): string {
  if (!Number.isFinite(rowsPerSecond)) return '? rows/s';
  if (rowsPerSecond < 1e3) return `${rowsPerSecond.toFixed(0)} rows/s`;
  if (rowsPerSecond < 1e6) return `${(rowsPerSecond / 1e3).toFixed(1)}k rows/s`;
  return `${(rowsPerSecond / 1e6).toFixed(1)}M rows/s`;
}

/** Five significant digits at most, without trailing zeros. */
export function significant(value: number): string {
  return String(Number(value.toPrecision(5)));
}
