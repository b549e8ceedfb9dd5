import { Command } from '../../kernel/command.js';
import { IsId, IsSha256, IsText } from '../../kernel/fields.js';

const MEMBERS = ['coordinator', 'executive', 'manager', 'admin'] as const;

@Command({ path: 'POST /calendar-feeds', roles: MEMBERS, creates: true, summary: 'Open a secret link to a member’s meetings, for a secret that only the caller knows; POST /calendar-links makes up the secret itself' })
export class OpenCalendarFeed {
  declare readonly type: 'OpenCalendarFeed';
  @IsId() feedId!: string;
  @IsId({ description: 'The member whose meetings it shows' }) memberId!: string;
  @IsSha256({ description: 'Of the secret in the link, which has 43 characters of base64url' }) tokenHash!: string;
}

@Command({ path: 'POST /calendar-feeds/:feedId/revoke', roles: MEMBERS, summary: 'Close a secret link for good' })
export class RevokeCalendarFeed {
  declare readonly type: 'RevokeCalendarFeed';
  @IsId() feedId!: string;
  @IsText({ optional: true }) reason?: string;
}

export type CalendarFeedCommand = OpenCalendarFeed | RevokeCalendarFeed;
