/** Names of variables as axes show them. */

const UNITS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['m', 'pt', 'LeadingClusterPt', 'NegativeE'].map((name) => [name, 'MeV'])),
  ...Object.fromEntries(['pT', 'E'].map((name) => [name, 'GeV'])),
  ...Object.fromEntries(['phi', 'ActiveArea4vec_phi'].map((name) => [name, 'rad'])),
  Timing: 'ns',
};

/** `pt [MeV]`; numbers without a unit, such as eta, by their name alone. */
export function withUnit(name: string, what = name): string {
  return UNITS[name] === undefined ? what : `${what} [${UNITS[name]}]`;
}
