const GRACE_MILLISECONDS = 20_000;

/** Ends a test process that something still keeps open a while after its last test, so that it fails and does not wait. */
export default function endOfTests() {
  setTimeout(() => {
    process.stderr.write(`still open after the last test: ${process.getActiveResourcesInfo().join(', ')}\n`);
    process.exit(1);
  }, GRACE_MILLISECONDS).unref();
}
