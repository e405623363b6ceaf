// One browser for all walks of a test run: says its address, and ends when its standard input does.
import { serve } from './chrome.mjs';

const server = await serve();
console.log(server.wsEndpoint());
process.stdin.resume();
process.stdin.on('end', () => void server.close().then(() => process.exit(0)));
