/** Column names of older files in today's spelling. */
import { UserError } from '@hep/options';

/** Columns that older files have and nothing uses. */
const DROPPED = /^(track_sign|clus_sign|track_vertex_[xyz].*)$/;

/** Today's name of a column: `jet_pT` -> `jet_pt`, `track_pT_3` -> `track_pt_3`, `nn_MSeg_t0_1` -> `MSeg_t0_1`. */
export function currentName(name: string): string {
  const spelled = name.replace(/_pT(?=_|$)/g, '_pt');
  const prefix = ['nn_', 'aux_'].find((start) => spelled.startsWith(start));
  return prefix === undefined ? spelled : currentName(spelled.replaceAll(prefix, ''));
}

/**
 * Names in the file by today's names, without the columns that nothing uses.
 * @throws UserError when two columns of a file get one name
 */
export function currentNames(path: string, names: Iterable<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    if (DROPPED.test(name)) continue;
    const current = currentName(name);
    const other = found.get(current);
    if (other !== undefined) {
      throw new UserError(`${path}: columns ${other} and ${name} both mean ${current}; remove one of them`);
    }
    found.set(current, name);
  }
  return found;
}
