// Whether a person sees the word about backups on the home page. See chrome.mjs; besides: "login", "expect": "shown" waits
// for it, anything else looks once the page has heard how the server is. Says the notice's text in Vietnamese, or null.
import { leave, logIn, order, said, shot, visitor, walk } from './chrome.mjs';

const HEARD_MS = { shown: 30000, hidden: 30000 };

await walk(async function notice() {
  const page = await visitor();
  const told = page.waitForResponse((response) => response.url().endsWith('/healthz'), { timeout: HEARD_MS[order.expect] ?? 3000 }).catch(() => null);
  await logIn(page, order.login, order.accounts[order.login]);
  await page.getByTestId('server-clock').waitFor();
  await page.getByTestId('attention').waitFor();
  await told;
  const word = page.getByTestId('backup-notice');
  if (order.expect === 'shown') await word.waitFor();
  await shot(page, `backup-${order.login}`);
  said.saw.notice = (await word.count()) > 0 ? await word.innerText() : null;
  await leave(page);
});
