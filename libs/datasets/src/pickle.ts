export { openPickleFile } from './pickle/pickle-file.ts';
