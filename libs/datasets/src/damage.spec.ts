import { UserError } from '@hep/options/user-error';
import { atPlace, Damage, Unsupported } from './damage.ts';

async function told(error: Error): Promise<string> {
  const found: unknown = await atPlace('a.root', () => {
    throw error;
  }).catch((reason: unknown) => reason);
  return found instanceof UserError ? found.message : `no UserError: ${String(found)}`;
}

describe('damage at a place', () => {
  it('is one printable line, whatever names a damaged file holds', async () => {
    expect(await told(new Damage('a \n\u0000\ufffd\u001b[31mbranch'))).toBe('a.root: a ?[31mbranch');
    expect((await told(new Unsupported('x'.repeat(10_000)))).length).toBeLessThan(2010);
  });

  it('is a size that no memory holds, too, but no other mistake', async () => {
    const size = atPlace('a.root', () => new Float64Array(2 ** 53));
    await expect(size).rejects.toThrow(
      'a.root: does not fit into memory, read fewer rows or columns at a time',
    );
    expect(await told(new TypeError('a mistake of ours'))).toContain('no UserError');
  });

  it('names the row where that is known', async () => {
    const place = (row: number | undefined) => `row ${row}`;
    await expect(
      atPlace(place, () => {
        throw new Damage('odd', 7);
      }),
    ).rejects.toThrow('row 7: odd');
  });
});
