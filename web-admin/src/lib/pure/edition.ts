// Which panel a page belongs to.

const MARK = 'loa.webmanifest' /* every edition's page names it (tools/home-screen.ts) */

/** Whether `page` is the panel's and names other code than `own`. A network that wants somebody to log in first answers with
 *  a page as well. */
export const isNewer = (page: string, own: string): boolean => page.includes(MARK) && !page.includes(own)
