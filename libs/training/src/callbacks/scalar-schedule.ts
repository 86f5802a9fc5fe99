import { UserError } from '@hep/options';
import type { Callback, EpochContext, EpochDecision, Logs } from './callback.ts';

const interpolations = ['constant', 'linear', 'log'] as const;

/** A value at an epoch, and how it goes on from there to the next point. */
export interface SchedulePoint {
  /** Finished epochs. */
  readonly epoch: number;
  readonly value: number;
  readonly towardsNext: (typeof interpolations)[number];
}

/** Sets a scalar input of the step from the number of finished epochs, and reports it. */
export class ScalarSchedule implements Callback {
  readonly name: string;

  constructor(
    private readonly scalar: string,
    private readonly points: readonly SchedulePoint[],
  ) {
    this.name = `${scalar}-schedule`;
  }

  onEpochEnd(_: Logs, { epoch, scalars }: EpochContext): EpochDecision {
    const { scalar, points } = this;
    return { scalars: { [scalar]: scheduledValue(points, epoch) }, logs: { [scalar]: scalars[scalar] } };
  }
}

/** Value of a schedule after some epochs; constant before the first and after the last point. */
export function scheduledValue(points: readonly SchedulePoint[], epoch: number): number {
  const next = points.findIndex((point) => point.epoch > epoch);
  if (next <= 0) return (next === 0 ? points[0] : points[points.length - 1]).value;
  const [from, to] = [points[next - 1], points[next]];
  const progress = (epoch - from.epoch) / (to.epoch - from.epoch);
  switch (from.towardsNext) {
    case 'constant':
      return from.value;
    case 'linear':
      return from.value + (to.value - from.value) * progress;
    case 'log':
      return from.value * (to.value / from.value) ** progress;
  }
}

/**
 * Reads `1e-5`, or points `EPOCH:VALUE[:constant|linear|log]` such as `0:1e-6:log,40:1e-4`; linear unless said.
 * @param what begins the message of an error, such as `option --beta`
 * @throws UserError when the text is no schedule, its values are negative, or 0 at an end of a `log` stretch
 */
export function parseSchedule(text: string, what: string): SchedulePoint[] {
  const isNumber = !text.includes(':');
  const points = (isNumber ? [`0:${text}:constant`] : text.split(',')).map((point) =>
    parsePoint(point, what),
  );
  points.forEach(({ epoch, value, towardsNext }, index) => {
    const next = points[index + 1];
    if (next === undefined) return;
    if (next.epoch <= epoch) {
      throw new UserError(
        `${what}: epoch ${next.epoch} comes after ${epoch}, expected them in ascending order`,
      );
    }
    if (towardsNext === 'log' && (value === 0 || next.value === 0)) {
      throw new UserError(`${what}: a log stretch cannot begin or end with 0; use linear, or a small number`);
    }
  });
  return points;
}

function parsePoint(text: string, what: string): SchedulePoint {
  const [epoch, value, towardsNext = 'linear', ...rest] = text.split(':').map((part) => part.trim());
  const known = interpolations.find((kind) => kind === towardsNext);
  const isCount = /^\d+$/.test(epoch);
  if (!isCount || !(isDecimal(value) && Number(value) >= 0) || known === undefined || rest.length > 0) {
    throw new UserError(
      `${what}: "${text}" is no point of a schedule; ` +
        'expected a number of at least 0, or EPOCH:VALUE[:constant|linear|log] separated by commas',
    );
  }
  return { epoch: Number(epoch), value: Number(value), towardsNext: known };
}

function isDecimal(text: string | undefined): boolean {
  return text !== undefined && text !== '' && Number.isFinite(Number(text));
}
