/** What is wrong with bytes of a Parquet file; whoever knows file, column and rows makes it a `UserError`. */
export class Damage extends Error {
  override readonly name = 'Damage';

  /** @param row of the row group, where one alone is concerned */
  constructor(
    message: string,
    readonly row?: number,
  ) {
    super(message);
  }
}
