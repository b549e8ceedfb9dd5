/** The limits of running rules in one place: each bounds a loop, a wait or a memory. */

/** How many reactions may follow from each other: an event that came about by so many is reacted to no more. Breaks loops. */
export const RULE_DEPTH_MAX = 5;
/** Events caused by rules whose depth is remembered; a chain goes on within moments, so older ones do not matter. */
export const DEPTHS_REMEMBERED_MAX = 100_000;
/** What was recorded later than this after it happened, or longer ago than this, is history, not news: remembered, but not acted upon. */
export const NEWS_DAYS_MAX = 7;
/** What has come due by time alone is looked for this often. */
export const DUE_EVERY_MS = 60_000;
/** And so soon after something was learned. */
export const DUE_LOOK_MS = 1_000;
/** Commands under way at the same time. */
export const SENDS_AT_ONCE = 16;
/** What the rules remember is stored after so many events, so that a start need not read the whole log. */
export const SNAPSHOT_EVENTS = 20_000;
export const SNAPSHOT_CHARACTERS_MAX = 64_000_000;
export const ACTIONS_PAGE_MAX = 500;
export const LAST_ACTIONS = 5;
/** What a dry run lists; it counts all. */
export const DRY_RUN_ACTIONS_MAX = 200;
export const DRY_RUN_MS_MAX = 60_000;
export const DRY_RUNS_AT_ONCE = 2;
