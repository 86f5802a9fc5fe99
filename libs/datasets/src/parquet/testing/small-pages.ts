import { gunzipSync } from 'node:zlib';
import type { Column } from '../../columns/column.ts';

/**
 * A file of pyarrow 21 with two row groups (20 and 10 rows) of very small pages: `code` int32 and `text` with dictionaries,
 * `gaps` float64 with nulls, `lists` of float32 with nulls, missing and empty lists, and one list over several pages.
 */
export function smallPages(): Buffer {
  const packed = [
    'H4sIAO5dCmsC/+2WfUwTZxzHf72eRyln6dvzrKcVi8GzalFBMAzZVtQZ1NuGqMy3mLb0RRwKKx3oNBuSaHSisYKocctwk73i',
    'MifJfGGOuKgZnGYSJY4t0xDGjDPGZJtmhrg9R4sRQXpd4pLFXfpHc3k+z+/7+z6/PPfNzc5LQTQyoUwBMQj0AKO3qaD3URY4',
    'yEO7eAsDr2vKRrHkHQKkR5k2QmjJcsYM/da7yHqn2+2lYFH9mOzY0Hojyhp6vcvrAvjq7J0f1HKBbjdAWYIyQzbgdQJMdxza',
    'rv5fklxJNLqlQBsElDBgKOzM6BuJv8dbz12FAxl1afE1uKJtTO5Sdu48eyFnTY6pR3WN+pr8MoBV0749uVbW1HjdbtKedfxT',
    'dOw/bC9iAZeLgdYzi98NF8Do2aELeNudDoDE3cdXxsms4HUpoXTxrZvhCqZILTjXxLTB3V+LOFZmAWcnDb4FsF52gZ+GHVRs',
    'bk0eKb+AAq59uCpOdoE34g4q3um58wIbGpk0JAhIPeg10pnEW4J7VS6+cu+cORC8u+nEiH/pPol80vlectLmtu6COLlEt4MQ',
    'o9bfe1k24XURovVe4dK4J1sVja4pULNCQJkPjcnwbxL1djtsvvAXfNoxoXXh9CLdrGwt7Yw/csSnHdWcWDXV5NM+f2X/urwL',
    'c0eWn+y5XN7WHDT4Ji3nTPvW3uo6vT9++57U7kbbksPemb+8WflH2bFASKEFzRpSoYPZJTaxVQILV3M7zmtlQV4XtcsmCuLb',
    'LPgsdT+HoTFodmRIFFtYFr6bvy1WF6LMQzvodTPBIlaEyXvGndNEVecDUke/w6LTyfPBTXzYwIrCDXim0Xgp3FJSJIgKijZx',
    'akUajN368TJ9NNAJAu28uWu+vk/ejEg2iKxNyAJN/sbW++pkGGETizemwabRL13RR2G4DaqomQvChvORRog01CD2kKCknqd+',
    'xdAHDS3OLYlrEDcSSrw47rpB/in9yDYIp6Cy+n2ltq8je8QRr2IboH5iw0WNPHWukLpldhaOHvOXGaKirhAq+EX2QkMUhjfA',
    'iNRZSfLUhQ3Hop2BP3O+bL6vLkeO44skrOnQW11RWp4Khh3mam3oFjOhtEESs6sCZpPz3P1c3uQnNi7TqATlC0gzIAaAAsVM',
    'OV3H1F860MjUtFe2deQuPauAO01fT8x4QlPioyITWZoj0Hq2yoINO3PmUinVYOdqg48tMnUXABzeMqNcfmRyk7b9jMvxGMNJ',
    'rRROlOzynHBwyEErBNL7w2Ol8nsdWxSdiy0vKjsDls+oTt63mbF4915jYcYB6/dJ8lNAVm8KyF13/Lf/RgqI/FEKhYBLeGWF',
    'LoqvrJQBlPvMS7TRBCibYIanR7ScCd2P3IZ0MDGlBSs9q51IBYgaS5nogmK3B5Ba+utzlpQCYqW/Ac/awFgQpJ3TKdOwosLS',
    'QCmiEEM+9eQNbaKlN4gCpCKrYzxFntWeNQHAWZyNE3gwI4pLB0bLhbZHNLbi2zT+SMWv4FXjJd0gsUDkGyFrPMPxYCX7SqC6',
    'D5TE9ILtDO5W8S2x/OeDo+qEMMr2oZL4XvS9YbhFxd/T8bW6ASjmuQfrqkJwRqjV3vb62iJbLcTXh+MqA988kr/K9d9qAlHB',
    'W23cbFrNZpLN8OUEbOVVuMsGg1thxBcpfJTmm5L5G7b+e6nDZhgfYYYRf6LEl2m+NpU/mDIoymgeYYYR36ZwO813TeN70geg',
    'GHMP1h3aDDM+T+MOhhen822Z/bfSSGYYVcQMmpKCHT41HBtJm7jZCFZLidP/6mueQHJBSUmy0+8vLreUefylhcVrLKkpk6ZM',
    'msJJ83b/B4cpgNzsvJS/ASKh9XkPEwAA',
  ];
  return gunzipSync(Buffer.from(packed.join(''), 'base64'));
}

/** What its rows hold. */
export function smallPagesRow(row: number): Readonly<Record<string, unknown>> {
  const length = row === 5 ? 9 : row % 4;
  const list = Array.from({ length }, (_, i) => (i === 2 ? NaN : 10 * row + i));
  return {
    code: (7 * row) % 3,
    gaps: row % 4 === 1 ? NaN : row / 2,
    text: 'ab'[row % 2].repeat(row % 3),
    lists: row % 7 === 6 ? [] : list,
  };
}

/** What a row of a column holds. */
export function valueAt(column: Column, row: number): unknown {
  if (column.kind !== 'jagged') return column.values[row];
  const [first, end] = [column.offsets[row], column.offsets[row + 1]];
  return Array.from({ length: end - first }, (_, i) => valueAt(column.content, first + i));
}
