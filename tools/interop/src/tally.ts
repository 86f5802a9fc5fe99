/** Counts checks and prints a line for each: `ok NAME` or `FAIL NAME reason`. */
export class Tally {
  passed = 0;
  failed = 0;

  ok(name: string): void {
    this.take(`ok ${name}`);
  }

  fail(name: string, reason: string): void {
    this.take(`FAIL ${name} ${reason.replace(/\s+/g, ' ').trim()}`);
  }

  /** Counts a line as the Python checks print them; ignores any other. */
  take(line: string): void {
    if (line.startsWith('ok ')) this.passed += 1;
    else if (line.startsWith('FAIL ')) this.failed += 1;
    else return;
    console.log(line);
  }

  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}
