/** Levenshtein distance: least number of insertions, deletions and substitutions that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}

/**
 * The candidate that a typing mistake most likely meant: it starts with `name`, or is at most a third of the
 * name's length (at least 2 edits) away, ignoring case. Undefined when none is near; ties go to the first.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const ranked = candidates
    .map((candidate) => {
      const text = candidate.toLowerCase();
      const isPrefix = wanted.length >= 3 && text.startsWith(wanted);
      return { candidate, distance: isPrefix ? 0.5 : editDistance(wanted, text) };
    })
    .filter(({ distance, candidate }) => distance <= limit && distance < candidate.length)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** `; did you mean X?` with the nearest candidate, or an empty string. `show` turns the name into what is typed. */
export function suggestion(
  name: string,
  candidates: readonly string[],
  show: (candidate: string) => string = (candidate) => candidate,
): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : `; did you mean ${show(nearest)}?`;
}

/** `NAME (did you mean X?)` with the nearest candidate, or the name alone: for lists of unknown names. */
export function withSuggestion(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? name : `${name} (did you mean ${nearest}?)`;
}
